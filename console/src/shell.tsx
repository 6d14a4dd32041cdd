import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Help } from './help.tsx';
import { logOut } from './http.ts';
import { pages, useKeyboard } from './keyboard.ts';
import { ThemeSwitch } from './theme.tsx';

const isCurrent = (href: string, location: string) =>
  href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);

/** The frame around all pages: menu, theme, keys. */
export function Shell({
  onLoggedOut,
  children,
}: {
  readonly onLoggedOut: () => void;
  readonly children: ReactNode;
}) {
  const [location, go] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const [isHelp, setHelp] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  const main = useRef<HTMLElement>(null);
  useKeyboard(go, showHelp);
  // With the page, and not after it: a key that is pressed in between would lose its row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new page closes the menu and moves the focus
  useLayoutEffect(() => {
    setOpen(false);
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [location]);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <header className={isOpen ? 'side open' : 'side'}>
        <div className="side-top">
          <Link href="/" className="brand">
            <img src="/console/icon.svg" alt="" />
            mktows
          </Link>
          <button
            type="button"
            className="menu-button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            Menu
          </button>
        </div>
        <nav aria-label="Pages">
          <ul className="nav">
            {pages.map(({ key, title, href }) => (
              <li key={href}>
                <Link href={href} aria-current={isCurrent(href, location) ? 'page' : undefined}>
                  {title}
                  <span className="keys" aria-hidden="true">
                    g {key}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-foot">
          <ThemeSwitch />
          <div className="row">
            <button type="button" className="plain" onClick={showHelp}>
              Keys
            </button>
            <a href="/api/v1/" className="small">
              API
            </a>
            <button type="button" className="plain" onClick={() => void logOut().finally(onLoggedOut)}>
              Log out
            </button>
          </div>
        </div>
      </header>
      <main className="main" id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}
