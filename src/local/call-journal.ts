import type { CallInfo } from '../backend.ts';
import type { OperationName } from '../contract/operations.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';
import type { RowResult } from '../rules/sync.ts';

/** The parts of an entry that an operation gives. */
export interface JournaledOperation {
  readonly operation: OperationName;
  readonly mode: string | null;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
}

/** Makes the journal entries of one call. */
export interface CallJournal {
  /** If true, entries have the values that changed. */
  readonly hasValues: boolean;
  /** Returns the entry of a call that was decided row by row. */
  ofResults(operation: JournaledOperation, results: readonly RowResult[]): JournalEntry;
  /** Returns an entry with these rows. */
  ofRows(operation: JournaledOperation, rows: readonly JournalRow[]): JournalEntry;
}

/** Creates the journal of one call. `hasValues`: see `LocalBackendOptions`. */
export function createCallJournal({ began, ...call }: CallInfo, hasValues: boolean): CallJournal {
  const ofRows = (operation: JournaledOperation, rows: readonly JournalRow[]): JournalEntry => ({
    ...call,
    ...operation,
    fault: null,
    milliseconds: millisecondsSince(began),
    outcomeUnknown: false,
    rows,
  });
  return {
    hasValues,
    ofRows,
    ofResults: (operation, results) =>
      ofRows(
        operation,
        results.map((result) => journalRow(result, hasValues)),
      ),
  };
}

/** Returns the time since a moment of `performance.now()`, in milliseconds with one decimal. */
const millisecondsSince = (began: number): number => Math.round((performance.now() - began) * 10) / 10;

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
