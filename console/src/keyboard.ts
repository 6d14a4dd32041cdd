import { useEffect } from 'react';

/** The pages, in the order of the menu. `key`: follows `g`. */
export const pages = [
  { key: 'o', title: 'Overview', href: '/' },
  { key: 'c', title: 'Calls', href: '/calls' },
  { key: 'b', title: 'Objects', href: '/objects' },
  { key: 't', title: 'Try it', href: '/try' },
  { key: 'i', title: 'Instance', href: '/instance' },
  { key: 'u', title: 'Users', href: '/users' },
  { key: 's', title: 'Settings', href: '/settings' },
  { key: 'n', title: 'Snapshots', href: '/snapshots' },
  { key: 'x', title: 'Chaos', href: '/chaos' },
] as const;

/** Time in milliseconds for the second key after `g`. */
const SEQUENCE = 1500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Moves the focus to the next or previous row of the page's lists. */
function moveRow(step: 1 | -1): void {
  const links = Array.from(document.querySelectorAll<HTMLElement>('[data-row-link]'));
  const current = links.findIndex((link) => link.closest('tr, li')?.contains(document.activeElement));
  const next = current === -1 ? (step === 1 ? 0 : links.length - 1) : current + step;
  links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
}

/** Listens to the keys of the whole page, and to clicks on rows of tables. */
export function useKeyboard(go: (href: string) => void, showHelp: () => void): void {
  useEffect(() => {
    let pressedG = 0;
    function onKey(event: KeyboardEvent): void {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (key === 'Escape') {
        if (isTyping(target)) (target as HTMLElement).blur();
        else document.querySelector<HTMLElement>('[data-up]')?.click();
        return;
      }
      if (isTyping(target)) return;
      const page = pages.find((one) => one.key === key);
      if (page && performance.now() - pressedG < SEQUENCE) {
        pressedG = 0;
        go(page.href);
        return;
      }
      if (key === 'g') pressedG = performance.now();
      else if (key === '?') showHelp();
      else if (key === 'j') moveRow(1);
      else if (key === 'k') moveRow(-1);
      else if (key === '/') {
        const search = document.querySelector<HTMLElement>('[data-search]');
        if (!search) return;
        event.preventDefault();
        search.focus();
      }
    }
    function onClick({ target }: MouseEvent): void {
      if (!(target instanceof Element) || !getSelection()?.isCollapsed) return;
      if (target.closest('a, button, input, select, textarea, summary, label')) return;
      target.closest('tr[data-row]')?.querySelector<HTMLElement>('[data-row-link]')?.click();
    }
    document.addEventListener('keydown', onKey);
    document.addEventListener('click', onClick);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onClick);
    };
  }, [go, showHelp]);
}
