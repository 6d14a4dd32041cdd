import { shortened } from '../contract/shortened.ts';
import { type ElementAttributes, readAttributes } from './element-attributes.ts';
import type { XmlAttribute, XmlPosition } from './xml-reader.ts';

/** An event inside an element of unknown type: a start tag, a text, or (undefined) an end tag. */
export type RecordedEvent =
  | { readonly local: string; readonly uri: string; readonly attributes: ElementAttributes }
  | string
  | undefined;

/** A recorded element: where it starts among the events of the outermost recorded element that contains it. */
export interface RecordedElement {
  readonly events: readonly RecordedEvent[];
  readonly start: number;
}

/**
 * Records the elements of unknown type that have an id, since a later reference may tell their type. Memory is bounded
 * by the caps on a document's elements and text.
 */
export class RecordedElements {
  private readonly position: XmlPosition;
  private byId: Map<string, RecordedElement | 'ambiguous'> | undefined;
  private events: RecordedEvent[] | undefined;
  /** Open elements that are being recorded. */
  private depth = 0;

  constructor(position: XmlPosition) {
    this.position = position;
  }

  open(local: string, uri: string, attributes: readonly XmlAttribute[]): void {
    if (this.depth === 0 && attributes.length === 0) return;
    const read = readAttributes(attributes, this.position);
    if (this.depth === 0) {
      if (read.id === undefined) return;
      this.events = [];
    }
    this.depth++;
    const events = this.events ?? [];
    if (read.id !== undefined) {
      this.byId ??= new Map();
      this.byId.set(read.id, this.byId.has(read.id) ? 'ambiguous' : { events, start: events.length });
    }
    events.push({ local, uri, attributes: read });
  }

  text(text: string): void {
    if (this.depth > 0) this.events?.push(text);
  }

  close(): void {
    if (this.depth === 0) return;
    this.depth--;
    this.events?.push(undefined);
  }

  /** Returns the element with that id. Throws `SoapFault` 20012 if there are several. */
  find(id: string): RecordedElement | undefined {
    const found = this.byId?.get(id);
    if (found === 'ambiguous') throw this.position.fault(`The id "${shortened(id, 100)}" occurs twice`);
    return found;
  }
}
