import type { TypeDeclaration } from '../contract/declarations.ts';
import { types } from '../contract/types.ts';
import { createKnownShapes, type KnownShapes } from './known-shapes.ts';
import { type Scalar, scalarNamed } from './scalars.ts';
import {
  type ElementPattern,
  type ExpectedElement,
  optionalPart,
  parentPart,
  partPattern,
  textPart,
} from './xml-expectation.ts';

/** An element of a message type, with what the decoder looks up for it. */
export interface CompiledElement extends ExpectedElement {
  /** Its name in the schema and its key in the message. */
  readonly name: string;
  /** The type that declares it. */
  readonly of: CompiledType;
  readonly many: boolean;
  readonly nillable: boolean;
  /** Each item is answered on its own, so a nil one keeps its place. */
  readonly isRow: boolean;
  readonly content: CompiledType | Scalar;
  /** Learned by the decoder. Undefined unless it is a list's item that `pattern` cannot describe. */
  readonly shapes: KnownShapes | undefined;
  /** The element that most recently followed it in a message. Learned by the decoder, used only to guess. */
  next: CompiledElement | undefined;
}

/** A message type, with what the decoder looks up for it. */
export interface CompiledType {
  readonly kind: 'type';
  readonly name: string;
  /** By each local name that clients use for them. */
  readonly elements: ReadonlyMap<string, CompiledElement>;
  /** The element that most recently began a message of this type. Learned and used as `next` is. */
  first: CompiledElement | undefined;
  /** In the order of the contract. */
  readonly inOrder: readonly CompiledElement[];
  /** Names of the elements that are arrays in the message, empty if none was sent. */
  readonly arrays: readonly string[];
  /** The repeated element, if the type is a list (has no other). */
  readonly item: CompiledElement | undefined;
  /** Its extensions by name, if the type is abstract. */
  readonly extensions: ReadonlyMap<string, CompiledType> | undefined;
  /** It extends an abstract type, so its messages have `$type`. */
  readonly discriminated: boolean;
}

type Declarations = Readonly<Record<string, TypeDeclaration>>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Returns a function that compiles declared types by name, each once. It throws for unknown names. */
export function createCompiler(declarations: Declarations): (name: string) => CompiledType {
  const compiled = new Map<string, CompiledType>();

  function contentNamed(name: string): CompiledType | Scalar {
    return scalarNamed(name) ?? compile(name);
  }

  /** Returns the pattern of an element that is written as most clients do; undefined if it contains lists or types. */
  function patternOf(elementName: string, typeName: string): ElementPattern | undefined {
    if (scalarNamed(typeName) !== undefined) {
      return { regExp: partPattern(textPart(elementName)), depth: 1, elements: 1 };
    }
    const { elements = [], abstract = false } = declarations[typeName] ?? {};
    const isFlat = elements.every(({ type, occurs }) => scalarNamed(type) !== undefined && occurs !== 'many');
    if (abstract || elements.length === 0 || !isFlat) return undefined;
    const children = elements.map(({ name }) => optionalPart(textPart(name)));
    const regExp = partPattern(parentPart(elementName, children));
    return { regExp, depth: 2, elements: elements.length + 1 };
  }

  function compile(name: string): CompiledType {
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const declaration = declarations[name];
    if (declaration === undefined) throw new Error(`No type is declared as "${name}"`);

    const elements = new Map<string, CompiledElement>();
    const inOrder: CompiledElement[] = [];
    const type: Mutable<CompiledType> = {
      kind: 'type',
      name,
      elements,
      first: undefined,
      inOrder,
      arrays: declaration.elements.filter(({ occurs }) => occurs === 'many').map((element) => element.name),
      item: undefined,
      extensions: undefined,
      discriminated: declaration.base !== undefined,
    };
    compiled.set(name, type);

    for (const {
      name: elementName,
      type: typeName,
      occurs,
      alsoNamed,
      isRow = false,
    } of declaration.elements) {
      const content = contentNamed(typeName);
      const pattern = patternOf(elementName, typeName);
      const element: CompiledElement = {
        name: elementName,
        startTag: `<${elementName}>`,
        pattern,
        shapes: pattern === undefined && occurs === 'many' ? createKnownShapes() : undefined,
        of: type,
        many: occurs === 'many',
        nillable: occurs === 'nillable' || occurs === 'optionalNillable',
        isRow,
        content,
        next: undefined,
      };
      if (occurs !== 'unlisted') inOrder.push(element);
      for (const local of [elementName, ...alsoNamed]) elements.set(local, element);
      if (element.many && declaration.elements.length === 1) type.item = element;
    }
    type.first = inOrder[0];
    inOrder.forEach((element, index) => {
      element.next = element.many ? element : inOrder[index + 1];
    });
    if (declaration.abstract) {
      type.extensions = new Map(
        Object.keys(declarations)
          .filter((other) => declarations[other]?.base === name)
          .map((other) => [other, compile(other)]),
      );
    }
    return type;
  }

  return compile;
}

/** Returns a compiled type of the contract. */
export const compiledType = createCompiler(types);
