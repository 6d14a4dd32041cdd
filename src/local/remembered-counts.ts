import { createRecent } from './recent.ts';

/**
 * The time for which a count is taken for right, in milliseconds: members of a list and leads may change without a trace
 * here.
 */
const FRESH = 60_000;

/** The number of activities behind a place, and the range of ids at that time. */
export interface RememberedCount {
  readonly remaining: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Remembers the counts of pages, so that the next page need not count all that follows once more. */
export interface RememberedCounts {
  /** Returns the count behind the activity `after` of a query; undefined if none is remembered that may be right. */
  find(query: string, after: number): RememberedCount | undefined;
  note(query: string, after: number, count: RememberedCount): void;
}

export function createRememberedCounts(now: () => number = () => performance.now()): RememberedCounts {
  const counts = createRecent<{ readonly count: RememberedCount; readonly at: number }>();
  return {
    find(query, after) {
      const found = counts.get(`${after} ${query}`);
      return found === undefined || now() - found.at > FRESH ? undefined : found.count;
    },
    note: (query, after, count) => counts.set(`${after} ${query}`, { count, at: now() }),
  };
}
