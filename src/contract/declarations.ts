/**
 * The vocabulary in which the contract is written: how one message type and its elements are declared.
 * Everything that knows the API (WSDL writer, decoder, encoder, TypeScript types) reads these declarations.
 */

/** XML Schema's own simple types that the API uses, by local name, with the TypeScript type each is read as. */
export interface BuiltinValues {
  string: string;
  /** A 32-bit integer. */
  int: number;
  /** A 64-bit integer; read as bigint because a JavaScript number cannot hold all of them. */
  long: bigint;
  /** An integer of any size. */
  integer: bigint;
  boolean: boolean;
  /** Kept as the text that was sent: what it means is decided where it is used. */
  dateTime: string;
  base64Binary: Uint8Array;
  /** Any simple value; its text. */
  anySimpleType: string;
}

/** Names of XML Schema's simple types that the API uses. */
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
 * How often an element occurs and whether it may be nil:
 *
 * | occurrence | minOccurs | maxOccurs | nillable |
 * |---|---|---|---|
 * | one | 1 | 1 | no |
 * | optional | 0 | 1 | no |
 * | nillable | 1 | 1 | yes |
 * | optionalNillable | 0 | 1 | yes |
 * | many | 0 | unbounded | no |
 */
export type Occurrence = 'one' | 'optional' | 'nillable' | 'optionalNillable' | 'many';

/** One element of a message type. `alsoNamed`: other names that real clients send for it (read, never written). */
export interface ElementDeclaration<
  Name extends string = string,
  Type extends string = string,
  Occurs extends Occurrence = Occurrence,
> {
  readonly name: Name;
  readonly type: Type;
  readonly occurs: Occurs;
  readonly alsoNamed: readonly string[];
}

/** A message type: its elements in the schema's order; `base` names the abstract type that it extends. */
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
/** Declares an element that is always there, and may be nil. */
export const nillable = element('nillable');
/** Declares an element that may be left out or nil. */
export const optionalNillable = element('optionalNillable');
/** Declares an element that occurs any number of times. */
export const many = element('many');

/** Declares a message type by its elements, in order. */
export function sequence<const Elements extends readonly ElementDeclaration[]>(
  ...elements: Elements
): TypeDeclaration<Elements> {
  return { elements, abstract: false, base: undefined };
}

/** A message type that extends an abstract one. On the wire it is told from its siblings by `xsi:type`. */
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

/** A message type of which only extensions occur. */
export interface AbstractDeclaration extends TypeDeclaration<readonly []> {
  readonly abstract: true;
}

/** Declares a message type of which only extensions occur. */
export function abstractType(): AbstractDeclaration {
  return { elements: [], abstract: true, base: undefined };
}
