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
 * A comment, CDATA section or processing instruction, or the beginning of a tag. What is cut off reaches to the end of the
 * text, so that no part is read twice.
 */
const part =
  /<(?:!--[\s\S]*?(?:-->|$)|!\[CDATA\[[\s\S]*?(?:\]\]>|$)|\?[\s\S]*?(?:\?>|$)|(\/?)((?:[\w.-]+:)?([\w.-]+)))/g;
const delimiter = /[<>"']/g;
const ends = { '"': /["<]/g, "'": /['<]/g } as const;

/** Finds the tags of a text, without those in comments and CDATA, in a time proportional to its length. */
export function* tagsOf(xml: string): Generator<Tag, void> {
  for (let at = 0; ; ) {
    const found = after(part, at, xml);
    if (found === null) return;
    const { 1: slash, 2: name, 3: localName = '', index } = found;
    at = index + found[0].length;
    if (name === undefined) continue;
    at = endOfTag(xml, at);
    const text = xml.slice(index, at);
    const kind = slash === '/' ? 'end' : text.endsWith('/>') ? 'empty' : 'start';
    yield { index, text, name, localName, kind };
  }
}

/**
 * Returns where the tag ends: behind its `>`, or before the next `<`, or at the end of the text. One expression for the
 * whole tag would run out of stack in a long one.
 */
function endOfTag(xml: string, from: number): number {
  for (let at = from; ; ) {
    const found = after(delimiter, at, xml);
    if (found === null) return xml.length;
    const { 0: character, index } = found;
    if (character === '<') return index;
    if (character === '>') return index + 1;
    const end = after(ends[character as keyof typeof ends], index + 1, xml);
    if (end === null) return xml.length;
    if (end[0] === '<') return end.index;
    at = end.index + 1;
  }
}

function after(pattern: RegExp, at: number, xml: string): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(xml);
}
