import { IANAZone } from 'luxon';
import { createAddressList, namedBlocks, readAddress } from '../access/addresses.ts';

/** Parsers of option values. Each throws a `RangeError` that says what is expected. */

/** Any text that is not empty. */
export function text(written: string): string {
  if (written === '') throw new RangeError('Expected a text.');
  return written;
}

/** An integer in an inclusive range. */
export function integer(least: number, most: number): (written: string) => number {
  return (written) => {
    const value = Number(written);
    if (/^\d{1,15}$/.test(written) && value >= least && value <= most) return value;
    throw new RangeError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** A host name or IP address to listen on. An IPv6 address may have brackets, as in a URL. */
export function host(written: string): string {
  const found = readAddress(written);
  if (found?.port !== undefined || (found === undefined && /[:[\]]/.test(written)))
    throw new RangeError('Expected a name or an IP address, without a port: that is for --port.');
  return written.startsWith('[') ? written.slice(1, -1) : text(written);
}

export const port = integer(0, 65_535);

/** A decimal number above 0, at most `most`. */
export function positive(most: number): (written: string) => number {
  return (written) => {
    const value = Number(written);
    if (/^\d+(\.\d+)?$/.test(written) && value > 0 && value <= most) return value;
    throw new RangeError(`Expected a number above 0, at most ${most}.`);
  };
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A time in milliseconds, such as 90s, 30m, 24h or 7d, at most 365 days; or 0. */
export function duration(written: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(written) ?? [];
  const seconds = Number(digits) * units[unit as keyof typeof units];
  if (written === '0') return 0;
  if (seconds <= 365 * units.d) return seconds * 1000;
  throw new RangeError('Expected a time such as 90s, 30m, 24h or 7d, at most 365d; or 0.');
}

/** `off`, or a positive integer. */
export function limit(written: string): number | 'off' {
  if (written === 'off') return 'off';
  if (/^[1-9]\d{0,11}$/.test(written)) return Number(written);
  throw new RangeError('Expected "off" or a whole number of 1 or more.');
}

/** Joins words as alternatives: "a, b or c". */
export const alternatives = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');

/** One of the given words, in any case. `others`: words in lower case that are taken for one of them. */
export function choice<const Words extends readonly string[]>(
  words: Words,
  others: Readonly<Record<string, Words[number]>> = {},
): (written: string) => Words[number] {
  return (written) => {
    const folded = written.toLowerCase();
    const word = words.find((each) => each.toLowerCase() === folded);
    if (word !== undefined) return word;
    if (Object.hasOwn(others, folded)) return others[folded] as Words[number];
    throw new RangeError(`Expected ${alternatives(words)}.`);
  };
}

/** The IANA name of a time zone. */
export function timeZone(written: string): string {
  if (IANAZone.isValidZone(written)) return written;
  throw new RangeError('Expected the IANA name of a time zone, such as America/Los_Angeles or UTC.');
}

/** An IP address or a block of them. */
export function addressBlock(written: string): string {
  try {
    createAddressList([written]);
    return written;
  } catch {
    throw new RangeError('Expected IP addresses or blocks such as 10.0.0.0/8, separated by commas.');
  }
}

/** A proxy: an address, a block, or the name of a predefined block. */
export function proxy(written: string): string {
  if (Object.hasOwn(namedBlocks, written)) return written;
  return addressBlock(written);
}

/** An http or https URL. */
export function httpUrl(written: string): string {
  if (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)) return written;
  throw new RangeError('Expected a URL such as http://127.0.0.1:8980.');
}

/** A label of the Encoding Standard. */
export function encoding(written: string): string {
  try {
    return new TextDecoder(written).encoding;
  } catch {
    throw new RangeError('Expected the name of an encoding, such as utf-8, utf-16le or windows-1252.');
  }
}

/** Tokens of Luxon that say a date; with `DD/MM/YYYY`, as Excel writes it, no date would be read. */
export function dateFormat(written: string): string {
  const tokens = written.replace(/'[^']*'/g, '').match(/([a-zA-Z])\1*/g) ?? [];
  const wrong = tokens.find((token) => !dateTokens.test(token));
  if (wrong === undefined && tokens.length > 0) return written;
  const what = wrong === undefined ? '' : `, not "${wrong}"`;
  throw new RangeError(
    `Expected tokens such as dd/MM/yyyy or d-MMM-yy HH:mm, other letters in single quotes${what}.`,
  );
}

const dateTokens = /^(?:yy(?:yy)?|M{1,4}|L{1,4}|dd?|E{3,4}|[Hhms]{1,2}|S|SSS|u|uu|a|Z{1,3}|z|o|ooo)$/;

/** A single character, or `tab`. */
export function delimiter(written: string): string {
  if (written === 'tab' || written === '\\t') return '\t';
  if (/^[^\s"\w]$/.test(written)) return written;
  throw new RangeError('Expected one character, such as ";", or tab.');
}
