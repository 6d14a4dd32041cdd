/** The longest name, in UTF-16 code units. */
const LONGEST = 255;

/** Control characters, line separators, and what XML 1.0 has no character for: half surrogate pairs, U+FFFE, U+FFFF. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u;

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
