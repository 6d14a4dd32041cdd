import type { CompiledElement, CompiledType } from './compiled-type.ts';
import type { FieldWriter } from './field-writer.ts';
import { addShape, type KnownShapes, MAX_LEARNED, noteMiss } from './known-shapes.ts';
import { createMessage, type Fields } from './message-fields.ts';
import {
  type ElementPattern,
  knownPart,
  type MatchedTexts,
  parentPart,
  partPattern,
  textPart,
} from './xml-expectation.ts';

/** An element of a shape, with its child elements. */
interface ShapePart {
  readonly element: CompiledElement;
  /** Empty if the element contains text. */
  readonly parts: ShapePart[];
  /** The element's text, if the shape includes it (`namingElements`). */
  readonly name?: string | undefined;
  /** Contains exactly a `name` that the shape includes and then a `value`. */
  readonly isNamedValue?: boolean;
}

/**
 * How an item of a list was written: its elements in their order, and the names in them. Items of one list are mostly
 * written alike, so one regular expression made from the last item usually matches all of the next one.
 */
export interface ElementShape extends ElementPattern {
  readonly root: ShapePart;
}

/** Elements whose text names an attribute, a key or a type. The next item most likely has the same text there. */
const namingElements: ReadonlySet<string> = new Set(['name', 'type', 'mObjType']);
/** A name without characters that XML can write in several ways. */
const PLAIN_NAME = /^[\w .:-]{1,80}$/;

/** Returns the element's text if it is part of the shape. */
const nameIn = ({ name }: CompiledElement, text = ''): string | undefined =>
  namingElements.has(name) && PLAIN_NAME.test(text) ? text : undefined;

export const isShape = (pattern: ElementPattern): pattern is ElementShape => 'root' in pattern;

/** Items with more texts are not learned: their shape would be long, and is unlikely to come again. */
const MAX_TEXTS = 200;
/** Items with more elements that contain elements are not learned either, even without any text. */
const MAX_PARENTS = 200;

/** Learns the shapes of list items while a document is read. */
export class ShapeLearner {
  /** True inside an item that is being learned. Only then the other methods need to be called. */
  isLearning = false;
  /** The open elements of that item. */
  private readonly open: ShapePart[] = [];
  /** Describes how the item is written so far; items of the same form have the same shape. */
  private form = '';
  private texts = 0;
  private parents = 0;
  private learned = 0;

  /** Begins an item that follows another one of its list. */
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

  /** Notes the start tag of an element without attributes. */
  element(element: CompiledElement): void {
    if (++this.parents > MAX_PARENTS) {
      this.forget();
      return;
    }
    const part = { element, parts: [] };
    this.open.at(-1)?.parts.push(part);
    this.open.push(part);
    this.form += `<${element.name}`;
  }

  /** Notes an element that matched its pattern: it contains text only, or elements that do. */
  matched(element: CompiledElement, texts: MatchedTexts): void {
    this.texts += texts.length - 1;
    if (this.texts > MAX_TEXTS) {
      this.forget();
      return;
    }
    const parts: ShapePart[] = [];
    if (element.content.kind === 'type') {
      for (const [index, child] of element.content.inOrder.entries()) {
        const text = texts[index + 1];
        if (text !== undefined) parts.push({ element: child, parts: [], name: nameIn(child, text) });
      }
    }
    const name = element.content.kind === 'scalar' ? nameIn(element, texts[1]) : undefined;
    this.open.at(-1)?.parts.push({ element, parts, name });
    this.form += `<${formOf({ element, parts, name })}>`;
  }

  /** Notes the end tag of the innermost element. */
  end(): void {
    const part = this.open.pop();
    this.form += '>';
    if (part?.element.shapes !== undefined && this.open.length === 0) this.learn(part, part.element.shapes);
  }

  /** Gives the item up: it contains something that no shape has. */
  forget(): void {
    this.isLearning = false;
    this.open.length = 0;
  }

  private learn(root: ShapePart, shapes: KnownShapes): void {
    const { form } = this;
    this.isLearning = false;
    noteMiss(shapes);
    let shape = shapes.byForm.get(form);
    // Compiled only when the form came twice in a row: a form that came once may never come again.
    if (shape === undefined && form === shapes.lastForm && this.learned < MAX_LEARNED) {
      this.learned++;
      shape = shapeOf(root);
      addShape(shapes, form, shape);
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
  // Verbatim scalars need no parsing.
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

/** Returns a function that makes the message of an element from the texts that its shape captured. */
export function createShapeReader(fields: FieldWriter) {
  let texts: MatchedTexts = [];
  let next = 1;

  function read(type: CompiledType, parts: readonly ShapePart[]): Fields {
    const message = createMessage(type);
    for (const part of parts) {
      const { element, name } = part;
      const { content } = element;
      if (content.kind === 'scalar') fields.putText(message, element, content, name ?? texts[next++]);
      else fields.put(message, element, part.isNamedValue ? readNamedValue(part) : read(content, part.parts));
    }
    return message;
  }

  /** A shortcut with the result of `read`: an object literal is faster than assigning fields by name. */
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
