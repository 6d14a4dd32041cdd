import { pages } from './keyboard.ts';
import { Dialog } from './ui/dialog.tsx';

const others = [
  ['?', 'show these keys'],
  ['/', 'filter the list'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'leave a field or dialog; go up a level'],
] as const;

/** The dialog of keys. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys-table">
        {others.map(([keys, does]) => (
          <Key key={keys} keys={keys.split('  ')} does={does} />
        ))}
        {pages.map(({ key, title }) => (
          <Key key={key} keys={['g', key]} does={title} />
        ))}
      </dl>
    </Dialog>
  );
}

function Key({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <>
      <dt>
        {keys.map((key) => (
          <span key={key}>
            <kbd>{key}</kbd>{' '}
          </span>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  );
}
