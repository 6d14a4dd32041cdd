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

/** Returns the journal entry of a call that was decided row by row. `hasValues`: with the values that changed. */
export function journalEntry(
  { began, ...call }: JournaledCall,
  results: readonly RowResult[],
  hasValues: boolean,
): JournalEntry {
  return {
    ...call,
    fault: null,
    milliseconds: millisecondsSince(began),
    outcomeUnknown: false,
    rows: results.map((result) => journalRow(result, hasValues)),
  };
}

/** Returns the time since a moment of `performance.now()`, in milliseconds with one decimal. */
export const millisecondsSince = (began: number): number => Math.round((performance.now() - began) * 10) / 10;

function journalRow({ row, outcome }: RowResult, hasValues: boolean): JournalRow {
  const { sentType: type, echoedKey: externalKey } = row;
  const { status, id, reason: because, name, changed, before, after } = outcome;
  const journaled: Writable<JournalRow> = { type, status, id };
  if (because !== undefined) journaled.because = because;
  if (externalKey !== undefined) journaled.externalKey = externalKey;
  else if (name !== undefined && hasValues) journaled.name = name;
  if (changed === undefined) return journaled;
  journaled.changed = changed;
  if (hasValues && before !== undefined) journaled.before = before;
  if (hasValues && after !== undefined) journaled.after = after;
  return journaled;
}

type Writable<Value> = { -readonly [Name in keyof Value]: Value[Name] };
