import { createRecent } from './recent.ts';

/**
 * Calls in progress write the time they began at, so a lead that is found updated this long before a count may have been
 * written after it. In milliseconds.
 */
const UNDER_WAY = 10_000;

/**
 * Remembers when the leads behind a position were counted. While no lead has been updated since, the count that the
 * position carries is right, and need not be made again.
 */
export interface CountedLeads {
  /** Returns the time from which on an updated lead makes the count of a position wrong; undefined if it is unknown. */
  since(position: string): string | undefined;
  /** Notes that the count of a position is right, as of `at` or of `since`. */
  note(position: string, at: string): void;
  /** Returns the time to note for a count that is made now. */
  now(): string;
}

export function createCountedLeads(): CountedLeads {
  const known = createRecent<string>();
  return {
    since: known.get,
    note: known.set,
    now: () => new Date(Date.now() - UNDER_WAY).toISOString(),
  };
}
