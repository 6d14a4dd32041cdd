import { isOrdinary, type UtcTime } from '../../rules/utc-time.ts';

/** A column value as sent. */
export type Cell = string | number | boolean | null;

/** A row as read, with every cell in PostgreSQL's text form. */
export type Row = readonly (string | null)[];

/**
 * Encodes U+0000, which PostgreSQL cannot store: U+0000 becomes U+0001 "0", and U+0001 becomes U+0001 "1". The
 * encoding is reversible and preserves the order by code point.
 */
export const packText = (text: string): string =>
  needsPacking.test(text)
    ? text.replaceAll(packed, (character) => (character === '\0' ? '\u00010' : '\u00011'))
    : text;

export const unpackText = (text: string): string =>
  text.includes('\u0001') ? text.replaceAll(unpacked, (_, which) => (which === '0' ? '\0' : '\u0001')) : text;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these two characters are what it is about.
const packed = /[\0\u0001]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these two characters are what it is about.
const needsPacking = /[\0\u0001]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these two characters are what it is about.
const unpacked = /\u0001([01])/g;

/**
 * Serializes a value as JSON that PostgreSQL can store, including the names in it. Unpaired surrogates become U+FFFD,
 * as in plain texts.
 */
export function packJson(value: unknown): string {
  const written = JSON.stringify(value);
  // JSON escapes only unpaired surrogates this way, after an even number of backslashes.
  const json = written.includes('\\ud')
    ? written.replaceAll(/\\(?:u(d[89a-f])[0-9a-f]{2}|.)/g, (found, half) =>
        half === undefined ? found : '\ufffd',
      )
    : written;
  // JSON always escapes U+0000 and U+0001, after an even number of backslashes.
  return json.includes('\\u000')
    ? json.replaceAll(/\\(?:u000([01])|.)/g, (found, which) =>
        which === undefined ? found : `\\u0001${which}`,
      )
    : json;
}

/** Parses JSON from the database. */
export function unpackJson<Value>(json: string): Value {
  return JSON.parse(
    json.includes('\\u0001')
      ? json.replaceAll(/\\(?:u0001([01])|.)/g, (found, which) =>
          which === undefined ? found : `\\u000${which}`,
        )
      : json,
  ) as Value;
}

/**
 * Quotes a string as a literal, valid under either setting of standard_conforming_strings. Same result as the
 * driver's `escapeLiteral`, which is slower on long texts; the rows of a call are one literal.
 */
export function quoteLiteral(value: string): string {
  const quoted = value.replaceAll("'", "''");
  return value.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** Quotes a text. */
export const text = (value: string): string => quoteLiteral(packText(value));

/** Quotes a value as JSON. */
export const json = (value: unknown): string => quoteLiteral(packJson(value));

/** Quotes bytes. */
export const bytes = (value: Uint8Array): string => `'\\x${Buffer.from(value).toString('hex')}'`;

/** Formats ids as an array literal. Throws if one is not an integer. */
export function idArray(ids: Iterable<number>): string {
  return `'{${Array.from(ids, wholeNumber).join(',')}}'::bigint[]`;
}

/** Formats an integer literal. */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer`);
  return String(value);
}

/** Formats a time for PostgreSQL. */
export function timestamp(utc: UtcTime): string {
  if (isOrdinary(utc)) return utc;
  const years =
    utc < '0001'
      ? { from: '0000', to: '0001', era: ' BC' }
      : { from: '9999-12-31', to: '10000-01-01', era: '' };
  const hour = String(Number(utc.slice(11, 13)) % 24).padStart(2, '0');
  return `${utc.slice(0, 10).replace(years.from, years.to)} ${hour}${utc.slice(13, 23)}+00${years.era}`;
}

/** Selects a timestamptz column as a `UtcTime`. */
export const isoTime = (column: string): string => {
  const utc = `(${column} AT TIME ZONE 'UTC')`;
  const plain = `to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return (
    `CASE WHEN ${column} >= '10000-01-01 00:00:00+00' ` +
    `THEN '9999-12-31T' || (24 + extract(hour FROM ${utc})) || to_char(${utc}, ':MI:SS.MS"Z"') ` +
    `WHEN ${column} < '0001-01-01 00:00:00+00' THEN '0000' || substr(${plain}, 5) ELSE ${plain} END`
  );
};
