/** The longest name, in UTF-16 code units. */
const LONGEST = 255;

/** Control characters, line separators, and what XML 1.0 has no character for: half surrogate pairs, U+FFFE, U+FFFF. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u;

/** Characters that XML 1.0 cannot represent (production 2, Char), so no answer could contain them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what it looks for
const ILLEGAL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/** Returns the first character that XML 1.0 cannot carry, as `U+0000`; undefined if there is none. */
export function illegalCharacter(text: string): string | undefined {
  const found = ILLEGAL.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Returns what is wrong with a name that a person gives to a user, field, tag or channel; undefined if nothing is.
 * Such names travel in XML and are shown in lists and logs.
 */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name.length > LONGEST) return `has ${name.length} characters; expected 1 to ${LONGEST}`;
  if (name !== name.trim()) return 'has white space around it; expected none';
  const [found] = FORBIDDEN.exec(name) ?? [];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `holds the character U+${code}; expected one line of characters that XML 1.0 can carry`;
}
