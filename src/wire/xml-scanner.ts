import { firstIllegal, isSpace, withLineFeeds } from './xml-characters.ts';
import { isDeclaration } from './xml-declaration.ts';
import type { Expectation, ExpectedElement } from './xml-expectation.ts';
import { beginsName, createNameReader, endOfName } from './xml-names.ts';
import { createPrefixes, type QualifiedName, XMLNS_NAMESPACE } from './xml-namespaces.ts';
import { readReference, referenceMistakes, resolveReferences } from './xml-reference.ts';
import { trimSpace } from './xml-text.ts';

/** An attribute; `uri` is its namespace, '' for none. Namespace declarations are among them. */
export interface XmlAttribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

/** What a scanner finds, and what it asks meanwhile. Of a tag that is cut off the first two are told again. */
export interface ScannerEvents {
  /** The name of a start tag was read, inside that many open elements. */
  element(depth: number): void;
  /** Another attribute of a start tag was read, which makes so many. */
  attribute(count: number): void;
  /** An element begins; `expected` if it is the one. */
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /** The expected element, all of it, as `whole` matches it. The answer false asks for it in single events. */
  whole(expected: ExpectedElement, uri: string, texts: readonly (string | undefined)[]): boolean;
  /** A piece of the text of the innermost open element. */
  text(text: string): void;
  close(): void;
  doctype(): never;
  /** The text is not well-formed: what is wrong, at which index of it. */
  malformed(what: string, index: number): never;
}

