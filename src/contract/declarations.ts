/**
 * The vocabulary of the contract: how message types and their elements are declared. WSDL writer, decoder, encoder
 * and TypeScript types are derived from these declarations.
 */

/**
 * The built-in simple types of XML Schema that the API uses, by local name, with the TypeScript type of their values.
 */
export interface BuiltinValues {
  string: string;
  /** A 32-bit integer. */
  int: number;
  /** A 64-bit integer; a bigint, because a JavaScript number cannot hold all of them. */
  long: bigint;
  /** An integer of any size. */
  integer: bigint;
  boolean: boolean;
  /** The text as sent; interpreted where it is used. */
  dateTime: string;
  base64Binary: Uint8Array;
  /** The text of any simple value. */
  anySimpleType: string;
}

/** The names of these types. */
export const builtinNames = [
  'string',
  'int',
  'long',
  'integer',
  'boolean',
  'dateTime',
  'base64Binary',
  'anySimpleType',
] as const satisfies readonly (keyof BuiltinValues)[];

export type BuiltinName = keyof BuiltinValues;

/**
 * How often an element occurs, and if it may be nil:
 *
 * | occurrence | minOccurs | maxOccurs | nillable |
 * |---|---|---|---|
 * | one | 1 | 1 | no |
 * | optional | 0 | 1 | no |
 * | nillable | 1 | 1 | yes |
 * | optionalNillable | 0 | 1 | yes |
 * | many | 0 | unbounded | no |
 *
 * `unlisted`: the schema has no such element, but clients send it; it is read, and never written.
 */
export type Occurrence = 'one' | 'optional' | 'nillable' | 'optionalNillable' | 'many' | 'unlisted';

/** An element of a message type. `alsoNamed`: other names that real clients use (read, never written). */
export interface ElementDeclaration<
  Name extends string = string,
  Type extends string = string,
  Occurs extends Occurrence = Occurrence,
> {
  readonly name: Name;
  readonly type: Type;
  readonly occurs: Occurs;
  readonly alsoNamed: readonly string[];
  /** Each item gets an answer of its own, in order; so one that is nil keeps its place. */
  readonly isRow?: boolean;
  /** The first major API version whose messages have it. Not given: all have it. */
  readonly since?: number;
}

/** A message type: its elements in schema order. `base` names the abstract type that it extends. */
export interface TypeDeclaration<
  Elements extends readonly ElementDeclaration[] = readonly ElementDeclaration[],
> {
  readonly elements: Elements;
  readonly abstract: boolean;
  readonly base: string | undefined;
}

function element<Occurs extends Occurrence>(occurs: Occurs) {
  return <const Name extends string, const Type extends string>(
    name: Name,
    type: Type,
    alsoNamed: readonly string[] = [],
  ): ElementDeclaration<Name, Type, Occurs> => ({ name, type, occurs, alsoNamed });
}

/** Declares an element that occurs exactly once. */
export const one = element('one');
/** Declares an element that may be left out. */
export const optional = element('optional');
/** Declares an element that always occurs and may be nil. */
export const nillable = element('nillable');
/** Declares an element that may be left out or nil. */
export const optionalNillable = element('optionalNillable');
/** Declares an element that clients send although the schema has none of its name. */
export const unlisted = element('unlisted');
/** Declares an element that occurs any number of times. */
export const many = element('many');

/** Declares an element that occurs any number of times, each of which gets an answer of its own. */
export const rows = <const Name extends string, const Type extends string>(
  name: Name,
  type: Type,
): ElementDeclaration<Name, Type, 'many'> => ({ ...many(name, type), isRow: true });

/** Declares that only messages of this major API version and later ones have an element. */
export const since = <Declared extends ElementDeclaration>(
  version: number,
  declared: Declared,
): Declared => ({
  ...declared,
  since: version,
});

/** Declares a message type from its elements, in order. */
export function sequence<const Elements extends readonly ElementDeclaration[]>(
  ...elements: Elements
): TypeDeclaration<Elements> {
  return { elements, abstract: false, base: undefined };
}

/** A message type that extends an abstract one. On the wire, `xsi:type` identifies it. */
export interface ExtensionDeclaration<Base extends string, Elements extends readonly ElementDeclaration[]>
  extends TypeDeclaration<Elements> {
  readonly base: Base;
}

/** Declares a message type that extends the abstract type `base`. */
export function extension<const Base extends string, const Elements extends readonly ElementDeclaration[]>(
  base: Base,
  ...elements: Elements
): ExtensionDeclaration<Base, Elements> {
  return { elements, abstract: false, base };
}

/** An abstract message type: only its extensions occur. */
export interface AbstractDeclaration extends TypeDeclaration<readonly []> {
  readonly abstract: true;
}

/** Declares an abstract message type. */
export function abstractType(): AbstractDeclaration {
  return { elements: [], abstract: true, base: undefined };
}
