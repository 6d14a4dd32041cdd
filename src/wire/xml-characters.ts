/** White space of XML: tab, line feed, carriage return, space. */
export const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Returns whether XML 1.0 allows the code point (production 2). */
export const isCharacter = (code: number): boolean =>
  (code >= 0x20 && code <= 0xd7ff) ||
  code === 0x0a ||
  code === 0x0d ||
  code === 0x09 ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

/** Returns the index in [at, end) of the first UTF-16 unit that is not (part of) an XML character, or `end`. */
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

// Split and joined: for many matches, V8's replace returns a rope, 32 bytes per match.

/** Returns the text with each line end, `\r\n` or `\r`, as a line feed (XML 1.0, 2.11). */
export const withLineFeeds = (text: string): string =>
  text.includes('\r') ? text.split('\r\n').join('\n').split('\r').join('\n') : text;

/** Returns the text with each line end and tab as a space (XML 1.0, 3.3.3). */
export const withSpaces = (text: string): string =>
  withLineFeeds(text).split('\n').join(' ').split('\t').join(' ');
