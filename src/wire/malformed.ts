/**
 * What the parser's own words for the commonest mistakes leave out: what to write instead. Messages that are not
 * here are passed on as they are.
 */
const wordings: ReadonlyMap<string, string> = new Map([
  ['disallowed character.', 'a character that XML 1.0 does not allow here'],
  ['disallowed character in tag name', '"<" begins no tag; in text it is written &lt;'],
  ['the string "]]>" is disallowed in char data.', '"]]>" in text; it is written ]]&gt;'],
  ['malformed character entity.', 'a reference to a character that XML 1.0 does not have'],
  ['text data outside of root node.', 'text outside the root element'],
  ['document must contain a root element.', 'there is no root element'],
  ['documents may contain only one root.', 'there is a second root element'],
  ['unexpected end.', 'the document ends too early'],
]);

/** What is wrong, from the parser's message for it. */
export function wordingOf(parserMessage: string): string {
  return wordings.get(parserMessage) ?? parserMessage.replace(/\.$/, '');
}

/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What an "&" does not begin a reference in, and how each of them ends. */
const unparsed = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
] as const;
const reference = /&(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);/y;

function beginsReference(text: string, at: number): boolean {
  reference.lastIndex = at;
  return reference.test(text);
}

/**
 * Where the first "&" stands before `end` that begins no reference, in a text that is well-formed up to there. A
 * parser looks for the ";" and so notices much further on, or at the end of the document.
 */
export function placeOfLoneAmpersand(text: string, end: number): Place | undefined {
  let at = 0;
  while (at < end) {
    const character = text[at];
    if (character === '<') {
      const part = unparsed.find(([start]) => text.startsWith(start, at));
      const close = part === undefined ? at : text.indexOf(part[1], at + part[0].length);
      if (close < 0) return undefined;
      at = close;
    } else if (character === '&' && !beginsReference(text, at)) {
      const lines = text.slice(0, at).split(/\r\n?|\n/);
      return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    }
    at++;
  }
  return undefined;
}

export const loneAmpersand =
  '"&" begins no reference that XML defines (&amp; &lt; &gt; &quot; &apos; or a number); in text it is written &amp;';
