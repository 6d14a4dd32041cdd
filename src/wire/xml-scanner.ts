import { AMPERSAND, BANG, CUT_OFF, GREATER, LESS, QUESTION, SLASH } from './char-codes.ts';
import { readComment, readInstruction } from './comments-and-pis.ts';
import { createPatternMatcher } from './pattern-matcher.ts';
import { createTextReader } from './text-reader.ts';
import { createAttributeReader, type XmlAttribute } from './xml-attributes.ts';
import { isSpace } from './xml-characters.ts';
import type { ElementPattern, Expectation, ExpectedElement, MatchedTexts } from './xml-expectation.ts';
import { beginsName, createNameReader, endOfName, LONGEST_NAME } from './xml-names.ts';
import { createPrefixes, type QualifiedName, uriOf } from './xml-namespaces.ts';
import { referenceMistakes } from './xml-reference.ts';

/** Receives what a scanner finds. For a tag that is cut off, `element` and `attribute` are called again later. */
export interface ScannerEvents {
  /** Max length of one piece of text, and of all attribute values of a tag, unresolved. */
  readonly longestText: number;
  /** Refuses text or attribute values beyond `longestText`. */
  tooLong(what: 'attribute' | 'text'): never;
  /** Called when the name of a start tag has been read; `depth` is the number of open elements around it. */
  element(depth: number): void;
  /** Called for each attribute, with the number of the tag's attributes so far. */
  attribute(count: number): void;
  /** As in `XmlEvents`. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /** The whole expected element, matched by its pattern. Returns false to get it as single events instead. */
  matched(expected: ExpectedElement, pattern: ElementPattern, uri: string, texts: MatchedTexts): boolean;
  /** A piece of the text of the innermost open element. */
  text(text: string): void;
  close(): void;
  doctype(): never;
  /** Refuses the text as not well-formed: what is wrong, and at which index. */
  malformed(what: string, index: number): never;
}

/** Splits a document into tags and texts. */
export interface XmlScanner {
  /**
   * Reads the next text, which begins with the rest of the last one. Unless it is `final` it must not end inside a
   * surrogate pair or between `\r` and `\n`. `most`: no event begins behind that index. Returns the length that was
   * read: without `most`, all but a part that is cut off.
   */
  scan(text: string, final: boolean, most?: number): number;
  /** Ends the running `scan` after the current event. */
  stop(): void;
  /** Returns the index of the last character of the last event. */
  place(): number;
  /** Returns the namespace that a prefix is bound to in the innermost element. */
  resolve(prefix: string): string | undefined;
}

const OUTSIDE = 'text outside the root element';
const NO_TAG = '"<" begins no tag; in text it is written &lt;';

const noAttributes: readonly XmlAttribute[] = [];

/**
 * Scans XML 1.0 with namespaces and without DOCTYPE. A part (a tag, a comment, a reference) that is cut off is read
 * again from its start when there is more text.
 */
