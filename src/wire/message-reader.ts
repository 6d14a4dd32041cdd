import type { UnreadableParts } from '../contract/messages.ts';
import type { CompiledElement, CompiledType } from './compiled-type.ts';
import { type ElementAttributes, ourTypeName, readAttributes, saysBase64 } from './element-attributes.ts';
import { createShapeReader, isShape, likelyShape, ShapeLearner, wasRight } from './element-shapes.ts';
import { createFieldWriter, createMessage, type Fields } from './message-fields.ts';
import { isOurs } from './namespaces.ts';
import { createReferences } from './references.ts';
import type { Scalar } from './scalars.ts';
import { createUnreadableNotes } from './unreadable.ts';
import type {
  ElementPattern,
  ExpectedElement,
  MatchedTexts,
  XmlAttribute,
  XmlPosition,
} from './xml-reader.ts';
import { trimSpace } from './xml-text.ts';

type Content = CompiledType | Scalar;

/** An open element of a message. Frames are kept and used again, one for each depth. */
interface Frame extends ElementAttributes {
  /** Undefined for the outermost element. */
  element: CompiledElement | undefined;
  /** The type that is declared for the element. */
  declared: Content;
  /** The message that the element's value goes into. */
  into: Fields;
  /** The type whose elements are read inside this one; undefined when none are. */
  type: CompiledType | undefined;
  /** The element's own message, where `type` is set. */
  message: Fields | undefined;
  /** The item of a list whose children were sent right inside the list (docs/wire.md#lists). */
  item: Fields | undefined;
  /** The element of `type` that began last inside this one. */
  last: CompiledElement | undefined;
  text: string;
  /** The pieces of the text, where there are several. They are joined once. */
  pieces: string[] | undefined;
  base64: boolean;
  /** What `href` refers to. */
  referred: unknown;
  /** The document's count of elements when this one began, itself included. */
  firstElement: number;
}

/** Reads messages out of XML events. */
export interface MessageReader {
  /** The outermost element of a message of this type begins. */
  begin(type: CompiledType, attributes: readonly XmlAttribute[]): void;
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /**
   * The expected element with the texts in it. Answers how many elements these are; 0 asks for them in single events.
   */
  whole(expected: ExpectedElement, pattern: ElementPattern, uri: string, texts: MatchedTexts): number;
  text(text: string): void;
  /** The innermost element ends. The answer is the message, if that was its outermost element. */
  close(): object | undefined;
  /** What could not be read, in all messages so far. */
  readonly unreadable: UnreadableParts;
}

const outside: Fields = Object.freeze({});

function createFrame(declared: Content): Frame {
  return {
    element: undefined,
    declared,
    into: outside,
    type: undefined,
    message: undefined,
    item: undefined,
    last: undefined,
    text: '',
    pieces: undefined,
    base64: false,
    referred: undefined,
    firstElement: 0,
    nil: false,
    xsiType: undefined,
    id: undefined,
    href: undefined,
  };
}

/**
 * Turns the events of typed elements straight into messages of the contract, by the rules of docs/wire.md#3-requests:
 * any order, unknown elements skipped, nil and empty elements left out, references resolved. Of an element that is
 * sent again the last value counts, but lists are joined. Throws `SoapFault` 20012 for references that do not hold.
 */
