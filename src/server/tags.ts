/** A start or end tag of a text that need not be well-formed. */
export interface Tag {
  /** Where it begins. */
  readonly index: number;
  /** The whole tag. */
  readonly text: string;
  /** With its prefix. */
  readonly name: string;
  readonly localName: string;
  readonly kind: 'start' | 'end' | 'empty';
}

/**
 * A comment, CDATA section, processing instruction or tag. What is cut off reaches to the next `<` or to the end of the
 * text, so that no part is read twice.
 */
const part =
  /<(?:!--[\s\S]*?(?:-->|$)|!\[CDATA\[[\s\S]*?(?:\]\]>|$)|\?[\s\S]*?(?:\?>|$)|(\/?)((?:[\w.-]+:)?([\w.-]+))(?:[^<>"']|"[^"<]*(?:"|(?=<)|$)|'[^'<]*(?:'|(?=<)|$))*(?:>|(?=<)|$))/g;

/** Finds the tags of a text, without those in comments and CDATA, in a time proportional to its length. */
export function* tagsOf(xml: string): Generator<Tag, void> {
  for (const { 0: text, 1: slash, 2: name, 3: localName = '', index } of xml.matchAll(part)) {
    if (name === undefined) continue;
    const kind = slash === '/' ? 'end' : text.endsWith('/>') ? 'empty' : 'start';
    yield { index, text, name, localName, kind };
  }
}
