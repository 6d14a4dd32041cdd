import type { Unreadable, UnreadableParts } from '../contract/messages.ts';
import { shortened } from '../contract/shortened.ts';

const longestValue = 100;

/** Collects what could not be read, by the message that it stands in directly. */
export function createUnreadableNotes() {
  const parts = new Map<object, Unreadable[]>();

  return {
    parts: parts as UnreadableParts,
    note(message: object, element: string, text: string, expected: string): void {
      const unreadable: Unreadable = { element, value: shortened(text, longestValue), expected };
      const list = parts.get(message);
      if (list === undefined) parts.set(message, [unreadable]);
      else list.push(unreadable);
    },
    /** Notes for one message what was noted for another that is now part of it. */
    copy(from: object, to: object): void {
      for (const { element, value, expected } of parts.get(from) ?? [])
        this.note(to, element, value, expected);
    },
  };
}
