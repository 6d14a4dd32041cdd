import { shortened } from '../contract/shortened.ts';
import {
  AMPERSAND,
  APOSTROPHE,
  CUT_OFF,
  EQUALS,
  ILLEGAL,
  LESS,
  LINE_FEED,
  type Malformed,
  QUOTE,
  RETURN,
  SPACE,
  SURROGATES,
  TAB,
} from './char-codes.ts';
import { firstIllegal, isSpace, withSpaces } from './xml-characters.ts';
import { beginsName, endOfName, LONGEST_NAME } from './xml-names.ts';
import { type Prefixes, type QualifiedName, XMLNS_NAMESPACE } from './xml-namespaces.ts';
import { referenceAt } from './xml-reference.ts';
import { trimSpace } from './xml-text.ts';

/** An attribute; `uri` is its namespace, '' for none. Namespace declarations are among them. */
export interface XmlAttribute {
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

interface SentAttribute {
  readonly name: QualifiedName;
  readonly value: string;
}

const none: readonly XmlAttribute[] = [];

/** Returns the prefix that an attribute of that name declares, '' for the default namespace. */
const declaredPrefix = ({ prefix, local, text }: QualifiedName): string | undefined =>
  prefix.name === 'xmlns' ? local : text === 'xmlns' ? '' : undefined;

const expandedName = ({ local, uri }: XmlAttribute) => (uri === '' ? local : `{${uri}}${local}`);

/** Up to this many attributes are compared with each other: that is faster than making a set of names. */
const FEW = 8;

/** Returns the first attribute whose name occurs earlier. */
function duplicateOfFew(attributes: readonly XmlAttribute[]): XmlAttribute | undefined {
  for (let index = 1; index < attributes.length; index++) {
    const attribute = attributes[index];
    for (let earlier = 0; earlier < index; earlier++) {
      const other = attributes[earlier];
      if (other?.local === attribute?.local && other?.uri === attribute?.uri) return attribute;
    }
  }
  return undefined;
}

/** Returns the same as `duplicateOfFew`, in time proportional to the number of attributes. */
function duplicateOfMany(attributes: readonly XmlAttribute[]): XmlAttribute | undefined {
  const seen = new Set<string>();
  return attributes.find((attribute) => {
    const name = expandedName(attribute);
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
}

/** Reads the attributes of start tags, one tag after the other. */
export interface AttributeReader {
  /** Begins another start tag. */
  begin(): void;
  /** Reads the attribute that starts at that index. Returns the index behind it, or `CUT_OFF`. */
  read(text: string, at: number): number;
  /**
   * Returns the attributes of a tag that ends at that index. Applies the namespace declarations among them first.
   * Leaves out attributes whose prefix is unbound.
   */
  all(end: number): readonly XmlAttribute[];
}

/** The part of the scanner that an attribute reader uses. */
interface AttributeReaderHost {
  readonly prefixes: Prefixes;
  nameAt(from: number, end: number): QualifiedName;
  /** Max length of all values of a tag, unresolved, without namespace declarations. */
  readonly longestText: number;
  /** Refuses values beyond `longestText`, at an index. */
  tooLong(index: number): never;
  /** Called for each attribute, with the number of the tag's attributes so far and the index of its last character. */
  attribute(count: number, end: number): void;
  readonly malformed: Malformed;
}

/** Returns a reader that normalizes values as CDATA (XML 1.0, 3.3.3). */
export function createAttributeReader(host: AttributeReaderHost): AttributeReader {
  const { prefixes, nameAt, malformed } = host;
  let sent: SentAttribute[] = [];
  /** Length that the tag's values may still have. */
  let left = host.longestText;

  function readValue(text: string, name: QualifiedName, quote: number, from: number): number {
    const declares = declaredPrefix(name) !== undefined;
    const most = declares ? LONGEST_NAME : left;
    const stop = Math.min(text.length, from + most + 1);
    // Joined once: V8 would make a rope of repeated concatenation, 32 bytes per part.
    let parts: string[] | undefined;
    let hasSpaces = false;
    let start = from;
    for (let at = from; at < stop; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        const last = text.slice(start, at);
        const written = hasSpaces ? withSpaces(last) : last;
        sent.push({ name, value: parts === undefined ? written : parts.join('') + written });
        if (!declares) left -= at - from;
        host.attribute(sent.length, at);
        return at + 1;
      }
      if (code > LESS && code < SURROGATES) continue;
      if (code === LESS) malformed('"<" in the value of an attribute; it is written &lt;', at);
      if (code === AMPERSAND) {
        const reference = referenceAt(text, at, malformed);
        if (reference.end === CUT_OFF) break;
        const before = text.slice(start, at);
        parts ??= [];
        parts.push(hasSpaces ? withSpaces(before) : before, reference.value);
        start = reference.end;
        at = start - 1;
      } else if (code === LINE_FEED || code === RETURN || code === TAB) {
        hasSpaces = true;
      } else if (code < SPACE || code >= SURROGATES) {
        if (firstIllegal(text, at, at + 1) === at) malformed(ILLEGAL, at);
        if (code < 0xdc00) at++;
      }
    }
    if (text.length - from > most) {
      if (!declares) host.tooLong(from + most);
      malformed(`a namespace's name of more than ${LONGEST_NAME} characters`, from + most);
    }
    return CUT_OFF;
  }

  function declareNamespaces(end: number): void {
    for (const { name, value } of sent) {
      const declares = declaredPrefix(name);
      if (declares === undefined) continue;
      const problem = prefixes.declare(declares, trimSpace(value));
      if (problem !== undefined) malformed(problem, end);
    }
  }

  function refuseDuplicates(attributes: readonly XmlAttribute[], end: number): void {
    const duplicate = attributes.length > FEW ? duplicateOfMany(attributes) : duplicateOfFew(attributes);
    if (duplicate !== undefined)
      malformed(`duplicate attribute: ${shortened(expandedName(duplicate), 100)}`, end);
  }

  return {
    begin() {
      if (sent.length > 0) sent = [];
      left = host.longestText;
    },
    read(text, at) {
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
      return readValue(text, nameAt(at, nameEnd), quote, end + 1);
    },
    all(end) {
      if (sent.length === 0) return none;
      declareNamespaces(end);
      const attributes: XmlAttribute[] = [];
      const unbound: XmlAttribute[] = [];
      for (const { name, value } of sent) {
        const { local, prefix, text: written } = name;
        if (prefix.name === '') {
          attributes.push({ local, uri: written === 'xmlns' ? XMLNS_NAMESPACE : '', value });
        } else if (prefix.uri !== undefined) {
          attributes.push({ local, uri: prefix.uri, value });
        } else {
          unbound.push({ local: written, uri: '', value });
        }
      }
      if (attributes.length > 1) refuseDuplicates(attributes, end);
      if (unbound.length > 1) refuseDuplicates(unbound, end);
      return attributes;
    },
  };
}
