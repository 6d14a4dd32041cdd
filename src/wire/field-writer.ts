import type { CompiledElement } from './compiled-type.ts';
import type { Fields } from './message-fields.ts';
import type { References } from './references.ts';
import { readBase64Text, type Scalar } from './scalars.ts';
import type { UnreadableNotes } from './unreadable.ts';
import { trimSpace } from './xml-text.ts';

/** Parses the texts of elements, notes those that are unreadable, and puts values into their messages. */
export class FieldWriter {
  private readonly references: References;
  private readonly unreadable: UnreadableNotes;

  constructor(references: References, unreadable: UnreadableNotes) {
    this.references = references;
    this.unreadable = unreadable;
  }

  /** Returns the text that was sent as base64; undefined, and noted, if it is none. */
  readBase64(sent: string, into: Fields, element: CompiledElement | undefined): string | undefined {
    const trimmed = trimSpace(sent);
    const value = readBase64Text(trimmed);
    if (value === undefined && element !== undefined) {
      this.unreadable.note(into, element.name, trimmed, 'base64 of text, as its xsi:type says');
    }
    return value;
  }

  /** Returns the value of a text; undefined if it is empty, or unreadable and noted. */
  read(sent: string, scalar: Scalar, into: Fields, element: CompiledElement | undefined): unknown {
    if (scalar.verbatim) return sent;
    const text = trimSpace(sent);
    if (text === '') return undefined;
    const value = scalar.read(text);
    if (value === undefined && element !== undefined) {
      this.unreadable.note(into, element.name, text, scalar.expected);
    }
    return value;
  }

  /** Puts the value of an element into its message: appends it to an array, joins lists, replaces anything else. */
  put(into: Fields, element: CompiledElement, value: unknown): void {
    const { name, content } = element;
    if (element.many) {
      (into[name] as unknown[]).push(value);
      return;
    }
    if (content.kind === 'type' && content.item !== undefined && value !== null) {
      const earlier = into[name] as Fields | null | undefined;
      if (earlier) {
        into[name] = this.join(content.item.name, earlier, value as Fields);
        return;
      }
    }
    into[name] = value;
  }

  putText(into: Fields, element: CompiledElement, scalar: Scalar, text = ''): void {
    const value = this.read(text, scalar, into, element);
    if (value !== undefined) this.put(into, element, value);
  }

  /**
   * Puts the texts that a pattern captured into their message. `texts[0]` is the whole match; the text of `elements[0]`
   * is `texts[1]`, undefined if the element was not sent. Returns how many were sent.
   */
  putTexts(
    into: Fields,
    elements: readonly CompiledElement[],
    texts: readonly (string | undefined)[],
  ): number {
    let count = 0;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index];
      const text = texts[index + 1];
      if (element === undefined || text === undefined || element.content.kind === 'type') continue;
      this.putText(into, element, element.content, text);
      count++;
    }
    return count;
  }

  /** Returns a list that was sent in two parts as one. A shared list is copied, not changed. */
  private join(items: string, earlier: Fields, later: Fields): Fields {
    let list = earlier;
    if (this.references.isShared(earlier)) {
      list = { [items]: [...(earlier[items] as unknown[])] };
      this.unreadable.copy(earlier, list);
    }
    const all = list[items] as unknown[];
    for (const item of later[items] as unknown[]) all.push(item);
    this.unreadable.copy(later, list);
    return list;
  }
}
