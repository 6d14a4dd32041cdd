import type { Malformed } from './char-codes.ts';
import { beginsName } from './xml-names.ts';

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** A prefix and the namespace it is bound to now; '' is the prefix of names without one. */
export interface Prefix {
  readonly name: string;
  /** Undefined if the prefix is unbound. */
  uri: string | undefined;
}

/** A name in a tag. */
export interface QualifiedName {
  readonly text: string;
  readonly prefix: Prefix;
  readonly local: string;
  /** It has colons where Namespaces in XML 1.0 allows none. */
  readonly malformed: boolean;
}

/** The prefixes of one document. */
export interface Prefixes {
  /** The prefix of names without one; its `uri` is the default namespace. */
  readonly none: Prefix;
  /** Splits a name, which consists of name characters, into prefix and local name. */
  read(text: string): QualifiedName;
  /** Returns the namespace that a prefix is bound to here. */
  resolve(prefix: string): string | undefined;
  /** Binds a prefix ('' for the default namespace). Returns what is wrong with the declaration, if anything is. */
  declare(name: string, uri: string): string | undefined;
  /** Returns the number of declarations in force, for `end`. */
  count(): number;
  /** Undoes the declarations beyond that number. */
  end(count: number): void;
}

/** Bound in every document. They cannot be bound to anything else, so all documents share them. */
const xml: Prefix = { name: 'xml', uri: XML_NAMESPACE };
const xmlns: Prefix = { name: 'xmlns', uri: XMLNS_NAMESPACE };

/**
 * Namespaces in XML 1.0. Names refer to one object per prefix. A declaration changes that object and keeps the value
 * before, so the cost of names and elements does not depend on their depth.
 */
export function createPrefixes(): Prefixes {
  const none: Prefix = { name: '', uri: '' };
  const others = new Map<string, Prefix>();
  const declared: Prefix[] = [];
  const earlier: (string | undefined)[] = [];

  const find = (name: string): Prefix | undefined =>
    name === '' ? none : name === 'xmlns' ? xmlns : name === 'xml' ? xml : others.get(name);

  function prefixOf(name: string): Prefix {
    let prefix = find(name);
    if (prefix === undefined) {
      prefix = { name, uri: undefined };
      others.set(name, prefix);
    }
    return prefix;
  }

  return {
    none,
    read(text) {
      const colon = text.indexOf(':');
      if (colon < 0) return { text, prefix: none, local: text, malformed: false };
      const local = text.slice(colon + 1);
      const malformed = colon === 0 || local.includes(':') || !beginsName(local.codePointAt(0) ?? 0);
      return { text, prefix: prefixOf(text.slice(0, colon)), local, malformed };
    },
    resolve: (prefix) => find(prefix)?.uri,
    declare(name, uri) {
      const problem = problemWith(name, uri);
      if (problem === undefined) {
        const prefix = prefixOf(name);
        declared.push(prefix);
        earlier.push(prefix.uri);
        prefix.uri = uri;
      }
      return problem;
    },
    count: () => declared.length,
    end(count) {
      while (declared.length > count) {
        const prefix = declared.pop();
        const uri = earlier.pop();
        if (prefix !== undefined) prefix.uri = uri;
      }
    },
  };
}

/** Returns the namespace of a name in a tag that ends at that index; refuses an unbound prefix. */
export function uriOf({ prefix }: QualifiedName, end: number, malformed: Malformed): string {
  const { name, uri } = prefix;
  if (uri === undefined) return malformed(`unbound namespace prefix: "${name}"`, end);
  return uri;
}

/** Returns what is wrong with a declaration by Namespaces in XML 1.0, section 3. */
function problemWith(prefix: string, uri: string): string | undefined {
  if (prefix === 'xmlns') return 'the prefix xmlns must not be declared';
  if (uri === XMLNS_NAMESPACE) return `no prefix may stand for ${XMLNS_NAMESPACE}`;
  if ((prefix === 'xml') !== (uri === XML_NAMESPACE)) {
    return `the prefix xml, and no other, stands for ${XML_NAMESPACE}`;
  }
  if (prefix !== '' && uri === '')
    return `the prefix "${prefix}" is taken back, which XML 1.0 does not allow`;
  return undefined;
}