export function createMessageReader(position: XmlPosition): MessageReader {
  const references = createReferences(position);
  const unreadable = createUnreadableNotes();
  const fields = createFieldWriter(references, unreadable);
  const { read, readBase64, put, putText, putTexts } = fields;
  const learner = new ShapeLearner();
  const readShape = createShapeReader(fields);
  const frames: Frame[] = [];
  let top = -1;
  let skipped = 0;
  const { expectation } = position;
  let likely: CompiledElement | undefined;

  const isOpen = (id: string) => frames.slice(0, top).some((frame) => frame.id === id);

  /** The type that an element of an abstract type says it is; noted as unreadable if it says none. */
  function extensionOf(
    frame: Frame,
    extensions: ReadonlyMap<string, CompiledType>,
  ): CompiledType | undefined {
    const name = frame.xsiType === undefined ? undefined : ourTypeName(frame.xsiType, position);
    const extension = name === undefined ? undefined : extensions.get(name);
    if (extension === undefined && frame.element !== undefined) {
      const expected = `an xsi:type that names one of ${[...extensions.keys()].join(', ')}`;
      unreadable.note(frame.into, frame.element.name, frame.xsiType ?? '', expected);
    }
    return extension;
  }

  function enter(
    element: CompiledElement | undefined,
    declared: Content,
    into: Fields,
    attributes: readonly XmlAttribute[],
  ): void {
    top++;
    let frame = frames[top];
    if (frame === undefined) {
      frame = createFrame(declared);
      frames.push(frame);
    }
    frame.element = element;
    frame.declared = declared;
    frame.into = into;
    frame.type = undefined;
    frame.message = undefined;
    frame.item = undefined;
    frame.last = undefined;
    frame.text = '';
    frame.pieces = undefined;
    frame.base64 = false;
    frame.firstElement = position.elements();
    readAttributes(attributes, frame);
    if (element === undefined) frame.nil = false;

    if (frame.nil) return;
    if (frame.href !== undefined) {
      frame.referred = references.find(frame.href, declared, isOpen);
    } else if (declared.kind === 'scalar') {
      frame.base64 = declared.verbatim && frame.xsiType !== undefined && saysBase64(frame.xsiType, position);
    } else {
      frame.type = declared.extensions === undefined ? declared : extensionOf(frame, declared.extensions);
      if (frame.type !== undefined) {
        frame.message = createMessage(frame.type);
        expect(frame.type.first);
      }
    }
  }

  function expect(element: CompiledElement | undefined): void {
    likely = element;
    expectation.next = element;
    expectation.shape = element?.shapes && likelyShape(element.shapes);
  }

  /** The element of the parent's type that has this name; what came where is remembered, for the next guess. */
  function childOf(parent: Frame, local: string): CompiledElement | undefined {
    const element = parent.type?.elements.get(local);
    if (element === undefined) return undefined;
    if (parent.last !== undefined) parent.last.next = element;
    else if (parent.type !== undefined) parent.type.first = element;
    return element;
  }

  /** The element's value; null when it is nil and may be, undefined when it counts as not sent. */
  function valueIn(frame: Frame): unknown {
    if (frame.nil) return frame.element?.nillable ? null : undefined;
    if (frame.href !== undefined) {
      if (trimSpace(frame.text) !== '') refuseContent(frame.href);
      return frame.referred;
    }
    const { declared, element, into } = frame;
    if (declared.kind === 'type') return frame.message;
    return frame.base64 ? readBase64(frame.text, into, element) : read(frame.text, declared, into, element);
  }

  function refuseContent(href: string): never {
    throw position.fault(`An element with href="${href}" must be empty`);
  }

  /** Begins an item of the list whose own children stand right inside the list. */
  function bareItem(list: Frame, item: CompiledElement, type: CompiledType): Fields {
    list.item = createMessage(type);
    put(list.message ?? outside, item, list.item);
    return list.item;
  }

  return {
    begin(type, attributes) {
      enter(undefined, type, outside, attributes);
    },
    open(local, uri, attributes, expected) {
      const parent = frames[top];
      if (skipped > 0 || parent === undefined) {
        skipped++;
        return;
      }
      if (attributes.length > 0 && learner.isLearning) learner.forget();
      if (parent.href !== undefined && !parent.nil) refuseContent(parent.href);
      if (!isOurs(uri)) {
        learner.forget();
        skipped = 1;
        return;
      }
      const guessed = expected !== undefined && expected === likely && likely.of === parent.type;
      const element = guessed ? likely : childOf(parent, local);
      if (element !== undefined && parent.message !== undefined) {
        if (learner.isLearning) learner.element(element);
        else if (element.shapes !== undefined && parent.last === element && attributes.length === 0) {
          learner.begin(element, element.shapes);
        }
        parent.last = element;
        enter(element, element.content, parent.message, attributes);
        return;
      }
      if (learner.isLearning) learner.forget();
      const item = parent.type?.item;
      const itemType = item?.content.kind === 'type' ? item.content : undefined;
      const inItem = itemType?.elements.get(local);
      if (item !== undefined && itemType !== undefined && inItem !== undefined) {
        enter(inItem, inItem.content, parent.item ?? bareItem(parent, item, itemType), attributes);
      } else {
        skipped = 1;
      }
    },
    whole(expected, pattern, uri, texts) {
      const parent = frames[top];
      const element = likely;
      if (skipped > 0 || parent?.message === undefined || element === undefined || !isOurs(uri)) return 0;
      if (element !== expected || element.of !== parent.type) return 0;
      const { content } = element;
      parent.last = element;
      expect(element.next);
      if (element.shapes !== undefined && content.kind === 'type' && isShape(pattern)) {
        wasRight(element.shapes);
        put(parent.message, element, readShape(pattern, content, texts));
        return pattern.elements;
      }
      if (learner.isLearning) learner.whole(element, texts);
      if (content.kind === 'scalar') {
        putText(parent.message, element, content, texts[1]);
        return 1;
      }
      const message = createMessage(content);
      const count = putTexts(message, content.inOrder, texts);
      put(parent.message, element, message);
      return count + 1;
    },
    text(text) {
      const frame = frames[top];
      if (skipped > 0 || frame === undefined || frame.declared.kind !== 'scalar') return;
      if (frame.text === '') frame.text = text;
      else if (frame.pieces === undefined) frame.pieces = [frame.text, text];
      else frame.pieces.push(text);
    },
    close() {
      if (skipped > 0) {
        skipped--;
        return undefined;
      }
      const frame = frames[top--];
      if (frame === undefined) return undefined;
      if (learner.isLearning) {
        if (frame.type === undefined) learner.forget();
        else learner.end();
      }
      expect(frame.element?.next);
      if (frame.pieces !== undefined) frame.text = frame.pieces.join('');
      const value = valueIn(frame);
      if (frame.id !== undefined && frame.href === undefined && value !== undefined && value !== null) {
        const elements = position.elements() - frame.firstElement + 1;
        references.define(frame.id, { content: frame.declared, value, elements });
      }
      if (frame.element === undefined) return (value ?? {}) as object;
      if (value !== undefined) put(frame.into, frame.element, value);
      return undefined;
    },
    unreadable: unreadable.parts,
  };
}
