import { useState } from 'react';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const STORED = 'mktows-theme';

function stored(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(STORED)) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Storage is blocked: the choice holds until the page is loaded again.
  }
}

/** Switches between light, dark and the system's setting. The choice is kept in the browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(stored);
  return (
    <fieldset className="segments" aria-label="Theme">
      {themes.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === theme}
          onClick={() => {
            apply(one);
            setTheme(one);
          }}
        >
          {one}
        </button>
      ))}
    </fieldset>
  );
}
