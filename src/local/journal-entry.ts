import type { CallInfo } from '../backend.ts';
import type { OperationName } from '../contract/operations.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';
import type { RowResult } from '../rules/sync.ts';

/** The journal data of a call besides its rows. */
export interface JournaledCall extends CallInfo {
  readonly operation: OperationName;
  readonly mode: string | null;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
}

/** Returns the journal entry of a call that was decided row by row. */
export function journalEntry(call: JournaledCall, results: readonly RowResult[]): JournalEntry {
  return { ...call, fault: null, outcomeUnknown: false, rows: results.map(journalRow) };
}

function journalRow({ row, outcome }: RowResult): JournalRow {
  const { sentType: type, echoedKey: externalKey } = row;
  const { status, id, reason: because, changed } = outcome;
  const key = externalKey === undefined ? undefined : { externalKey };
  if (because !== undefined) return { type, status, id, because, ...key };
  if (changed !== undefined) return { type, status, id, changed, ...key };
  return { type, status, id, ...key };
}
