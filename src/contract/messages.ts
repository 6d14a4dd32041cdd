import type { BuiltinValues, ElementDeclaration, ExtensionDeclaration, Occurrence } from './declarations.ts';
import type { EnumerationName, EnumerationValue } from './enumerations.ts';
import type { TypeName, types } from './types.ts';

type Types = typeof types;
type ElementsOf<Name extends TypeName> = Types[Name]['elements'][number];

/** The types that extend the abstract type `Base`. */
type ExtensionsOf<Base extends TypeName> = {
  [Name in TypeName]: Types[Name] extends ExtensionDeclaration<Base, infer _> ? Name : never;
}[TypeName];

/**
 * Which extension a value of an abstract type is; on the wire this is `xsi:type`.
 */
interface Discriminated<Name extends string> {
  $type: Name;
}

type Flat<T> = { [Key in keyof T]: T[Key] };

// ── messages as they are sent: complete ──────────────────────────────────────────────────────────────────────

type SentValue<Type extends string> = Type extends keyof BuiltinValues
  ? BuiltinValues[Type]
  : Type extends EnumerationName
    ? EnumerationValue<Type>
    : Type extends TypeName
      ? Message<Type>
      : never;

type Named<Element, Occurs extends Occurrence> = Extract<Element, ElementDeclaration<string, string, Occurs>>;

type SentElements<Element extends ElementDeclaration> = Flat<
  { [E in Named<Element, 'one'> as E['name']]: SentValue<E['type']> } & {
    [E in Named<Element, 'optional'> as E['name']]?: SentValue<E['type']>;
  } & { [E in Named<Element, 'nillable'> as E['name']]: SentValue<E['type']> | null } & {
    [E in Named<Element, 'optionalNillable'> as E['name']]?: SentValue<E['type']> | null;
  } & { [E in Named<Element, 'many'> as E['name']]: SentValue<E['type']>[] }
>;

/**
 * A whole message of the named type, as it is sent: required elements are there, a nil one is null, a repeated
 * one is an array, one that is left out is absent. A value of an abstract type says in `$type` which it is.
 */
export type Message<Name extends TypeName> = Types[Name]['abstract'] extends true
  ? { [E in ExtensionsOf<Name>]: Discriminated<E> & SentElements<ElementsOf<E>> }[ExtensionsOf<Name>]
  : SentElements<ElementsOf<Name>>;

// ── messages as they arrive: anything may be missing ─────────────────────────────────────────────────────────

type ReceivedValue<Type extends string> = Type extends keyof BuiltinValues
  ? BuiltinValues[Type]
  : Type extends EnumerationName
    ? EnumerationValue<Type>
    : Type extends TypeName
      ? Received<Type>
      : never;

type ReceivedElements<Element extends ElementDeclaration> = Flat<
  { [E in Named<Element, 'one' | 'optional'> as E['name']]?: ReceivedValue<E['type']> } & {
    [E in Named<Element, 'nillable' | 'optionalNillable'> as E['name']]?: ReceivedValue<E['type']> | null;
  } & { [E in Named<Element, 'many'> as E['name']]: ReceivedValue<E['type']>[] }
>;

/**
 * A message of the named type as the decoder hands it over: every value is of its type, but a required element
 * may be missing, since real clients leave elements out; whoever needs it says so.
 */
export type Received<Name extends TypeName> = Types[Name]['abstract'] extends true
  ? { [E in ExtensionsOf<Name>]: Discriminated<E> & ReceivedElements<ElementsOf<E>> }[ExtensionsOf<Name>]
  : ReceivedElements<ElementsOf<Name>>;

/** An element whose text could not be read as its type. The element counts as not sent. */
export interface Unreadable {
  /** Its name in the schema. */
  readonly element: string;
  /** Its text, shortened to 100 characters. */
  readonly value: string;
  /** What was expected, in words: "an integer from -2147483648 to 2147483647". */
  readonly expected: string;
}

/**
 * The unreadable elements of a decoded message, by the (sub)message that they stand in directly. Whoever uses a
 * part of the message decides whether that ends the call or only one row of it.
 */
export type UnreadableParts = ReadonlyMap<object, readonly Unreadable[]>;
