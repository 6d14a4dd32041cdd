import { shortened } from '../contract/shortened.ts';
import type { CompiledElement, CompiledType } from './compiled-type.ts';
import type { Fields } from './message-fields.ts';
import { PendingReference, replaceReferences } from './pending-reference.ts';
import type { RecordedElement, RecordedElements } from './recorded-elements.ts';
import type { Scalar } from './scalars.ts';
import { TextSizes } from './text-size.ts';
import type { UnreadableNotes } from './unreadable.ts';
import type { XmlPosition } from './xml-reader.ts';

/** An element with an id that was read as the type it has in the message. */
interface Referent {
  readonly content: CompiledType | Scalar;
  readonly value: unknown;
  /** Its elements, including those that its settled references stand for. */
  elements: number;
  /** Indexes in `pending`: the references inside it that were not settled when it ended. */
  readonly pending: { readonly from: number; readonly to: number };
  settled: boolean;
}

/** A recorded element, read as the type of a reference to it. */
interface Replayed {
  /** The message it was read into, which also has the notes of what was unreadable. */
  readonly into: Fields;
  readonly elements: number;
}

/** Reads a recorded element into a message as the given element. Returns how many elements it consists of. */
type Replay = (recorded: RecordedElement, element: CompiledElement, into: Fields) => number;

/**
 * Max number of references that lead from one to another, each of which takes frames of the call stack. Messages are
 * less than ten types deep.
 */
const LONGEST_CHAIN = 64;

const idOf = (href: string) => (href.startsWith('#') ? href.slice(1) : undefined);

/**
 * The `id` and `href` attributes by which clients send an object once for several places (docs/wire.md#references).
 * A reference to an earlier element is resolved at once, any other when Body ends. There are no cycles: a reference
 * inside an element has a type that the element's type contains, and no type contains itself. There is no blow-up: a
 * reference counts as all elements and all text that it stands for. Most documents have no references, so the tables are only
 * created for those that do.
 */
export class References {
  private readonly position: XmlPosition;
  private readonly recorded: RecordedElements;
  private readonly unreadable: UnreadableNotes;
  private readonly replay: Replay;
  private referents: Map<string, Referent> | undefined;
  /** Values that may occur in the message more than once. */
  private shared: Set<unknown> | undefined;
  private pending: PendingReference[] | undefined;
  private replayed: Map<RecordedElement, Map<CompiledElement, Replayed>> | undefined;
  private replaying: Set<RecordedElement> | undefined;
  private hasReferences = false;
  private sizes: TextSizes | undefined;
  /** Text that references in the message stand for, so far. */
  private text = 0;

  constructor(
    position: XmlPosition,
    recorded: RecordedElements,
    unreadable: UnreadableNotes,
    replay: Replay,
  ) {
    this.position = position;
    this.recorded = recorded;
    this.unreadable = unreadable;
    this.replay = replay;
  }

  /** The number of references so far that had to wait for the end of Body. */
  get pendingCount(): number {
    return this.pending === undefined ? 0 : this.pending.length;
  }

  /**
   * Makes a value available under an id. `from` is `pendingCount` when its element began. Throws `SoapFault` 20012 if
   * the id is taken.
   */
  define(id: string, content: Referent['content'], value: unknown, elements: number, from: number): void {
    this.referents ??= new Map();
    if (this.referents.has(id)) throw this.position.fault(`The id "${shortened(id, 100)}" occurs twice`);
    const to = this.pendingCount;
    this.referents.set(id, { content, value, elements, pending: { from, to }, settled: from === to });
    this.share(value);
  }

  /**
   * Returns what `href` refers to, or a `PendingReference` until Body ends. `isOpen` tells whether an element with an
   * id is still open. `element` is undefined where only earlier elements may be referred to. Throws `SoapFault` 20012
   * for a reference that cannot be resolved.
   */
  find(
    href: string,
    content: CompiledType | Scalar,
    element: CompiledElement | undefined,
    into: Fields,
    isOpen: (id: string) => boolean,
  ): unknown {
    this.hasReferences = true;
    const id = idOf(href);
    const referent = id === undefined ? undefined : this.referents?.get(id);
    if (referent?.settled) {
      if (referent.content !== content) this.refuse(href, 'an element of another type');
      this.position.count(referent.elements - 1);
      this.countText([referent.value]);
      return referent.value;
    }
    if (id !== undefined && isOpen(id)) this.refuse(href, 'an element that encloses it');
    if (id === undefined || element === undefined) return this.refuse(href, 'nothing that stands before it');
    const reference = new PendingReference(href, element, into);
    this.pending ??= [];
    this.pending.push(reference);
    return reference;
  }

