import { shortened } from '../contract/shortened.ts';
import type { CompiledElement, CompiledType } from './compiled-type.ts';
import type { Fields } from './message-fields.ts';
import type { createRecordedElements, RecordedElement } from './recorded-elements.ts';
import type { Scalar } from './scalars.ts';
import type { createUnreadableNotes } from './unreadable.ts';
import type { XmlPosition } from './xml-reader.ts';

/** An element that others refer to, read as the type that it has in the message. */
interface Referent {
  readonly content: CompiledType | Scalar;
  readonly value: unknown;
  /** Elements that it consists of, those of its settled references among them. */
  elements: number;
  /** The references inside it that are not settled: these among all. */
  readonly pending: { readonly from: number; readonly to: number };
  settled: boolean;
}

/** A recorded element, read as the type of a reference to it: its values, one unless it is nil or an array. */
interface Replayed {
  /** The message that the element was read into: what was unreadable is noted for it. */
  readonly into: Fields;
  readonly elements: number;
}

/** Stands in a message for what is referred to, as long as that is not known. */
export class PendingReference {
  readonly href: string;
  readonly element: CompiledElement;
  readonly into: Fields;
  /** What is referred to; undefined until it is known. */
  values: readonly unknown[] | undefined;
  elements = 1;

  constructor(href: string, element: CompiledElement, into: Fields) {
    this.href = href;
    this.element = element;
    this.into = into;
  }
}

/**
 * Most references that lead to one another. Each takes some frames of the call stack; messages are less than ten types
 * deep.
 */
const LONGEST_CHAIN = 64;

/** Reads a recorded element into a message, as that element of its type. */
type Replay = (recorded: RecordedElement, element: CompiledElement, into: Fields) => number;

/**
 * The `id` and `href` attributes by which clients send an object once for several places (docs/wire.md#references).
 * What stands before a reference is known at once, all else when Body ends. A reference inside an element is of a
 * type that is part of that element's, and types do not contain themselves: so there are no cycles. A reference counts
 * as all elements that it stands for, so there is no blow-up either.
 */
