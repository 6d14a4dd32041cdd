import type { TypeDeclaration } from '../contract/declarations.ts';
import { types } from '../contract/types.ts';
import { type KnownShapes, noShapes } from './element-shapes.ts';
import { type Scalar, scalarNamed } from './scalars.ts';
import {
  type ElementPattern,
  type ExpectedElement,
  optionalPart,
  parentPart,
  partPattern,
  textPart,
} from './xml-expectation.ts';

/** An element as the decoder needs it. */
export interface CompiledElement extends ExpectedElement {
  /** Its name in the schema, which is its key in the message. */
  readonly name: string;
  /** The type whose element it is. */
  readonly of: CompiledType;
  readonly many: boolean;
  readonly nillable: boolean;
  /** Each item gets an answer of its own, so one that is nil keeps its place. */
  readonly isRow: boolean;
  readonly content: CompiledType | Scalar;
  /** Of the items of a list, which are mostly written alike; undefined: `pattern` does for it, or it is no item. */
  readonly shapes: KnownShapes | undefined;
  /** The element of the same type that followed it last. The decoder learns it, and only guesses by it. */
  next: CompiledElement | undefined;
}

/** A message type as the decoder needs it. */
export interface CompiledType {
  readonly kind: 'type';
  readonly name: string;
  /** By every local name under which clients send them. */
  readonly elements: ReadonlyMap<string, CompiledElement>;
  /** The element that such a message began with last; learned, and only a guess, as `next` is. */
  first: CompiledElement | undefined;
  /** The elements in the order of the contract. */
  readonly inOrder: readonly CompiledElement[];
  /** The elements that are arrays in the message, whether any was sent or not. */
  readonly arrays: readonly string[];
  /** Set when the type is a list: its only element, which occurs any number of times. */
  readonly item: CompiledElement | undefined;
  /** Set when the type is abstract: its extensions by name. */
  readonly extensions: ReadonlyMap<string, CompiledType> | undefined;
  /** The type extends an abstract one, so its messages say in `$type` which they are. */
  readonly discriminated: boolean;
}

type Declarations = Readonly<Record<string, TypeDeclaration>>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Turns declarations into the decoder's tables, each type once. The answer's function throws for unknown names. */
export function createCompiler(declarations: Declarations): (name: string) => CompiledType {
  const compiled = new Map<string, CompiledType>();

  function contentNamed(name: string): CompiledType | Scalar {
    return scalarNamed(name) ?? compile(name);
  }

  /** What matches an element of this type, where it and its children are as most clients send them. */
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
        shapes: pattern === undefined && occurs === 'many' ? noShapes() : undefined,
        of: type,
        many: occurs === 'many',
        nillable: occurs === 'nillable' || occurs === 'optionalNillable',
        isRow,
        content,
        next: undefined,
      };
      inOrder.push(element);
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

/** The decoder's table of a type of the contract. */
export const compiledType = createCompiler(types);
