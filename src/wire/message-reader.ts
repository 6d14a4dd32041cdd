import type { UnreadableParts } from '../contract/messages.ts';
import type { CompiledElement, CompiledType } from './compiled-type.ts';
import {
  type ElementAttributes,
  namedExtension,
  noElementAttributes,
  readAttributes,
  saysBase64,
} from './element-attributes.ts';
import { createShapeReader, isShape, ShapeLearner } from './element-shapes.ts';
import { readElementValue } from './element-value.ts';
import { FieldWriter } from './field-writer.ts';
import { Frame, noMessage } from './frame.ts';
import { likelyShape, noteHit } from './known-shapes.ts';
import { createMessage, type Fields } from './message-fields.ts';
import { isOurs } from './namespaces.ts';
import { type RecordedElement, RecordedElements } from './recorded-elements.ts';
import { References } from './references.ts';
import type { Scalar } from './scalars.ts';
import { UnreadableNotes } from './unreadable.ts';
import type {
  ElementPattern,
  ExpectedElement,
  MatchedTexts,
  XmlAttribute,
  XmlPosition,
} from './xml-reader.ts';

/** Reads messages out of XML events. */
export interface MessageReader {
  /** Begins the outermost element of a message of this type. In Body it may refer to later elements. */
  begin(type: CompiledType, attributes: readonly XmlAttribute[], inBody?: boolean): void;
  /** The other elements of Body, which a message may refer to. */
  readonly others: RecordedElements;
  /** Resolves the pending references in a message, at the end of Body. */
  settle(message: object): void;
  open(local: string, uri: string, attributes: readonly XmlAttribute[], expected?: ExpectedElement): void;
  /** As in `XmlEvents`. */
  matched(expected: ExpectedElement, pattern: ElementPattern, uri: string, texts: MatchedTexts): number;
  text(text: string): void;
  /** Ends the innermost element. Returns the message if that was its outermost element. */
  close(): object | undefined;
  /** Returns what could not be read, in all messages so far. */
  unreadable(): UnreadableParts;
}

/** Returns whether the element itself is repeated, rather than an element inside it. */
const isRepeated = (element: CompiledElement | undefined): element is CompiledElement =>
  element?.many === true && (element.content.kind === 'scalar' || element.content.item === undefined);

/**
 * Turns XML events into messages of the contract, by the rules of docs/wire.md#3-requests: any order, unknown elements
 * skipped, nil and empty elements left out, references resolved. If an element is sent again, its last value counts,
 * but lists are joined. Throws `SoapFault` 20012 for references that cannot be resolved.
 */