/** Finds what a document consists of. */
export interface XmlScanner {
  /**
   * Reads on. The text begins with what the last call left, and must not end inside a character or a line end
   * unless it is `final`. Answers how much of it was read: all, but for a part that is cut off at its end.
   */
  scan(text: string, final: boolean): number;
  /** The index of the last character that the last event is about. */
  place(): number;
  /** What a prefix stands for in the innermost element. */
  resolve(prefix: string): string | undefined;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const AMPERSAND = 0x26;
const BRACKET = 0x5d;
const RETURN = 0x0d;
const LINE_FEED = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SURROGATES = 0xd800;

/** Instead of the index behind a part: the text ends before the part does. */
const CUT_OFF = -1;

const ILLEGAL = 'a character that XML 1.0 does not allow here';
const OUTSIDE = 'text outside the root element';
const NO_TAG = '"<" begins no tag; in text it is written &lt;';

const noAttributes: readonly XmlAttribute[] = [];

interface SentAttribute {
  readonly name: QualifiedName;
  readonly value: string;
}

/**
 * A scanner of XML 1.0 with namespaces and without DOCTYPE. Each part (a tag, a comment, a reference) is read in
 * one go, and from its start again if the text ends before it.
 */
export function createXmlScanner(expectation: Expectation, events: ScannerEvents): XmlScanner {
  const prefixes = createPrefixes();
  const readName = createNameReader(prefixes.read);
  /** The names of the open elements. */
  const open: string[] = [];
  /** For each open element, how many declarations were in force around it. */
  const around: number[] = [];
  let declarations = 0;
  /** The index of the next "&" as far as it was looked for, or the text's length if there is none. */
  let ampersand = -1;
  let text = '';
  let place = 0;
  let begun = false;
  let rootSeen = false;
  /** What the last reference stands for. */
  let referred = '';
  let sent: SentAttribute[] = [];

  const malformed = (what: string, index: number): never => events.malformed(what, index);

  function checkCharacters(from: number, end: number): void {
    const illegal = firstIllegal(text, from, end);
    if (illegal < end) malformed(ILLEGAL, illegal);
  }

  /** Hands over the text from `from` to before `end`, and what is given instead of what stands there. */
  function emit(from: number, end: number, instead = ''): void {
    if (end === from && instead === '') return;
    place = end - 1;
    events.text(end === from ? instead : text.slice(from, end) + instead);
  }

  function readText(from: number, final: boolean): number {
    const { length } = text;
    let start = from;
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code > BRACKET && code < SURROGATES) continue;
      if (code === LESS) break;
      if (code === AMPERSAND) {
        emit(start, at);
        const end = readReferenceAt(at);
        if (end === CUT_OFF) return at;
        emit(end, end, referred);
        start = end;
        at = end - 1;
      } else if (code === BRACKET) {
        if (text.charCodeAt(at + 1) === BRACKET && text.charCodeAt(at + 2) === GREATER) {
          emit(start, at);
          malformed('"]]>" in text; it is written ]]&gt;', at + 2);
        }
        if (!final && length - at < 3 && text.charCodeAt(length - 1) === BRACKET) break;
      } else if (code === RETURN) {
        emit(start, at, '\n');
        if (text.charCodeAt(at + 1) === LINE_FEED) at++;
        start = at + 1;
      } else if (code < SPACE ? code !== LINE_FEED && code !== TAB : code >= SURROGATES) {
        if (firstIllegal(text, at, at + 1) === at) {
          emit(start, at);
          malformed(ILLEGAL, at);
        }
        if (code < 0xdc00) at++;
      }
    }
    emit(start, at);
    return at;
  }

  /** White space outside the root element. */
  function readSpace(from: number): number {
    let at = from;
    while (isSpace(text.charCodeAt(at))) at++;
    if (at < text.length && text.charCodeAt(at) !== LESS) malformed(OUTSIDE, at);
    return at;
  }

  function readReferenceAt(at: number): number {
    const reference = readReference(text, at);
    if (typeof reference === 'string') return malformed(referenceMistakes[reference], at);
    referred = reference.value;
    return reference.end === 0 ? CUT_OFF : reference.end;
  }

  function readMarkup(at: number): number {
    const code = text.charCodeAt(at + 1);
    if (code === SLASH) return readEndTag(at);
    if (code === BANG) return readDeclared(at);
    if (code === QUESTION) return readInstruction(at);
    if (at + 1 >= text.length) return CUT_OFF;
    if (!beginsName(text.codePointAt(at + 1) ?? 0)) malformed(NO_TAG, at + 1);
    const expected = expectation.next;
    return expected !== undefined && open.length > 0 ? readExpected(at, expected) : readStartTag(at);
  }

  /** A comment, CDATA or DOCTYPE. */
  function readDeclared(at: number): number {
    if (text.startsWith('<!--', at)) return readComment(at);
    if (text.startsWith('<![CDATA[', at)) return readCdata(at);
    if (text.startsWith('<!DOCTYPE', at)) {
      place = at;
      return events.doctype();
    }
    const rest = text.slice(at, at + 9);
    const cut = at + rest.length === text.length;
    if (cut && ['<!--', '<![CDATA[', '<!DOCTYPE'].some((whole) => whole.startsWith(rest))) return CUT_OFF;
    return malformed('"<!" begins no comment and no CDATA', at + 1);
  }

  function readComment(at: number): number {
    const dashes = text.indexOf('--', at + 4);
    checkCharacters(at + 4, dashes < 0 ? text.length : dashes);
    if (dashes < 0 || dashes + 2 >= text.length) return CUT_OFF;
    if (text.charCodeAt(dashes + 2) !== GREATER) malformed('"--" inside a comment', dashes + 1);
    return dashes + 3;
  }

  function readCdata(at: number): number {
    if (open.length === 0) malformed(OUTSIDE, at);
    const end = text.indexOf(']]>', at + 9);
    checkCharacters(at + 9, end < 0 ? text.length : end);
    if (end < 0) return CUT_OFF;
    place = end + 2;
    const content = withLineFeeds(text.slice(at + 9, end));
    if (content !== '') events.text(content);
    return end + 3;
  }

  /** A processing instruction, or the XML declaration. */
  function readInstruction(at: number): number {
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
    const declares = target === 'xml' && !begun;
    if (!declares && target.toLowerCase() === 'xml') {
      malformed('an XML declaration that is not the very first', nameEnd);
    }
    const after = text.charCodeAt(nameEnd);
    if (after !== QUESTION && !isSpace(after)) malformed('a target that is no name', nameEnd);
    const end = text.indexOf('?>', nameEnd);
    checkCharacters(nameEnd, end < 0 ? text.length : end);
    if (end < 0 && (after !== QUESTION || nameEnd + 1 === text.length)) return CUT_OFF;
    if (after === QUESTION && end !== nameEnd) malformed('a target without space behind it', nameEnd);
    if (declares && !isDeclaration(text.slice(nameEnd, end))) {
      malformed('an XML declaration that is none; expected e.g. <?xml version="1.0"?>', end + 1);
    }
    return end + 2;
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
    if (name === undefined) return malformed(`unmatched closing tag: ${text.slice(at + 2, nameEnd)}`, end);
    if (found !== name.length || !text.startsWith(name, at + 2)) {
      malformed(`</${name}> expected`, end);
    }
    endElement(end);
    return end + 1;
  }

  function hasReference(from: number, end: number): boolean {
    if (ampersand < from) {
      const next = text.indexOf('&', from);
      ampersand = next < 0 ? text.length : next;
    }
    return ampersand < end;
  }

  /** Reads the expected element, or no more than its start tag. */
  function readExpected(at: number, element: ExpectedElement): number {
    const uri = prefixes.none.uri ?? '';
    const { whole } = element;
    if (whole !== undefined) {
      whole.lastIndex = at;
      const texts = whole.exec(text);
      if (texts !== null) {
        const end = at + texts[0].length;
        if (hasReference(at, end)) {
          for (let index = 1; index < texts.length; index++)
            texts[index] &&= resolveReferences(texts[index] ?? '');
        }
        if (events.whole(element, uri, texts)) return end;
      }
    }
    if (!text.startsWith(element.startTag, at)) return readStartTag(at);
    const end = at + element.startTag.length - 1;
    place = end;
    events.element(open.length);
    around.push(declarations);
    open.push(element.name);
    events.open(element.name, uri, noAttributes, element);
    return end + 1;
  }

  function endElement(at: number): void {
    place = at;
    open.pop();
    const before = around.pop() ?? 0;
    if (declarations > before) {
      prefixes.end(before);
      declarations = before;
    }
    events.close();
  }

  function nameAt(from: number, end: number): QualifiedName {
    const name = readName(text, from, end);
    return name.malformed ? malformed(`malformed name: ${name.text}`, end) : name;
  }

  function readStartTag(at: number): number {
    const nameEnd = endOfName(text, at + 1);
    if (nameEnd === text.length) return CUT_OFF;
    place = nameEnd;
    events.element(open.length);
    if (rootSeen && open.length === 0) malformed('there is a second root element', nameEnd);
    const name = nameAt(at + 1, nameEnd);
    let end = nameEnd;
    if (sent.length > 0) sent = [];
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
      end = readAttribute(end);
      if (end === CUT_OFF) return CUT_OFF;
    }
    beginElement(name, end);
    return end + 1;
  }

  /** Reads an attribute into `sent`. */
  function readAttribute(at: number): number {
    if (!beginsName(text.codePointAt(at) ?? 0)) malformed('a character that no attribute begins with', at);
    const nameEnd = endOfName(text, at);
    let end = nameEnd;
    while (isSpace(text.charCodeAt(end))) end++;
    if (end === text.length) return CUT_OFF;
    if (text.charCodeAt(end) !== EQUALS) malformed('an attribute without a value', end);
    end++;
    while (isSpace(text.charCodeAt(end))) end++;
    if (end === text.length) return CUT_OFF;
    const quote = text.charCodeAt(end);
    if (quote !== QUOTE && quote !== APOSTROPHE) malformed('the value of an attribute without quotes', end);
    return readValue(nameAt(at, nameEnd), quote, end + 1);
  }

  function readValue(name: QualifiedName, quote: number, from: number): number {
    let value = '';
    let start = from;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        sent.push({ name, value: value + text.slice(start, at) });
        place = at;
        events.attribute(sent.length);
        return at + 1;
      }
      if (code > LESS && code < SURROGATES) continue;
      if (code === LESS) malformed('"<" in the value of an attribute; it is written &lt;', at);
      if (code === AMPERSAND) {
        value += text.slice(start, at);
        const end = readReferenceAt(at);
        if (end === CUT_OFF) return CUT_OFF;
        value += referred;
        start = end;
        at = end - 1;
      } else if (code === LINE_FEED || code === RETURN || code === TAB) {
        value += `${text.slice(start, at)} `;
        if (code === RETURN && text.charCodeAt(at + 1) === LINE_FEED) at++;
        start = at + 1;
      } else if (code < SPACE || code >= SURROGATES) {
        if (firstIllegal(text, at, at + 1) === at) malformed(ILLEGAL, at);
        if (code < 0xdc00) at++;
      }
    }
    return CUT_OFF;
  }

  function beginElement(name: QualifiedName, end: number): void {
    place = end;
    rootSeen = true;
    around.push(declarations);
    open.push(name.text);
    const attributes = sent.length === 0 ? noAttributes : namedAttributes(end);
    if (name.prefix.name === 'xmlns') malformed('an element with the prefix xmlns', end);
    events.open(name.local, uriOf(name, end), attributes);
  }

  function uriOf({ prefix }: QualifiedName, end: number): string {
    const { name, uri } = prefix;
    if (uri === undefined) return malformed(`unbound namespace prefix: "${name}"`, end);
    return uri;
  }

  /** What was sent, after the declarations among it are in force. */
  function namedAttributes(end: number): XmlAttribute[] {
    for (const { name, value } of sent) {
      const declares = name.prefix.name === 'xmlns' ? name.local : name.text === 'xmlns' ? '' : undefined;
      if (declares === undefined) continue;
      const problem = prefixes.declare(declares, trimSpace(value));
      if (problem !== undefined) malformed(problem, end);
    }
    declarations = prefixes.count();
    const attributes = sent.map(({ name, value }) => {
      const { local, prefix, text: written } = name;
      if (prefix.name === '') return { local, uri: written === 'xmlns' ? XMLNS_NAMESPACE : '', value };
      return { local, uri: uriOf(name, end), value };
    });
    if (attributes.length > 1) refuseDuplicates(attributes, end);
    return attributes;
  }

  function refuseDuplicates(attributes: readonly XmlAttribute[], end: number): void {
    const seen = new Set<string>();
    for (const { local, uri } of attributes) {
      const name = uri === '' ? local : `{${uri}}${local}`;
      if (seen.has(name)) malformed(`duplicate attribute: ${name}`, end);
      seen.add(name);
    }
  }

  return {
    scan(more, final) {
      text = more;
      ampersand = -1;
      let at = 0;
      while (at < text.length) {
        const isMarkup = text.charCodeAt(at) === LESS;
        const end = isMarkup ? readMarkup(at) : open.length > 0 ? readText(at, final) : readSpace(at);
        if (end === CUT_OFF || end === at) break;
        begun = true;
        at = end;
      }
      if (final) refuseUnfinished(at);
      return at;
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
