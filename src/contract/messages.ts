import type { BuiltinValues, ElementDeclaration, ExtensionDeclaration, Occurrence } from './declarations.ts';
import type { EnumerationName, EnumerationValue } from './enumerations.ts';
import type { TypeName, types } from './types.ts';

type Types = typeof types;
type ElementsOf<Name extends TypeName> = Types[Name]['elements'][number];

/** The types that extend the abstract type `Base`. */
type ExtensionsOf<Base extends TypeName> = {
  [Name in TypeName]: Types[Name] extends ExtensionDeclaration<Base, infer _> ? Name : never;
}[TypeName];

/** The extension that a value of an abstract type has; `xsi:type` on the wire. */
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
 * A complete message of the named type, as it is sent: required elements are present, nil is null, repeated elements
 * are arrays, omitted elements are absent. `$type` names the extension of an abstract type.
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
  { [E in Named<Element, 'one' | 'optional' | 'unlisted'> as E['name']]?: ReceivedValue<E['type']> } & {
    [E in Named<Element, 'nillable' | 'optionalNillable'> as E['name']]?: ReceivedValue<E['type']> | null;
  } & { [E in Named<Element, 'many'> as E['name']]: ReceivedValue<E['type']>[] }
>;

/**
 * A message of the named type as the decoder returns it. Every value has its type, but required elements may be
 * missing, because real clients omit them; the code that needs one must check.
 */
export type Received<Name extends TypeName> = Types[Name]['abstract'] extends true
  ? { [E in ExtensionsOf<Name>]: Discriminated<E> & ReceivedElements<ElementsOf<E>> }[ExtensionsOf<Name>]
  : ReceivedElements<ElementsOf<Name>>;

/** An element whose text does not have its type. It counts as not sent. */
export interface Unreadable {
  /** Its name in the schema. */
  readonly element: string;
  /** Its text, shortened to 100 characters. */
  readonly value: string;
  /** Description of the expected value: "an integer from -2147483648 to 2147483647". */
  readonly expected: string;
  /** A list that has elements, and none of those that it is made of: all that it was sent for would be lost. */
  readonly isList?: true;
}

/**
 * The unreadable elements of a decoded message, by the (sub)message that directly contains them. The user of that
 * part decides whether this fails the call or one row.
 */
export type UnreadableParts = ReadonlyMap<object, readonly Unreadable[]>;
