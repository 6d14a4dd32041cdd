/** Max length of the name of an element, attribute or namespace, in UTF-16 units. */
export const LONGEST_NAME = 1000;

/** By ASCII code: may the character begin or continue a name (XML 1.0, fifth edition, productions 4 and 4a)? */
const ascii = new Uint8Array(128);
const BEGINS = 2;
const CONTINUES = 1;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:') {
  ascii[character.charCodeAt(0)] = BEGINS | CONTINUES;
}
for (const character of '0123456789-.') ascii[character.charCodeAt(0)] = CONTINUES;

/** The non-ASCII ranges of NameStartChar, ascending: first and last code point of each. */
const beginning = [
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2ff],
  [0x370, 0x37d],
  [0x37f, 0x1fff],
  [0x200c, 0x200d],
  [0x2070, 0x218f],
  [0x2c00, 0x2fef],
  [0x3001, 0xd7ff],
  [0xf900, 0xfdcf],
  [0xfdf0, 0xfffd],
  [0x10000, 0xeffff],
] as const;

const beginsBeyondAscii = (code: number) => beginning.some(([first, last]) => code >= first && code <= last);

/** Returns whether a code point may begin a name. A colon may; namespaces are checked elsewhere. */
export function beginsName(code: number): boolean {
  return code < 128 ? (ascii[code] ?? 0) > CONTINUES : beginsBeyondAscii(code);
}

/** Returns whether a code point may continue a name. */
export function continuesName(code: number): boolean {
  if (code < 128) return (ascii[code] ?? 0) > 0;
  return (
    code === 0xb7 ||
    (code >= 0x300 && code <= 0x36f) ||
    code === 0x203f ||
    code === 0x2040 ||
    beginsBeyondAscii(code)
  );
}

/** Returns the index behind the name characters from `at` on. */
export function endOfName(text: string, at: number): number {
  let index = at;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 128) {
      if (ascii[code] === 0) break;
    } else {
      const point = text.codePointAt(index) ?? 0;
      if (!continuesName(point)) break;
      if (point > 0xffff) index++;
    }
  }
  return index;
}

const CACHE_SIZE = 256;

/** Returns a reader of a document's names. It caches a bounded number of them, since most documents use few. */
export function createNameReader<Name extends { readonly text: string }>(read: (text: string) => Name) {
  const cache = new Array<Name | undefined>(CACHE_SIZE);

  /** Reads the name in [at, end), which consists of name characters. */
  return (text: string, at: number, end: number): Name => {
    const middle = (at + end) >> 1;
    const slot =
      (text.charCodeAt(at) * 31 + text.charCodeAt(middle) * 7 + text.charCodeAt(end - 1) + (end - at) * 61) &
      (CACHE_SIZE - 1);
    const known = cache[slot];
    if (known !== undefined && known.text.length === end - at && text.startsWith(known.text, at))
      return known;
    const name = read(text.slice(at, end));
    cache[slot] = name;
    return name;
  };
}