export function createReferences(
  position: XmlPosition,
  recorded: ReturnType<typeof createRecordedElements>,
  unreadable: ReturnType<typeof createUnreadableNotes>,
  replay: Replay,
) {
  const referents = new Map<string, Referent>();
  const shared = new Set<unknown>();
  const pending: PendingReference[] = [];
  const replayed = new Map<RecordedElement, Map<CompiledElement, Replayed>>();
  const replaying = new Set<RecordedElement>();

  const idOf = (href: string) => (href.startsWith('#') ? href.slice(1) : undefined);
  const refuse = (href: string, what: string): never => {
    throw position.fault(`href="${shortened(href, 100)}" refers to ${what}`);
  };

  function settle(referent: Referent): void {
    if (referent.settled) return;
    referent.settled = true;
    for (let at = referent.pending.from; at < referent.pending.to; at++) {
      const inside = pending[at];
      if (inside === undefined) continue;
      resolve(inside);
      referent.elements += inside.elements - 1;
    }
  }

  function replayedAs(found: RecordedElement, element: CompiledElement, href: string): Replayed {
    let readings = replayed.get(found);
    if (readings === undefined) {
      readings = new Map();
      replayed.set(found, readings);
    }
    const known = readings.get(element);
    if (known !== undefined) return known;
    if (replaying.has(found)) refuse(href, 'an element that encloses it');
    if (replaying.size === LONGEST_CHAIN) refuse(href, `an element over ${LONGEST_CHAIN} references away`);
    replaying.add(found);
    const into: Fields = element.many ? { [element.name]: [] } : {};
    const before = position.elements();
    const from = pending.length;
    const own = replay(found, element, into);
    let elements = own + position.elements() - before;
    for (const inside of pending.slice(from)) {
      resolve(inside);
      elements += inside.elements - 1;
    }
    const reading = { into, elements };
    replaying.delete(found);
    readings.set(element, reading);
    return reading;
  }

  function resolve(reference: PendingReference): void {
    if (reference.values !== undefined) return;
    const { href, element, into } = reference;
    const id = idOf(href) ?? '';
    const referent = referents.get(id);
    if (referent !== undefined) {
      if (referent.content !== element.content) refuse(href, 'an element of another type');
      settle(referent);
      reference.values = [referent.value];
      reference.elements = referent.elements;
    } else {
      const found = recorded.find(id) ?? refuse(href, 'no element of Body that can be read so');
      const reading = replayedAs(found, element, href);
      const value = reading.into[element.name];
      reference.values = element.many ? (value as unknown[]) : value === undefined ? [] : [value];
      reference.elements = reading.elements;
      unreadable.copy(reading.into, into);
    }
    for (const value of reference.values) shared.add(value);
    position.count(reference.elements - 1);
  }

  /** Puts what they refer to in the place of references, in a message and all messages inside it. */
  function replaceIn(message: Fields, seen: Set<unknown>): void {
    if (seen.has(message)) return;
    seen.add(message);
    for (const [name, value] of Object.entries(message)) {
      if (value instanceof PendingReference) {
        const [known] = valuesOf(value);
        if (known === undefined) delete message[name];
        else message[name] = known;
      } else if (Array.isArray(value) && value.some((item) => item instanceof PendingReference)) {
        message[name] = value.flatMap((item) =>
          item instanceof PendingReference ? itemsOf(item, message, seen) : [item],
        );
      }
      const now = message[name];
      for (const part of Array.isArray(now) ? now : [now]) {
        if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part))
          replaceIn(part as Fields, seen);
      }
    }
  }

  /** What a settled reference refers to, which may be a reference itself, or an array with some. */
  const valuesOf = (reference: PendingReference): readonly unknown[] =>
    (reference.values ?? []).flatMap((value) =>
      value instanceof PendingReference ? valuesOf(value) : [value],
    );

  /** What stands in the place of a reference among a list's items: those of the list that it refers to. */
  function itemsOf(reference: PendingReference, list: Fields, seen: Set<unknown>): readonly unknown[] {
    const values = valuesOf(reference);
    const { content } = reference.element;
    if (reference.element.many || content.kind === 'scalar' || content.item === undefined) return values;
    const { name } = content.item;
    return values.flatMap((value) => {
      replaceIn(value as Fields, seen);
      unreadable.copy(value as Fields, list);
      return (value as Fields)[name] as unknown[];
    });
  }

  return {
    /** How many references are not settled yet, in the order in which they came. */
    pending: () => pending.length,
    /** Makes a value available under the id, which must be a new one. `from`: the references pending before it. */
    define(id: string, content: Referent['content'], value: unknown, elements: number, from: number): void {
      if (referents.has(id)) throw position.fault(`The id "${shortened(id, 100)}" occurs twice`);
      const settled = from === pending.length;
      referents.set(id, { content, value, elements, pending: { from, to: pending.length }, settled });
      shared.add(value);
    },
    /**
     * Returns what `href` refers to, or what stands for it until Body ends. `isOpen` tells whether an element of that
     * id is still open; `element` is undefined where nothing may be referred to that follows.
     */
    find(
      href: string,
      content: CompiledType | Scalar,
      element: CompiledElement | undefined,
      into: Fields,
      isOpen: (id: string) => boolean,
    ): unknown {
      const id = idOf(href);
      const referent = id === undefined ? undefined : referents.get(id);
      if (referent?.settled) {
        if (referent.content !== content) refuse(href, 'an element of another type');
        position.count(referent.elements - 1);
        return referent.value;
      }
      if (id !== undefined && isOpen(id)) refuse(href, 'an element that encloses it');
      if (id === undefined || element === undefined) return refuse(href, 'nothing that stands before it');
      const reference = new PendingReference(href, element, into);
      pending.push(reference);
      return reference;
    },
    /** Resolves the references that are pending, in this message and all inside it. */
    settle(message: object): void {
      if (pending.length === 0) return;
      for (let at = 0; at < pending.length; at++) resolve(pending[at] as PendingReference);
      replaceIn(message as Fields, new Set());
    },
    /** Whether a value may stand in the message more than once, and so must not be changed. */
    isShared: (value: unknown): boolean => shared.has(value),
  };
}
