import type { Unreadable, UnreadableParts } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';

const longestValue = 100;

/** Collects what could not be read, by the message that it stands in directly. */
export function createUnreadableNotes() {
  const parts = new Map<object, Unreadable[]>();

  return {
    parts: parts as UnreadableParts,
    note(message: object, element: string, text: string, expected: string, isList?: true): void {
      const noted = { element, value: shortened(text, longestValue), expected };
      const unreadable: Unreadable = isList ? { ...noted, isList } : noted;
      const list = parts.get(message);
      if (list === undefined) parts.set(message, [unreadable]);
      else list.push(unreadable);
    },
    /** Notes a list that has elements, and none of those that it is made of. */
    noteList(message: object, element: string, text: string, expected: string): void {
      this.note(message, element, text, expected, true);
    },
    /** Notes for one message what was noted for another that is now part of it. */
    copy(from: object, to: object): void {
      for (const { element, value, expected, isList } of parts.get(from) ?? [])
        this.note(to, element, value, expected, isList);
    },
  };
}
