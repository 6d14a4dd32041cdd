/** The most positions whose counts are remembered. */
const POSITIONS_AT_MOST = 1000;

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
  const known = new Map<string, string>();
  return {
    since: (position) => known.get(position),
    note(position, at) {
      known.delete(position);
      known.set(position, at);
      const [oldest] = known.keys();
      if (known.size > POSITIONS_AT_MOST && oldest !== undefined) known.delete(oldest);
    },
    now: () => new Date(Date.now() - UNDER_WAY).toISOString(),
  };
}