export function createMessageReader(position: XmlPosition): MessageReader {
  const unreadable = new UnreadableNotes();
  const recorded = new RecordedElements(position);
  const references = new References(position, recorded, unreadable, replay);
  const fields = new FieldWriter(references, unreadable);
  const learner = new ShapeLearner();
  const readShape = createShapeReader(fields);
  /** By depth. Those above `top` are kept for reuse. */
  const frames: Frame[] = [];
  let top = -1;
  /** Open elements inside the outermost skipped one, itself included. */
  let skipped = 0;
  let mayReferAhead = false;
  let isReplaying = false;
  const { expectation } = position;
  /** The element of the contract that `expectation.next` is. */
  let predicted: CompiledElement | undefined;

  const isOpen = (id: string) => frames.slice(0, top).some(({ sent }) => sent.id === id);

  /** Begins an element, as the contract declares it. */
  function enter(
    element: CompiledElement | undefined,
    declared: CompiledType | Scalar,
    into: Fields,
    sent: ElementAttributes,
  ): void {
    top++;
    let frame = frames[top];
    if (frame === undefined) {
      frame = new Frame(declared);
      frames.push(frame);
    }
    frame.begin(element, declared, into, sent);
    frame.firstElement = position.elements();
    frame.firstPending = references.pendingCount;

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
      const type = declared.extensions === undefined ? declared : namedExtension(declared.extensions, sent);
      if (type !== undefined) {
        beginMessage(frame, type);
        if (sent.isArray && type.item !== undefined) {
          frame.items = type.item;
          frame.itemsInto = frame.message ?? noMessage;
        }
      }
    }
  }

  function beginMessage(frame: Frame, type: CompiledType): void {
    frame.type = type;
    frame.message = createMessage(type);
    expect(type.first);
  }

  /** Begins the message of an abstract type as the extension that has the child, where `xsi:type` named none. */
  function extendByChild(frame: Frame, local: string): void {
    const extensions = frame.declared.kind === 'type' ? frame.declared.extensions : undefined;
    for (const extension of extensions?.values() ?? []) {
      if (extension.elements.has(local)) beginMessage(frame, extension);
    }
  }

  /** Predicts the next element. */
  function expect(element: CompiledElement | undefined): void {
    predicted = element;
    expectation.next = element;
    expectation.shape = element?.shapes && likelyShape(element.shapes);
  }

  /** Returns the child element with this name, and learns its place for the next prediction. */
  function childOf(parent: Frame, local: string): CompiledElement | undefined {
    const element = parent.type?.elements.get(local);
    if (element === undefined) return undefined;
    if (parent.last !== undefined) parent.last.next = element;
    else if (parent.type !== undefined) parent.type.first = element;
    return element;
  }

  /** Reads a recorded element as the given one. Returns how many elements it consists of. */
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

  /** Adds an item to a list whose item's fields were sent directly inside the list. */
  function addBareItem(list: Frame, item: CompiledElement, type: CompiledType): Fields {
    list.item = createMessage(type);
    fields.put(list.message ?? noMessage, item, list.item);
    return list.item;
  }

  function skip(parent: Frame, local: string): void {
    parent.skippedChild ??= local;
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
    if (parent.type === undefined) extendByChild(parent, local);
    const guessed = expected !== undefined && expected === predicted && predicted.of === parent.type;
    const element = guessed ? predicted : childOf(parent, local);
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
      enter(inItem, inItem.content, parent.item ?? addBareItem(parent, item, itemType), sent);
    } else {
      skip(parent, local);
    }
  }

  function addText(text: string): void {
    const frame = frames[top];
    if (skipped > 0 || frame === undefined || frame.declared.kind !== 'scalar') return;
    frame.addText(text);
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
    frame.endText();
    const value = readElementValue(frame, fields, unreadable, refuseContent);
    const { id, href, nil } = frame.sent;
    if (id !== undefined && href === undefined && !nil && !isReplaying && value !== undefined) {
      const elements = position.elements() - frame.firstElement + 1;
      references.define(id, frame.declared, value, elements, frame.firstPending);
    }
    if (frame.element === undefined) return (value ?? {}) as object;
    if (value !== undefined) fields.put(frame.into, frame.element, value);
    return undefined;
  }

  return {
    begin(type, attributes, inBody = false) {
      mayReferAhead = inBody;
      enter(undefined, type, noMessage, readAttributes(attributes, position));
    },
    open(local, uri, attributes, expected) {
      if (attributes.length === 0) open(local, uri, noElementAttributes, expected);
      else open(local, uri, readAttributes(attributes, position), expected);
      if (skipped > 0) recorded.open(local, uri, attributes);
    },
    matched(expected, pattern, uri, texts) {
      const parent = frames[top];
      const element = predicted;
      if (skipped > 0 || parent?.message === undefined || element === undefined || !isOurs(uri)) return 0;
      if (element !== expected || element.of !== parent.type) return 0;
      const { content } = element;
      parent.last = element;
      expect(element.next);
      if (element.shapes !== undefined && content.kind === 'type' && isShape(pattern)) {
        noteHit(element.shapes);
        fields.put(parent.message, element, readShape(pattern, content, texts));
        return pattern.elements;
      }
      if (learner.isLearning) learner.matched(element, texts);
      if (content.kind === 'scalar') {
        fields.putText(parent.message, element, content, texts[1]);
        return 1;
      }
      const message = createMessage(content);
      const count = fields.putTexts(message, content.inOrder, texts);
      fields.put(parent.message, element, message);
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
    settle: (message) => references.settle(message),
    unreadable: () => unreadable.parts,
  };
}
