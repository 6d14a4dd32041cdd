import type { UnreadableParts } from '../contract/messages.ts';
import type { CompiledElement, CompiledType } from './compiled-type.ts';
import {
  type ElementAttributes,
  noElementAttributes,
  ourTypeName,
  readAttributes,
  saysBase64,
} from './element-attributes.ts';
import { createShapeReader, isShape, likelyShape, ShapeLearner, wasRight } from './element-shapes.ts';
import { createFieldWriter, createMessage, type Fields } from './message-fields.ts';
import { isOurs } from './namespaces.ts';
import { createRecordedElements, type RecordedElement } from './recorded-elements.ts';
import { createReferences, PendingReference } from './references.ts';
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
interface Frame {
  sent: ElementAttributes;
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
  /** Of an array of SOAP encoding: the element that each child is, and the message that it goes into. */
  items: CompiledElement | undefined;
  itemsInto: Fields;
  /** The name of a child that was skipped: of a simple value, or one that a list is not made of. */
  stranger: string | undefined;
  /** The references that were pending when this one began. */
  firstPending: number;
  /** The document's count of elements when this one began, itself included. */
  firstElement: number;
}

/** Reads messages out of XML events. */
export interface MessageReader {
  /** The outermost element of a message of this type begins. In Body it may refer to elements behind it. */
  begin(type: CompiledType, attributes: readonly XmlAttribute[], inBody?: boolean): void;
  /** What else is in Body: a message may refer to it. */
  readonly others: ReturnType<typeof createRecordedElements>;
  /** Resolves the references that are left in a message, when Body ends. */
  settle(message: object): void;
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

/** Whether it is the element itself that is repeated, and not a list inside it. */
const isRepeated = (element: CompiledElement | undefined): element is CompiledElement =>
  element?.many === true && (element.content.kind === 'scalar' || element.content.item === undefined);

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
    sent: noElementAttributes,
    items: undefined,
    itemsInto: outside,
    stranger: undefined,
    firstPending: 0,
  };
}

/**
 * Turns the events of typed elements straight into messages of the contract, by the rules of docs/wire.md#3-requests:
 * any order, unknown elements skipped, nil and empty elements left out, references resolved. Of an element that is
 * sent again the last value counts, but lists are joined. Throws `SoapFault` 20012 for references that do not hold.
 */
