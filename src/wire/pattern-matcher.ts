import type { ElementPattern, MatchedTexts } from './xml-expectation.ts';
import { resolveReferences } from './xml-reference.ts';

/** Matches patterns against one text after the other. */
export interface PatternMatcher {
  /** Begins another text. */
  begin(text: string): void;
  /** Returns what the pattern captures at that index, references resolved; undefined if it does not match. */
  match(pattern: ElementPattern, at: number): MatchedTexts | undefined;
}

export function createPatternMatcher(): PatternMatcher {
  let text = '';
  /** The index of the first "&" behind the last match, the text's length if there is none, or -1 if not searched. */
  let ampersand = -1;

  function hasReference(from: number, end: number): boolean {
    if (ampersand < from) {
      const next = text.indexOf('&', from);
      ampersand = next < 0 ? text.length : next;
    }
    return ampersand < end;
  }

  return {
    begin(next) {
      text = next;
      ampersand = -1;
    },
    match({ regExp }, at) {
      regExp.lastIndex = at;
      const texts = regExp.exec(text);
      if (texts === null) return undefined;
      if (hasReference(at, at + texts[0].length)) {
        for (let index = 1; index < texts.length; index++)
          texts[index] &&= resolveReferences(texts[index] ?? '');
      }
      return texts;
    },
  };
}
