import { isSpace } from './xml-characters.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (section 2.2)
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (section 2.2)
const special = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
/** Also matches surrogates, which may be unpaired. */
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
 * Escapes text between tags. A carriage return becomes a reference, because a reader would turn it into a line feed
 * (XML 1.0, 2.11). Characters that XML 1.0 does not allow become U+FFFD, so that the result is always well-formed.
 */
export function escapeText(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.toWellFormed().replace(specials, (c) => textEscapes[c] ?? '\ufffd');
}

/** Escapes text between the double quotes of an attribute. */
export function escapeAttribute(text: string): string {
  return text.toWellFormed().replace(attributeSpecials, (c) => attributeEscapes[c] ?? '\ufffd');
}

/** Returns whether XML 1.0 allows every character of the text. */
export function isXmlText(text: string): boolean {
  return text.isWellFormed() && !illegal.test(text);
}

/** Returns the text without surrounding white space: XML's four characters only, unlike `String.trim`. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}
