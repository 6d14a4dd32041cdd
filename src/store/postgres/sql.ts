import { isOrdinary, type UtcTime } from '../../rules/utc-time.ts';

/** What a column holds, as it is sent. */
export type Cell = string | number | boolean | null;

/** A row as it is read: every cell in PostgreSQL's text form. */
export type Row = readonly (string | null)[];

/**
 * PostgreSQL's texts hold every character but U+0000. It is kept as U+0001 and "0", and U+0001 as U+0001 and "1":
 * every text comes back as it was, and the order by code point stays.
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
 * A value as JSON whose texts, names included, PostgreSQL can hold. Half of a surrogate pair is no character: it
 * becomes U+FFFD, as in a text that is sent as it is.
 */
export function packJson(value: unknown): string {
  const written = JSON.stringify(value);
  // Only halves stand in JSON as such escapes, behind an even number of backslashes.
  const json = written.includes('\\ud')
    ? written.replaceAll(/\\(?:u(d[89a-f])[0-9a-f]{2}|.)/g, (found, half) =>
        half === undefined ? found : '\ufffd',
      )
    : written;
  // U+0000 and U+0001 stand in JSON only as escapes, behind an even number of backslashes.
  return json.includes('\\u000')
    ? json.replaceAll(/\\(?:u000([01])|.)/g, (found, which) =>
        which === undefined ? found : `\\u0001${which}`,
      )
    : json;
}

/** JSON of the database → its value. */
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
 * A string as a literal, under either setting of standard_conforming_strings: the same as the driver's `escapeLiteral`
 * makes of it, which goes character by character. The rows of a call are one literal.
 */
export function quoteLiteral(value: string): string {
  const quoted = value.replaceAll("'", "''");
  return value.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** A text as a literal. */
export const text = (value: string): string => quoteLiteral(packText(value));

/** A value as a literal of JSON. */
export const json = (value: unknown): string => quoteLiteral(packJson(value));

/** Bytes as a literal. */
export const bytes = (value: Uint8Array): string => `'\\x${Buffer.from(value).toString('hex')}'`;

/** Ids as an array. They are whole numbers by their type; anything else is refused here. */
export function idArray(ids: Iterable<number>): string {
  return `'{${Array.from(ids, wholeNumber).join(',')}}'::bigint[]`;
}

/** A whole number as a literal. */
export function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no whole number`);
  return String(value);
}

/** A time as PostgreSQL reads it. */
export function timestamp(utc: UtcTime): string {
  if (isOrdinary(utc)) return utc;
  const years =
    utc < '0001'
      ? { from: '0000', to: '0001', era: ' BC' }
      : { from: '9999-12-31', to: '10000-01-01', era: '' };
  const hour = String(Number(utc.slice(11, 13)) % 24).padStart(2, '0');
  return `${utc.slice(0, 10).replace(years.from, years.to)} ${hour}${utc.slice(13, 23)}+00${years.era}`;
}

/** The time of a column of type timestamptz, a `UtcTime`. */
export const isoTime = (column: string): string => {
  const utc = `(${column} AT TIME ZONE 'UTC')`;
  const plain = `to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return (
    `CASE WHEN ${column} >= '10000-01-01 00:00:00+00' ` +
    `THEN '9999-12-31T' || (24 + extract(hour FROM ${utc})) || to_char(${utc}, ':MI:SS.MS"Z"') ` +
    `WHEN ${column} < '0001-01-01 00:00:00+00' THEN '0000' || substr(${plain}, 5) ELSE ${plain} END`
  );
};
