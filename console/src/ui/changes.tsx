import type { Change } from '../api.ts';
import { Value } from './text.tsx';

const CUT_AT = 160;

/** Before and after of each changed field. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <ul className="changes">
      {changes.map(({ name, before, after, cut }) => (
        <li key={name} className="change">
          <code>{name}</code>{' '}
          {before !== null && before !== undefined && (
            <>
              <del className="before">
                <Value value={before} most={CUT_AT} />
              </del>{' '}
              <span aria-hidden="true">→</span>{' '}
            </>
          )}
          <ins className="after">
            <Value value={after} most={CUT_AT} />
          </ins>
          {cut && <span className="muted"> (cut)</span>}
        </li>
      ))}
    </ul>
  );
}
