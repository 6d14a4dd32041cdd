import type { Unreadable, UnreadableParts } from '../contract/messages.ts';
import { quote } from './refusal.ts';

/** Describes an element that could not be read. */
export const describeUnreadable = ({ element, value, expected }: Unreadable): string =>
  `${element}: ${quote(value)}; expected ${expected}`;

/** Returns the first unreadable element of a message or its nested messages. */
export function firstUnreadable(message: object, parts: UnreadableParts): Unreadable | undefined {
  if (parts.size === 0) return undefined;
  const own = parts.get(message)?.[0];
  if (own !== undefined) return own;
  for (const part of Object.values(message)) {
    if (typeof part !== 'object' || part === null) continue;
    const inside = firstUnreadable(part, parts);
    if (inside !== undefined) return inside;
  }
  return undefined;
}
