/**
 * The text, or its first `atMost` UTF-16 units and "…" where it is longer. A character of two units is never split:
 * half of one is no text that PostgreSQL takes. All foreign text that goes into messages, log and journal is cut here.
 */
export function shortened(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  const last = text.charCodeAt(atMost - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, splits ? atMost - 1 : atMost)}…`;
}

/** How many characters (code points) a text has. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}
