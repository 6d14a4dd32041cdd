import type { ReactNode } from 'react';

/** Characters that cannot be seen, or that change how others are shown: controls, zero width, direction marks. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const escapeOf = (character: string) =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** Returns a text with invisible characters as marked escapes. */
function withEscapes(text: string): ReactNode {
  if (!INVISIBLE.test(text)) return text;
  const parts = text.split(new RegExp(`(${INVISIBLE.source})`, 'u'));
  return parts.map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity but their place
      <span key={place} className="escape" title="an invisible character">
        {escapeOf(part)}
      </span>
    ),
  );
}

/** Texts of up to so many characters are not broken in tables. */
const SHORT = 24;

/** Text from outside: of one direction, with invisible characters shown, cut at `most` characters. */
export function Text({ value, most = 300 }: { readonly value: string; readonly most?: number }) {
  if (value.length <= most) {
    return <bdi className={value.length <= SHORT ? 'value short' : 'value'}>{withEscapes(value)}</bdi>;
  }
  return (
    <bdi className="value">
      {withEscapes(value.slice(0, most))}
      <span className="muted"> … {value.length.toLocaleString('en')} characters</span>
    </bdi>
  );
}

/** Returns a stored value as text. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** A stored value; null and undefined are shown as no value. */
export function Value({ value, most }: { readonly value: unknown; readonly most?: number }) {
  if (value === null || value === undefined) return <span className="muted">no value</span>;
  return <Text value={textOf(value)} {...(most === undefined ? {} : { most })} />;
}
