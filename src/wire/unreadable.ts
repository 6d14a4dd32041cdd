import type { Unreadable, UnreadableParts } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';

const MAX_VALUE_LENGTH = 100;
const none: UnreadableParts = new Map();

/** Collects what could not be read, by the message that directly contains it. */
export class UnreadableNotes {
  private notes: Map<object, Unreadable[]> | undefined;

  get parts(): UnreadableParts {
    return this.notes ?? none;
  }

  note(message: object, element: string, text: string, expected: string, isList?: true): void {
    const value = shortened(text, MAX_VALUE_LENGTH);
    const unreadable: Unreadable = { element, value, expected, ...(isList && { isList }) };
    this.notes ??= new Map();
    const list = this.notes.get(message);
    if (list === undefined) this.notes.set(message, [unreadable]);
    else list.push(unreadable);
  }

  /** Notes a list that contains elements, but none of its items. */
  noteList(message: object, element: string, text: string, expected: string): void {
    this.note(message, element, text, expected, true);
  }

  /** Repeats the notes of a message for another message that now contains its parts. */
  copy(from: object, to: object): void {
    for (const { element, value, expected, isList } of this.notes?.get(from) ?? [])
      this.note(to, element, value, expected, isList);
  }
}
