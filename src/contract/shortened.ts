/**
 * Returns the text, or its first `atMost` UTF-16 units and "…" if it is longer. Never splits a surrogate pair,
 * because PostgreSQL rejects half of one. All input quoted in messages, log and journal is shortened here.
 */
export function shortened(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  const last = text.charCodeAt(atMost - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, splits ? atMost - 1 : atMost)}…`;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Counts the characters (code points) of a text. */
export function characterCount(text: string): number {
  // Most texts have none, which this finds far faster than the loop.
  if (!SURROGATE.test(text)) return text.length;
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** Returns whether a text has more than `most` characters. Does not read texts whose length shows it. */
export const isLongerThan = (text: string, most: number): boolean =>
  text.length > most && (text.length > 2 * most || characterCount(text) > most);
