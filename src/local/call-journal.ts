import type { CallInfo } from '../backend.ts';
import type { RowStatus } from '../contract/enumerations.ts';
import type { OperationName } from '../contract/operations.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';
import type { RowOutcome } from '../rules/outcome.ts';
import type { RowIdentity } from '../rules/row.ts';

/** The parts of an entry that an operation gives. */
export interface JournaledOperation {
  readonly operation: OperationName;
  readonly mode: string | null;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
}

/** The result of a row of any operation. */
export interface JournaledResult {
  readonly row: Pick<RowIdentity, 'sentType' | 'echoedKey'>;
  readonly outcome: Omit<RowOutcome, 'status'> & { readonly status: RowStatus };
}

/** Makes the journal entries of one call. */
export type CallJournal = (
  operation: JournaledOperation,
  results: readonly JournaledResult[],
) => JournalEntry;

/** Creates the journal of one call. `hasValues`: see `LocalBackendOptions`. */
export const createCallJournal =
  ({ began, ...call }: CallInfo, hasValues: boolean): CallJournal =>
  (operation, results) => ({
    ...call,
    ...operation,
    fault: null,
    milliseconds: millisecondsSince(began),
    outcomeUnknown: false,
    rows: results.map((result) => journalRow(result, hasValues)),
  });

/** Returns the time since a moment of `performance.now()`, in milliseconds with one decimal. */
const millisecondsSince = (began: number): number => Math.round((performance.now() - began) * 10) / 10;

function journalRow({ row, outcome }: JournaledResult, hasValues: boolean): JournalRow {
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
