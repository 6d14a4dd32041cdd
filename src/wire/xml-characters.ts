/** White space of XML: tab, line feed, carriage return, space. */
export const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Whether XML 1.0 has a character of that code point (production 2). */
export const isCharacter = (code: number): boolean =>
  (code >= 0x20 && code <= 0xd7ff) ||
  code === 0x0a ||
  code === 0x0d ||
  code === 0x09 ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

/**
 * The index of the first UTF-16 unit from `at` to before `end` that is no character of XML or a part of one, or
 * `end`.
 */
export function firstIllegal(text: string, at: number, end: number): number {
  for (let index = at; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x20 && code < 0xd800) continue;
    const point = text.codePointAt(index) ?? 0;
    if (!isCharacter(point)) return index;
    if (point > 0xffff) index++;
  }
  return end;
}

// Split and joined: what V8's replace makes of many matches is a rope, of 32 bytes for each.

/** Returns the text with each line end, `\r\n` or `\r`, as a line feed (XML 1.0, 2.11). */
export const withLineFeeds = (text: string): string =>
  text.includes('\r') ? text.split('\r\n').join('\n').split('\r').join('\n') : text;

/** Returns the text with each line end and tab as a space (XML 1.0, 3.3.3). */
export const withSpaces = (text: string): string =>
  withLineFeeds(text).split('\n').join(' ').split('\t').join(' ');
