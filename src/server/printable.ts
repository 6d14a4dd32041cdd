/**
 * Control characters, those that show nothing but change how others are shown (bidirectional overrides, for one), line
 * and paragraph separators, and halves of surrogate pairs.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A text for one line of a terminal or a log, where it may come from anyone: what is invisible in it is written as in
 * JSON (`\n`, `\u202e`), so that it neither breaks the line, nor steers the terminal, nor looks like something else.
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