export function createMessageReader(position: XmlPosition): MessageReader {
  const unreadable = createUnreadableNotes();
  const recorded = createRecordedElements(position);
  const references = createReferences(position, recorded, unreadable, replay);
  const fields = createFieldWriter(references, unreadable);
  const { read, readBase64, put, putText, putTexts } = fields;
  const learner = new ShapeLearner();
  const readShape = createShapeReader(fields);
  const frames: Frame[] = [];
  let top = -1;
  let skipped = 0;
  let mayReferAhead = false;
  let isReplaying = false;
  const { expectation } = position;
  let likely: CompiledElement | undefined;

  const isOpen = (id: string) => frames.slice(0, top).some(({ sent }) => sent.id === id);

  /** The type that an element of an abstract type says it is; noted as unreadable if it says none. */
  function extensionOf(
    frame: Frame,
    extensions: ReadonlyMap<string, CompiledType>,
  ): CompiledType | undefined {
    const name = ourTypeName(frame.sent);
    const extension = name === undefined ? undefined : extensions.get(name);
    if (extension === undefined && frame.element !== undefined) {
      const expected = `an xsi:type that names one of ${[...extensions.keys()].join(', ')}`;
      unreadable.note(frame.into, frame.element.name, frame.sent.xsiType?.sent ?? '', expected);
    }
    return extension;
  }

  function enter(
    element: CompiledElement | undefined,
    declared: Content,
    into: Fields,
    sent: ElementAttributes,
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
    frame.firstPending = references.pending();
    frame.sent = sent;
    frame.items = undefined;
    frame.stranger = undefined;

    if (sent.nil && element !== undefined) return;
    if (sent.href !== undefined) {
      const ahead = mayReferAhead ? element : undefined;
      frame.referred = references.find(sent.href, declared, ahead, into, isOpen);
    } else if (sent.isArray && isRepeated(element)) {
      frame.items = element;
      frame.itemsInto = into;
    } else if (declared.kind === 'scalar') {
      frame.base64 = declared.verbatim && saysBase64(sent);
    } else {
      frame.type = declared.extensions === undefined ? declared : extensionOf(frame, declared.extensions);
      if (frame.type !== undefined) {
        frame.message = createMessage(frame.type);
        expect(frame.type.first);
        if (sent.isArray && frame.type.item !== undefined) {
          frame.items = frame.type.item;
          frame.itemsInto = frame.message;
        }
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
    const { declared, element, into, sent, stranger } = frame;
    if (sent.nil && element !== undefined)
      return element.isRow ? nilRow(element) : element.nillable ? null : undefined;
    if (sent.href !== undefined) {
      if (trimSpace(frame.text) !== '') refuseContent(sent.href);
      return frame.referred instanceof PendingReference ? standIn(frame.referred) : frame.referred;
    }
    if (declared.kind === 'type') {
      const { item } = declared;
      if (stranger !== undefined && item !== undefined && element !== undefined) {
        const isEmpty = (frame.message?.[item.name] as unknown[] | undefined)?.length === 0;
        if (isEmpty) unreadable.noteList(into, element.name, `<${stranger}>`, `${item.name} elements`);
      }
      return frame.message;
    }
    if (stranger !== undefined && element !== undefined) {
      unreadable.note(
        into,
        element.name,
        trimSpace(frame.text),
        `text without elements in it, such as <${stranger}>`,
      );
      return undefined;
    }
    return frame.base64 ? readBase64(frame.text, into, element) : read(frame.text, declared, into, element);
  }

  /** A row that is nil keeps its place, so that each row has its answer. */
  function nilRow(element: CompiledElement): unknown {
    if (element.content.kind === 'scalar') return undefined;
    const row = createMessage(element.content);
    unreadable.note(row, element.name, 'nil', 'an object');
    return row;
  }

  /** What stands for a reference in the message. For a list it is a list, so that others can be joined with it. */
  function standIn(reference: PendingReference): unknown {
    const { content, many } = reference.element;
    if (many || content.kind === 'scalar' || content.item === undefined) return reference;
    return { ...createMessage(content), [content.item.name]: [reference] };
  }

  /** Reads a recorded element as that one of its type. Answers how many elements it consists of. */
  function replay({ events, start }: RecordedElement, element: CompiledElement, into: Fields): number {
    const first = events[start];
    if (typeof first !== 'object') return 0;
    const outer = isReplaying;
    isReplaying = true;
    enter(element, element.content, into, first.attributes);
    const base = top;
    let elements = 1;
    for (let at = start + 1; top >= base; at++) {
      const event = events[at];
      if (event === undefined) close();
      else if (typeof event === 'string') addText(event);
      else {
        open(event.local, event.uri, event.attributes);
        elements++;
      }
    }
    isReplaying = outer;
    return elements;
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

  function skip(parent: Frame, local: string): void {
    parent.stranger ??= local;
    skipped = 1;
  }

  function open(local: string, uri: string, sent: ElementAttributes, expected?: ExpectedElement): void {
    const parent = frames[top];
    if (skipped > 0 || parent === undefined) {
      skipped++;
      return;
    }
    if (sent !== noElementAttributes && learner.isLearning) learner.forget();
    if (parent.sent.href !== undefined && !parent.sent.nil) refuseContent(parent.sent.href);
    if (parent.items !== undefined) {
      learner.forget();
      parent.last = undefined;
      enter(parent.items, parent.items.content, parent.itemsInto, sent);
      return;
    }
    if (!isOurs(uri)) {
      learner.forget();
      skip(parent, local);
      return;
    }
    const guessed = expected !== undefined && expected === likely && likely.of === parent.type;
    const element = guessed ? likely : childOf(parent, local);
    if (element !== undefined && parent.message !== undefined) {
      if (learner.isLearning) learner.element(element);
      else if (element.shapes !== undefined && parent.last === element && sent === noElementAttributes) {
        learner.begin(element, element.shapes);
      }
      parent.last = element;
      enter(element, element.content, parent.message, sent);
      return;
    }
    if (learner.isLearning) learner.forget();
    const item = parent.type?.item;
    const itemType = item?.content.kind === 'type' ? item.content : undefined;
    const inItem = itemType?.elements.get(local);
    if (item !== undefined && itemType !== undefined && inItem !== undefined) {
      enter(inItem, inItem.content, parent.item ?? bareItem(parent, item, itemType), sent);
    } else {
      skip(parent, local);
    }
  }

  function addText(text: string): void {
    const frame = frames[top];
    if (skipped > 0 || frame === undefined || frame.declared.kind !== 'scalar') return;
    if (frame.text === '') frame.text = text;
    else if (frame.pieces === undefined) frame.pieces = [frame.text, text];
    else frame.pieces.push(text);
  }

  function close(): object | undefined {
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
    if (frame.items !== undefined && frame.items === frame.element) return undefined;
    if (frame.pieces !== undefined) frame.text = frame.pieces.join('');
    const value = valueIn(frame);
    const { id, href, nil } = frame.sent;
    if (id !== undefined && href === undefined && !nil && !isReplaying && value !== undefined) {
      const elements = position.elements() - frame.firstElement + 1;
      references.define(id, frame.declared, value, elements, frame.firstPending);
    }
    if (frame.element === undefined) return (value ?? {}) as object;
    if (value !== undefined) put(frame.into, frame.element, value);
    return undefined;
  }

  return {
    begin(type, attributes, inBody = false) {
      mayReferAhead = inBody;
      enter(undefined, type, outside, readAttributes(attributes, position));
    },
    open(local, uri, attributes, expected) {
      if (attributes.length === 0) open(local, uri, noElementAttributes, expected);
      else open(local, uri, readAttributes(attributes, position), expected);
      if (skipped > 0) recorded.open(local, uri, attributes);
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
      if (skipped > 0) recorded.text(text);
      else addText(text);
    },
    close() {
      if (skipped > 0) recorded.close();
      return close();
    },
    others: recorded,
    settle: references.settle,
    unreadable: unreadable.parts,
  };
}
