import { CUT_OFF, GREATER, ILLEGAL, type Malformed, QUESTION } from './char-codes.ts';
import { firstIllegal, isSpace } from './xml-characters.ts';
import { isDeclaration } from './xml-declaration.ts';
import { beginsName, endOfName } from './xml-names.ts';

/** Refuses characters in [from, end) that XML does not allow. */
export function checkCharacters(text: string, from: number, end: number, malformed: Malformed): void {
  const illegal = firstIllegal(text, from, end);
  if (illegal < end) malformed(ILLEGAL, illegal);
}

/** Reads the comment that starts at that index. Returns the index behind it, or `CUT_OFF`. */
export function readComment(text: string, at: number, malformed: Malformed): number {
  const dashes = text.indexOf('--', at + 4);
  checkCharacters(text, at + 4, dashes < 0 ? text.length : dashes, malformed);
  if (dashes < 0 || dashes + 2 >= text.length) return CUT_OFF;
  if (text.charCodeAt(dashes + 2) !== GREATER) malformed('"--" inside a comment', dashes + 1);
  return dashes + 3;
}

/**
 * Reads a processing instruction, or (if the document `begins` there) an XML declaration. Returns the index behind it,
 * or `CUT_OFF`.
 */
export function readInstruction(text: string, at: number, begins: boolean, malformed: Malformed): number {
  const first = text.codePointAt(at + 2);
  if (first === undefined) return CUT_OFF;
  if (first === 0x3a || !beginsName(first)) {
    malformed('a processing instruction without a name as its target', at + 2);
  }
  const nameEnd = endOfName(text, at + 2);
  const target = text.slice(at + 2, nameEnd);
  const colon = target.indexOf(':');
  if (colon >= 0) malformed('a colon in the target of a processing instruction', at + 2 + colon);
  if (nameEnd === text.length) return CUT_OFF;
  const declares = target === 'xml' && begins;
  if (!declares && target.toLowerCase() === 'xml') {
    malformed('an XML declaration that is not the very first', nameEnd);
  }
  const after = text.charCodeAt(nameEnd);
  if (after !== QUESTION && !isSpace(after)) malformed('a target that is not a name', nameEnd);
  const end = text.indexOf('?>', nameEnd);
  checkCharacters(text, nameEnd, end < 0 ? text.length : end, malformed);
  if (end < 0 && (after !== QUESTION || nameEnd + 1 === text.length)) return CUT_OFF;
  if (after === QUESTION && end !== nameEnd) malformed('a target without space behind it', nameEnd);
  if (declares && !isDeclaration(text.slice(nameEnd, end))) {
    malformed('an XML declaration that is none; expected e.g. <?xml version="1.0"?>', end + 1);
  }
  return end + 2;
}
