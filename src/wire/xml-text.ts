import { isSpace } from './xml-characters.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (section 2.2)
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (section 2.2)
const special = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
/** What else is looked at: halves of characters, which may stand alone. */
const suspicious = new RegExp(special.source.replace('[', '[\\ud800-\\udfff'));
const specials = new RegExp(special.source, 'g');
const attributeSpecials = new RegExp(special.source.replace('[', '[\\t\\n'), 'g');

const textEscapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '"',
  '\r': '&#13;',
};
const attributeEscapes: Record<string, string> = {
  ...textEscapes,
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/**
 * Text as it stands between tags. A carriage return is written as a reference, because a reader would turn it
 * into a line feed (XML 1.0, 2.11); a character that XML 1.0 cannot hold becomes U+FFFD, so that what is written
 * is always well-formed.
 */
export function escapeText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.toWellFormed().replace(specials, (c) => textEscapes[c] ?? '\ufffd');
}

/** Text as it stands between the double quotes of an attribute. */
export function escapeAttribute(text: string): string {
  return text.toWellFormed().replace(attributeSpecials, (c) => attributeEscapes[c] ?? '\ufffd');
}

/** Whether XML 1.0 can hold every character of the text. */
export function isXmlText(text: string): boolean {
  return text.isWellFormed() && !illegal.test(text);
}

/** The text without the white space around it: XML's four characters only, unlike `String.trim`. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}
