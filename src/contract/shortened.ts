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

/** Counts the characters (code points) of a text. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}