  /**
   * Resolves the pending references in a message and in all messages inside it. Throws `SoapFault` 20012 if the text
   * of the message has become longer than any message may be.
   */
  settle(message: object): void {
    if (!this.hasReferences) return;
    if (this.pending !== undefined) {
      // By index: resolving may add references.
      for (let at = 0; at < this.pending.length; at++) this.resolve(this.pending[at] as PendingReference);
      replaceReferences(message as Fields, (from, to) => this.unreadable.copy(from, to));
    }
    // The message has changed since its parts were counted.
    this.position.checkText(new TextSizes().of(message));
  }

  /** Returns whether the value may occur in the message more than once, and so must not be changed. */
  isShared(value: unknown): boolean {
    return this.shared?.has(value) ?? false;
  }

  private share(value: unknown): void {
    this.shared ??= new Set();
    this.shared.add(value);
  }

  private refuse(href: string, what: string): never {
    throw this.position.fault(`href="${shortened(href, 100)}" refers to ${what}`);
  }

  private resolve(reference: PendingReference): void {
    if (reference.values !== undefined) return;
    const { href, element, into } = reference;
    const id = idOf(href) ?? '';
    const referent = this.referents?.get(id);
    if (referent !== undefined) {
      if (referent.content !== element.content) this.refuse(href, 'an element of another type');
      this.settleReferent(referent);
      reference.values = [referent.value];
      reference.elements = referent.elements;
    } else {
      const found = this.recorded.find(id) ?? this.refuse(href, 'no element of Body that can be read so');
      const replayed = this.replayedAs(found, element, href);
      const value = replayed.into[element.name];
      reference.values = element.many ? (value as unknown[]) : value === undefined ? [] : [value];
      reference.elements = replayed.elements;
      this.unreadable.copy(replayed.into, into);
    }
    for (const value of reference.values) this.share(value);
    this.position.count(reference.elements - 1);
    this.countText(reference.values);
  }

  /** Counts what a reference stands for, so that a message with too much of it is refused before it is complete. */
  private countText(values: readonly unknown[]): void {
    // A recorded element is not part of the message itself; the reference to it counts all that is in it.
    if (this.replaying !== undefined && this.replaying.size > 0) return;
    this.sizes ??= new TextSizes();
    for (const value of values) this.text += this.sizes.of(value);
    this.position.checkText(this.text);
  }

  private settleReferent(referent: Referent): void {
    if (referent.settled) return;
    referent.settled = true;
    for (const inside of this.pending?.slice(referent.pending.from, referent.pending.to) ?? []) {
      this.resolve(inside);
      referent.elements += inside.elements - 1;
    }
  }

  /** Reads a recorded element as this element's type, once for each type. */
  private replayedAs(found: RecordedElement, element: CompiledElement, href: string): Replayed {
    this.replayed ??= new Map();
    this.replaying ??= new Set();
    let readings = this.replayed.get(found);
    if (readings === undefined) {
      readings = new Map();
      this.replayed.set(found, readings);
    }
    const known = readings.get(element);
    if (known !== undefined) return known;
    if (this.replaying.has(found)) this.refuse(href, 'an element that encloses it');
    if (this.replaying.size === LONGEST_CHAIN)
      this.refuse(href, `an element over ${LONGEST_CHAIN} references away`);
    this.replaying.add(found);
    const into: Fields = element.many ? { [element.name]: [] } : {};
    const before = this.position.elements();
    const from = this.pendingCount;
    const own = this.replay(found, element, into);
    let elements = own + this.position.elements() - before;
    for (const inside of this.pending?.slice(from) ?? []) {
      this.resolve(inside);
      elements += inside.elements - 1;
    }
    const replayed = { into, elements };
    this.replaying.delete(found);
    readings.set(element, replayed);
    return replayed;
  }
}
