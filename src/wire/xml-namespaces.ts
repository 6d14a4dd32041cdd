import type { Malformed } from './char-codes.ts';
import { beginsName } from './xml-names.ts';

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** A prefix and what it stands for now; '' is the prefix of names without one. */
export interface Prefix {
  readonly name: string;
  /** Undefined: nothing. */
  uri: string | undefined;
}

/** A name as it stands in tags. */
export interface QualifiedName {
  readonly text: string;
  readonly prefix: Prefix;
  readonly local: string;
  /** Its colons are not where Namespaces in XML 1.0 allows them. */
  readonly malformed: boolean;
}

/** The prefixes of one document. */
export interface Prefixes {
  /** The prefix of names that have none: what the default namespace is. */
  readonly none: Prefix;
  /** Reads a name that consists of name characters. */
  read(text: string): QualifiedName;
  /** What a prefix stands for here. */
  resolve(prefix: string): string | undefined;
  /** Declares a prefix ('' for the default) until `end` goes back before it. Says what is wrong with it, if it is. */
  declare(name: string, uri: string): string | undefined;
  /** How many declarations are in force, to be given to `end`. */
  count(): number;
  /** Takes back the declarations beyond that many. */
  end(count: number): void;
}

/**
 * Namespaces in XML 1.0. There is one object for each prefix, which names refer to, and a declaration changes what
 * it says and remembers what it said: so neither a lookup nor an element costs more the deeper it stands.
 */
export function createPrefixes(): Prefixes {
  const none: Prefix = { name: '', uri: '' };
  const known = new Map<string, Prefix>([
    ['', none],
    ['xml', { name: 'xml', uri: XML_NAMESPACE }],
    ['xmlns', { name: 'xmlns', uri: XMLNS_NAMESPACE }],
  ]);
  const declared: Prefix[] = [];
  const earlier: (string | undefined)[] = [];

  function prefixOf(name: string): Prefix {
    let prefix = known.get(name);
    if (prefix === undefined) {
      prefix = { name, uri: undefined };
      known.set(name, prefix);
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
    resolve: (prefix) => known.get(prefix)?.uri,
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

/** The namespace of a name in a tag that ends at that index, which is refused if it has none. */
export function uriOf({ prefix }: QualifiedName, end: number, malformed: Malformed): string {
  const { name, uri } = prefix;
  if (uri === undefined) return malformed(`unbound namespace prefix: "${name}"`, end);
  return uri;
}

/** What Namespaces in XML 1.0, section 3, has against a declaration. */
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
