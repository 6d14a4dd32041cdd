/**
 * Control and format characters (such as bidirectional overrides), line and paragraph separators, and unpaired
 * surrogates.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Escapes invisible characters as JSON does (`\n`, `\u202e`), so that a text from any source cannot break a line,
 * control the terminal or disguise itself.
 */
export const printable = (text: string): string => text.replace(INVISIBLE, escaped);

function escaped(character: string): string {
  const known = short[character];
  if (known !== undefined) return known;
  let units = '';
  for (let index = 0; index < character.length; index += 1) {
    units += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return units;
}
