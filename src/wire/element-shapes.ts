import type { CompiledElement, CompiledType } from './compiled-type.ts';
import { createMessage, type Fields, type FieldWriter } from './message-fields.ts';
import {
  type ElementPattern,
  knownPart,
  type MatchedTexts,
  parentPart,
  partPattern,
  textPart,
} from './xml-expectation.ts';

/** An element of a shape, with the elements in it. */
interface ShapePart {
  readonly element: CompiledElement;
  /** Empty, where the element has text. */
  readonly parts: ShapePart[];
  /** The text of an element that names something; undefined: its text is not part of the shape. */
  readonly name?: string | undefined;
  /** Whether it has a name that is part of the shape and then a value in it, and nothing else. */
  readonly isNamedValue?: boolean;
}

/**
 * How an item of a list was written: which elements are in it, in which order, and what names they hold. The items of
 * a list are mostly written alike, so a shape matches the next one as a whole.
 */
export interface ElementShape extends ElementPattern {
  readonly root: ShapePart;
}

/** Elements whose text says what others hold: names of attributes and keys, types. It is the same in the next item. */
const naming: ReadonlySet<string> = new Set(['name', 'type', 'mObjType']);
/** A name that can be written in one way only. */
const PLAIN_NAME = /^[\w .:-]{1,80}$/;

/** The text of this element, if that is part of the shape. */
const nameIn = ({ name }: CompiledElement, text = ''): string | undefined =>
  naming.has(name) && PLAIN_NAME.test(text) ? text : undefined;

export const isShape = (pattern: ElementPattern): pattern is ElementShape => 'root' in pattern;

/** An item with more texts is not learned: its shape would be long, and is not likely to come again. */
const TEXTS_AT_MOST = 200;
/** Nor is one with more elements that hold others, which need not have any text. */
const PARENTS_AT_MOST = 200;
/** So many shapes of an element are kept; then they are learned anew. */
const SHAPES_AT_MOST = 16;
/** So many shapes are learned from one document: each is a regular expression, which takes time to make. */
const LEARNED_AT_MOST = 2;
/** A wrong guess costs as much as so many right ones save. */
const WRONG = 5;
/** When wrong guesses have used this up, and right ones not brought it back, items are not alike. */
const CREDIT = 15;
/** Then so many pass before it is tried again. */
const PAUSE = 1000;

/** What was learned of the items of a list, from all documents. It is only ever used to guess. */
export interface KnownShapes {
  readonly byForm: Map<string, ElementShape>;
  /** The one that came last. */
  last: ElementShape | undefined;
  /** What the item was written like that was looked at last. */
  lastForm: string;
  credit: number;
  pause: number;
}

export const noShapes = (): KnownShapes => ({
  byForm: new Map(),
  last: undefined,
  lastForm: '',
  credit: CREDIT,
  pause: 0,
});

/** The shape that an element has, most likely. */
export const likelyShape = ({ last, pause }: KnownShapes): ElementShape | undefined =>
  pause > 0 ? undefined : last;

/** To be called when that was right. */
export function wasRight(shapes: KnownShapes): void {
  if (shapes.credit < CREDIT) shapes.credit++;
}

/** Learns the shapes of items while a document is read. */
export class ShapeLearner {
  /** Whether an item is looked at. Only then it need be told what is in it. */
  isLearning = false;
  /** The open elements of that item, and what it is written like so far. */
  private readonly open: ShapePart[] = [];
  private form = '';
  private texts = 0;
  private parents = 0;
  private learned = 0;

  /** An item begins that follows another one. */
  begin(element: CompiledElement, shapes: KnownShapes): void {
    if (shapes.pause > 0) {
      shapes.pause--;
      return;
    }
    this.isLearning = true;
    this.form = '';
    this.texts = 0;
    this.parents = 0;
    this.element(element);
  }

  /** An element begins, without attributes. */
  element(element: CompiledElement): void {
    if (++this.parents > PARENTS_AT_MOST) {
      this.forget();
      return;
    }
    const part = { element, parts: [] };
    this.open.at(-1)?.parts.push(part);
    this.open.push(part);
    this.form += `<${element.name}`;
  }

