import { shortened } from '../contract/shortened.ts';
import { type ElementAttributes, readAttributes } from './element-attributes.ts';
import type { XmlAttribute, XmlPosition } from './xml-reader.ts';

/** The events of an element whose type is not known: it begins, its text, undefined for its end. */
export type RecordedEvent =
  | { readonly local: string; readonly uri: string; readonly attributes: ElementAttributes }
  | string
  | undefined;

/** An element that was recorded: where it begins among the events of the outermost one around it. */
export interface RecordedElement {
  readonly events: readonly RecordedEvent[];
  readonly start: number;
}

/**
 * Records the unknown elements that have an id, since a reference may say later what they are. They stay in memory as
 * events, as many as the document has elements and pieces of text.
 */
export function createRecordedElements(position: XmlPosition) {
  const byId = new Map<string, RecordedElement | 'ambiguous'>();
  let events: RecordedEvent[] = [];
  let depth = 0;

  return {
    open(local: string, uri: string, attributes: readonly XmlAttribute[]): void {
      if (depth === 0 && attributes.length === 0) return;
      const read = readAttributes(attributes, position);
      if (depth === 0) {
        if (read.id === undefined) return;
        events = [];
      }
      depth++;
      if (read.id !== undefined) {
        byId.set(read.id, byId.has(read.id) ? 'ambiguous' : { events, start: events.length });
      }
      events.push({ local, uri, attributes: read });
    },
    text(text: string): void {
      if (depth > 0) events.push(text);
    },
    close(): void {
      if (depth === 0) return;
      depth--;
      events.push(undefined);
    },
    /** Returns the element of that id. Throws `SoapFault` 20012 if there are several. */
    find(id: string): RecordedElement | undefined {
      const found = byId.get(id);
      if (found === 'ambiguous') throw position.fault(`The id "${shortened(id, 100)}" occurs twice`);
      return found;
    },
  };
}
