import {
  AMPERSAND,
  BRACKET,
  CUT_OFF,
  GREATER,
  ILLEGAL,
  LESS,
  LINE_FEED,
  type Malformed,
  RETURN,
  SPACE,
  SURROGATES,
  TAB,
} from './char-codes.ts';
import { checkCharacters } from './comments-and-pis.ts';
import { firstIllegal, withLineFeeds } from './xml-characters.ts';
import { referenceAt } from './xml-reference.ts';

/** Parts of a text (between references) joined at once. */
const MAX_PARTS = 4096;
/** Characters in which line ends are normalized at once: the cap on text only counts them afterwards. */
const MAX_PART_LENGTH = 65_536;

/** The part of the scanner that a text reader uses. */
interface TextReaderHost {
  /** Max length of one piece of text, in UTF-16 units. */
  readonly longestText: number;
  /** Takes a piece of text; `end` is the index behind it. */
  text(piece: string, end: number): void;
  /** Refuses text beyond `longestText`, at an index. */
  tooLong(index: number): never;
  readonly malformed: Malformed;
}

/** Reads the text inside elements. */
export interface TextReader {
  /**
   * Reads the text from that index to the next tag, or as far as it is not cut off unless it is `final`. Returns the
   * index behind it.
   */
  read(text: string, from: number, final: boolean): number;
  /** Reads the CDATA section that starts at that index. Returns the index behind it, or `CUT_OFF`. */
  readCdata(text: string, at: number): number;
}

/** Returns a reader that resolves references and normalizes line ends (XML 1.0, 2.11). */
export function createTextReader(host: TextReaderHost): TextReader {
  /** Parts of the text being read, references resolved. Joined once: V8 would make a rope, 32 bytes per part. */
  const parts: string[] = [];

  function gather(part: string, end: number, hasReturns: boolean): void {
    if (part !== '') parts.push(hasReturns ? withLineFeeds(part) : part);
    if (parts.length >= MAX_PARTS) flush(end);
  }

  /** Hands over the parts, which end before that index. */
  function flush(end: number): void {
    if (parts.length === 0) return;
    const piece = parts.join('');
    parts.length = 0;
    if (piece !== '') host.text(piece, end);
  }

  const refuse = (what: string, index: number): never => {
    flush(index);
    return host.malformed(what, index);
  };

  return {
    read(text, from, final) {
      const { length } = text;
      let hasReturns = false;
      let start = from;
      let at = from;
      for (; at < length; at++) {
        const code = text.charCodeAt(at);
        if (code > BRACKET && code < SURROGATES) continue;
        if (code === LESS) break;
        if (code === AMPERSAND) {
          gather(text.slice(start, at), at, hasReturns);
          const { value, end } = referenceAt(text, at, refuse);
          start = at;
          if (end === CUT_OFF) break;
          parts.push(value);
          start = end;
          at = end - 1;
        } else if (code === BRACKET) {
          if (text.charCodeAt(at + 1) === BRACKET && text.charCodeAt(at + 2) === GREATER) {
            gather(text.slice(start, at), at, hasReturns);
            refuse('"]]>" in text; it is written ]]&gt;', at + 2);
          }
          if (!final && length - at < 3 && text.charCodeAt(length - 1) === BRACKET) break;
        } else if (code === RETURN) {
          if (at - start > MAX_PART_LENGTH) {
            gather(text.slice(start, at), at, hasReturns);
            flush(at);
            start = at;
          }
          hasReturns = true;
        } else if (code < SPACE ? code !== LINE_FEED && code !== TAB : code >= SURROGATES) {
          if (firstIllegal(text, at, at + 1) === at) {
            gather(text.slice(start, at), at, hasReturns);
            refuse(ILLEGAL, at);
          }
          if (code < 0xdc00) at++;
        }
      }
      if (parts.length === 0 && !hasReturns) {
        if (at > start) host.text(text.slice(start, at), at);
      } else {
        gather(text.slice(start, at), at, hasReturns);
        flush(at);
      }
      return at;
    },
    readCdata(text, at) {
      const from = at + 9;
      const end = text.indexOf(']]>', from);
      const contentEnd = end < 0 ? text.length : end;
      // A line end may be two characters that count as one; the rest is counted when it has been read.
      if (contentEnd - from > 2 * host.longestText + 2) host.tooLong(at + 8);
      checkCharacters(text, from, contentEnd, host.malformed);
      if (end < 0) return CUT_OFF;
      const content = withLineFeeds(text.slice(from, end));
      if (content !== '') host.text(content, end + 3);
      return end + 3;
    },
  };
}