  /** An element was read as a whole, which has only text in it, or children that have. */
  whole(element: CompiledElement, matched: MatchedTexts): void {
    this.texts += matched.length - 1;
    if (this.texts > TEXTS_AT_MOST) {
      this.forget();
      return;
    }
    const parts: ShapePart[] = [];
    if (element.content.kind === 'type') {
      for (const [index, child] of element.content.inOrder.entries()) {
        const text = matched[index + 1];
        if (text !== undefined) parts.push({ element: child, parts: [], name: nameIn(child, text) });
      }
    }
    const name = element.content.kind === 'scalar' ? nameIn(element, matched[1]) : undefined;
    this.open.at(-1)?.parts.push({ element, parts, name });
    this.form += `<${formOf({ element, parts, name })}>`;
  }

  /** The element that began last ends. */
  end(): void {
    const part = this.open.pop();
    this.form += '>';
    if (part?.element.shapes !== undefined && this.open.length === 0) this.learn(part, part.element.shapes);
  }

  /** Something else was read: the item is like no other. */
  forget(): void {
    this.isLearning = false;
    this.open.length = 0;
  }

  private learn(root: ShapePart, shapes: KnownShapes): void {
    const { form } = this;
    this.isLearning = false;
    if (shapes.last !== undefined) shapes.credit -= WRONG;
    if (shapes.credit < 0) {
      shapes.pause = PAUSE;
      shapes.credit = CREDIT;
    }
    let shape = shapes.byForm.get(form);
    if (shape === undefined && form === shapes.lastForm && this.learned < LEARNED_AT_MOST) {
      this.learned++;
      shape = shapeOf(root);
      if (shapes.byForm.size === SHAPES_AT_MOST) shapes.byForm.clear();
      shapes.byForm.set(form, shape);
    }
    shapes.last = shape ?? shapes.last;
    shapes.lastForm = form;
  }
}

const shapeOf = (root: ShapePart): ElementShape => ({
  root: withMarks(root),
  regExp: partPattern(sourceOf(root)),
  depth: depthOf(root),
  elements: countOf(root),
});

const withMarks = (part: ShapePart): ShapePart => ({
  ...part,
  parts: part.parts.map(withMarks),
  isNamedValue: isNamedValue(part),
});

function isNamedValue({ parts: [first, second, ...others] }: ShapePart): boolean {
  if (first?.name === undefined || second === undefined || others.length > 0) return false;
  if (first.element.name !== 'name' || second.element.name !== 'value') return false;
  if (first.element.of.discriminated || first.element.of.arrays.length > 0) return false;
  // Their texts are their values.
  return [first, second].every(
    ({ element }) => element.content.kind === 'scalar' && element.content.verbatim,
  );
}

const formOf = ({ element, parts, name }: ShapePart): string =>
  `${element.name}${name === undefined ? '' : `=${name}`} ${parts.map(formOf).join()}`;

const sourceOf = ({ element, parts, name }: ShapePart): string => {
  if (element.content.kind === 'type') return parentPart(element.name, parts.map(sourceOf));
  return name === undefined ? textPart(element.name) : knownPart(element.name, name);
};

const depthOf = ({ parts }: ShapePart): number => 1 + Math.max(0, ...parts.map(depthOf));

const countOf = ({ parts }: ShapePart): number => parts.reduce((sum, part) => sum + countOf(part), 1);

/** Makes the message of an element that is written like this. */
export function createShapeReader({ put, putText }: FieldWriter) {
  let texts: MatchedTexts = [];
  let next = 1;

  function read(type: CompiledType, parts: readonly ShapePart[]): Fields {
    const message = createMessage(type);
    for (const part of parts) {
      const { element, name } = part;
      const { content } = element;
      if (content.kind === 'scalar') putText(message, element, content, name ?? texts[next++]);
      else put(message, element, part.isNamedValue ? readNamedValue(part) : read(content, part.parts));
    }
    return message;
  }

  /** The same as `read` makes of it; that finds the fields by the names of elements, which takes longer. */
  const readNamedValue = ({ parts }: ShapePart): Fields => ({
    name: parts[0]?.name,
    value: texts[next++] ?? '',
  });

  return (shape: ElementShape, type: CompiledType, matched: MatchedTexts): Fields => {
    texts = matched;
    next = 1;
    return read(type, shape.root.parts);
  };
}
