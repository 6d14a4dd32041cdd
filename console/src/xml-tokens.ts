/** A part of an XML document, as it is written. */
export type XmlToken =
  | { readonly kind: 'open' | 'close' | 'empty'; readonly name: string; readonly rest: string }
  | { readonly kind: 'text' | 'other'; readonly text: string };

/** A tag without `<` in its attributes, which XML does not allow there: so each is read in one step. */
const TAG = /<(\/?)([^\s<>/"']+)((?:"[^"<]*"|'[^'<]*'|[^"'<>])*)>/y;

/** Constructs that are not elements, with the text that ends each. */
const enclosed = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/**
 * Splits XML into tags, texts and the rest, in time proportional to its length. Text that is not well-formed, such as
 * a document that was cut, is read as far as it goes; what follows is one text.
 */
export function xmlTokens(xml: string): XmlToken[] {
  const tokens: XmlToken[] = [];
  let place = 0;
  while (place < xml.length) {
    const next = xml.indexOf('<', place);
    const textEnd = next === -1 ? xml.length : next;
    if (textEnd > place) tokens.push({ kind: 'text', text: xml.slice(place, textEnd) });
    if (next === -1) break;
    const end = endOfOther(xml, next);
    if (end !== undefined) {
      tokens.push({ kind: 'other', text: xml.slice(next, end) });
      place = end;
      continue;
    }
    TAG.lastIndex = next;
    const [tag, slash, name = '', rest = ''] = TAG.exec(xml) ?? [];
    if (tag === undefined) {
      tokens.push({ kind: 'text', text: xml.slice(next) });
      break;
    }
    const isEmpty = rest.endsWith('/');
    const kind = slash === '/' ? 'close' : isEmpty ? 'empty' : 'open';
    tokens.push({ kind, name, rest: isEmpty ? rest.slice(0, -1).trimEnd() : rest.trimEnd() });
    place = next + tag.length;
  }
  return tokens;
}

/** Returns where a comment, a CDATA section or an instruction ends; undefined: none begins here. */
function endOfOther(xml: string, place: number): number | undefined {
  const [begin, end] = enclosed.find(([start]) => xml.startsWith(start, place)) ?? [];
  if (begin === undefined || end === undefined) return undefined;
  const found = xml.indexOf(end, place + begin.length);
  return found === -1 ? xml.length : found + end.length;
}