export function createXmlScanner(expectation: Expectation, events: ScannerEvents): XmlScanner {
  const prefixes = createPrefixes();
  const readName = createNameReader(prefixes.read);
  /** The names of the open elements. */
  const open: string[] = [];
  /** For each open element, the number of namespace declarations in force around it. */
  const outerDeclarations: number[] = [];
  let declarations = 0;
  let text = '';
  /** The index at which `scan` ends. */
  let limit = 0;
  let place = 0;
  let begun = false;
  let rootSeen = false;

  const malformed = (what: string, index: number): never => events.malformed(what, index);
  const attributes = createAttributeReader({
    prefixes,
    nameAt,
    longestText: events.longestText,
    tooLong(index) {
      place = index;
      return events.tooLong('attribute');
    },
    attribute(count, end) {
      place = end;
      events.attribute(count);
    },
    malformed,
  });

  const texts = createTextReader({
    longestText: events.longestText,
    text(piece, end) {
      place = end - 1;
      events.text(piece);
    },
    tooLong(index) {
      place = index;
      return events.tooLong('text');
    },
    malformed,
  });
  const patterns = createPatternMatcher();

  /** Reads white space outside the root element, and behind it also NULs, which end C strings. */
  function readSpace(from: number): number {
    let at = from;
    while (isSpace(text.charCodeAt(at)) || (rootSeen && text.charCodeAt(at) === 0)) at++;
    if (at < text.length && text.charCodeAt(at) !== LESS) malformed(OUTSIDE, at);
    return at;
  }

  function readMarkup(at: number): number {
    const code = text.charCodeAt(at + 1);
    if (code === SLASH) return readEndTag(at);
    const expected = expectation.next;
    if (expected !== undefined && open.length > 0) {
      const end = readExpected(at, expected);
      if (end !== at) return end;
    }
    if (code === BANG) return readDeclared(at);
    if (code === QUESTION) return readInstruction(text, at, !begun, malformed);
    if (at + 1 >= text.length) return CUT_OFF;
    if (!beginsName(text.codePointAt(at + 1) ?? 0)) malformed(NO_TAG, at + 1);
    return readStartTag(at);
  }

  /** Reads a comment or CDATA section; refuses a DOCTYPE. */
  function readDeclared(at: number): number {
    if (text.startsWith('<!--', at)) return readComment(text, at, malformed);
    if (text.startsWith('<![CDATA[', at)) {
      return open.length > 0 ? texts.readCdata(text, at) : malformed(OUTSIDE, at);
    }
    if (text.startsWith('<!DOCTYPE', at)) {
      place = at;
      return events.doctype();
    }
    const rest = text.slice(at, at + 9);
    const cut = at + rest.length === text.length;
    if (cut && ['<!--', '<![CDATA[', '<!DOCTYPE'].some((start) => start.startsWith(rest))) return CUT_OFF;
    return malformed('"<!" begins no comment and no CDATA', at + 1);
  }

  function readEndTag(at: number): number {
    const name = open[open.length - 1];
    let end = at + 2;
    if (name !== undefined && text.startsWith(name, end)) {
      end += name.length;
      if (text.charCodeAt(end) === GREATER) {
        endElement(end);
        return end + 1;
      }
    }
    end = endOfName(text, end);
    const nameEnd = end;
    while (isSpace(text.charCodeAt(end))) end++;
    if (end >= text.length) return CUT_OFF;
    if (text.charCodeAt(end) !== GREATER) malformed('a character that an end tag cannot have', end);
    const found = nameEnd - at - 2;
    if (name === undefined)
      return malformed(
        `unmatched closing tag: ${text.slice(at + 2, Math.min(nameEnd, at + 2 + LONGEST_NAME))}`,
        end,
      );
    if (found !== name.length || !text.startsWith(name, at + 2)) {
      malformed(`</${name}> expected`, end);
    }
    endElement(end);
    return end + 1;
  }

  /** Reads the expected element if it is there, or only its start tag. Returns `at` if it is not there. */
  function readExpected(at: number, element: ExpectedElement): number {
    const end = at + element.startTag.length - 1;
    // Cheapest check first: a prefix, an attribute or another element mostly fails it.
    if (text.charCodeAt(end) !== GREATER) return at;
    const pattern = expectation.shape ?? element.pattern;
    const matched = pattern && patterns.match(pattern, at);
    if (pattern !== undefined && matched !== undefined) {
      const whole = matched[0] ?? '';
      if (events.matched(element, pattern, prefixes.none.uri ?? '', matched)) return at + whole.length;
    }
    if (!text.startsWith(element.startTag, at)) return at;
    place = end;
    events.element(open.length);
    outerDeclarations.push(declarations);
    open.push(element.name);
    events.open(element.name, prefixes.none.uri ?? '', noAttributes, element);
    return end + 1;
  }

  function endElement(at: number): void {
    place = at;
    open.pop();
    const before = outerDeclarations.pop() ?? 0;
    if (declarations > before) {
      prefixes.end(before);
      declarations = before;
    }
    events.close();
  }

  function nameAt(from: number, end: number): QualifiedName {
    checkName(from, end);
    const name = readName(text, from, end);
    return name.malformed ? malformed(`malformed name: ${name.text}`, end) : name;
  }

  function checkName(from: number, end: number): void {
    if (end - from > LONGEST_NAME)
      malformed(`a name of more than ${LONGEST_NAME} characters`, from + LONGEST_NAME);
  }

  function readStartTag(at: number): number {
    const nameEnd = endOfName(text, at + 1);
    if (nameEnd === text.length) {
      checkName(at + 1, nameEnd);
      return CUT_OFF;
    }
    place = nameEnd;
    events.element(open.length);
    if (rootSeen && open.length === 0) malformed('there is a second root element', nameEnd);
    const name = nameAt(at + 1, nameEnd);
    let end = nameEnd;
    attributes.begin();
    while (text.charCodeAt(end) !== GREATER) {
      const before = end;
      while (isSpace(text.charCodeAt(end))) end++;
      if (end === text.length) return CUT_OFF;
      const code = text.charCodeAt(end);
      if (code === GREATER) break;
      if (code === SLASH) {
        if (end + 1 === text.length) return CUT_OFF;
        if (text.charCodeAt(end + 1) !== GREATER) malformed('"/" in a tag without ">" behind it', end + 1);
        beginElement(name, end + 1);
        endElement(end + 1);
        return end + 2;
      }
      if (end === before) malformed('a character that a tag cannot have here', end);
      end = attributes.read(text, end);
      if (end === CUT_OFF) return CUT_OFF;
    }
    beginElement(name, end);
    return end + 1;
  }

  function beginElement(name: QualifiedName, end: number): void {
    place = end;
    rootSeen = true;
    outerDeclarations.push(declarations);
    open.push(name.text);
    const sent = attributes.all(end);
    declarations = prefixes.count();
    if (name.prefix.name === 'xmlns') malformed('an element with the prefix xmlns', end);
    events.open(name.local, uriOf(name, end, malformed), sent);
  }

  return {
    scan(more, final, most = more.length) {
      text = more;
      limit = Math.min(most, more.length);
      patterns.begin(text);
      let at = 0;
      while (at < limit) {
        const isMarkup = text.charCodeAt(at) === LESS;
        const end = isMarkup ? readMarkup(at) : open.length > 0 ? texts.read(text, at, final) : readSpace(at);
        if (end === CUT_OFF || end === at) break;
        begun = true;
        at = end;
      }
      if (final) refuseUnfinished(at);
      return at;
    },
    stop() {
      limit = 0;
    },
    place: () => place,
    resolve: prefixes.resolve,
  };

  function refuseUnfinished(at: number): void {
    const last = text.length - 1;
    if (text.charCodeAt(at) === AMPERSAND) malformed(referenceMistakes.none, at);
    if (at < text.length) malformed('the document ends too early', last);
    const name = open.at(-1);
    if (name !== undefined) malformed(`unclosed tag: ${name}`, last);
    if (!rootSeen) malformed('there is no root element', last);
  }
}
