import type { RowStatus } from '../contract/enumerations.ts';
import type { JournalEntry } from '../rules/facts.ts';

/** A stored journal entry with its number. */
export interface KeptJournalEntry extends JournalEntry {
  readonly number: number;
}

/** The place of a call in a list that begins with the newest: by time, of the same time by number. */
export interface CallPlace {
  readonly at: string;
  readonly number: number;
}

/** A filter of the calls in the journal. */
export interface CallFilter {
  /** Only calls that come later in the list. */
  readonly before?: CallPlace | undefined;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`; inclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly userId?: string | undefined;
  readonly operation?: string | undefined;
  /** Only calls with a row of this status. */
  readonly status?: RowStatus | undefined;
  /** Only calls that ended with this fault, with any, or without one. */
  readonly fault?: number | 'any' | 'none' | undefined;
  /** Only calls with this text, exactly: in a row, the fault's text, call id, user id or address. */
  readonly text?: string | undefined;
  /** Only calls with a row of this object. */
  readonly object?: { readonly type: string; readonly id: number } | undefined;
}

/** Calls, newest first. `next`: where to search on; null: there are no more. */
export interface FoundCalls {
  readonly entries: readonly KeptJournalEntry[];
  readonly next: CallPlace | null;
}

/** The part of a search that each engine does itself. */
export interface CallReader {
  /** The places of calls, newest first, by all of the filter that the index has; without reading entries. */
  places(filter: CallFilter, before: CallPlace | undefined, limit: number): Promise<readonly CallPlace[]>;
  /** Those entries that have the filter's text and object, newest first. */
  entries(places: readonly CallPlace[], filter: CallFilter): Promise<readonly KeptJournalEntry[]>;
}

/** Entries whose texts are read in one search, so that its time is bounded. */
const READ_AT_MOST = 1_000;
const READ_AT_ONCE = 250;

const bits: Readonly<Record<RowStatus, number>> = {
  CREATED: 1,
  UPDATED: 2,
  UNCHANGED: 4,
  SKIPPED: 8,
  FAILED: 16,
  DELETED: 32,
  MERGED: 64,
};

/** Returns the bit of a status in `statusesOf`. */
export const statusBit = (status: RowStatus): number => bits[status];

/** Returns the statuses of an entry's rows, as one number for an index. Entries of earlier versions have all bits. */
export function statusesOf(rows: JournalEntry['rows']): number {
  let statuses = 0;
  for (const { status } of rows) statuses |= bits[status as RowStatus] ?? 0;
  return statuses;
}

/**
 * Finds the newest calls. A search for a text or an object reads a bounded number of entries: it may find fewer than
 * `limit`, or none, and still have a `next`.
 */
export async function findCalls(reader: CallReader, filter: CallFilter, limit: number): Promise<FoundCalls> {
  const isSearch = filter.text !== undefined || filter.object !== undefined;
  const found: KeptJournalEntry[] = [];
  let { before } = filter;
  for (let read = 0; read < READ_AT_MOST; ) {
    const places = await reader.places(filter, before, isSearch ? READ_AT_ONCE : limit);
    if (places.length === 0) return { entries: found, next: null };
    for (const entry of await reader.entries(places, filter)) {
      if (filter.status !== undefined && !entry.rows.some(({ status }) => status === filter.status)) continue;
      found.push(entry);
      if (found.length < limit) continue;
      const { at, number } = entry;
      const isLast = (await reader.places(filter, entry, 1)).length === 0;
      return { entries: found, next: isLast ? null : { at, number } };
    }
    before = places.at(-1);
    read += places.length;
  }
  return { entries: found, next: before ?? null };
}
