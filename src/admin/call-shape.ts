import Type, { type Static } from 'typebox';
import { type FaultCode, faults } from '../contract/faults.ts';
import { type RecordType, recordTypes } from '../records/all.ts';
import type { JournalEntry, JournalRow, JournalValue } from '../rules/facts.ts';
import { isCut } from '../store/journal-caps.ts';
import type { KeptJournalEntry } from '../store/store.ts';
import { closed, orNull } from './route.ts';

export const statuses = ['CREATED', 'UPDATED', 'UNCHANGED', 'SKIPPED', 'FAILED', 'DELETED'] as const;

const value = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
  closed({ month: Type.String(), amount: Type.Number(), note: orNull(Type.String()) }, 'a cost of a program'),
]);

export const changeShape = closed({
  name: Type.String(),
  before: value,
  after: value,
  cut: Type.Boolean({ description: 'a value was too long for the journal, or was left out' }),
});

export const faultShape = closed({ code: Type.Integer(), text: Type.String() });

/** A call in a list. */
export const callShape = closed({
  number: Type.Integer(),
  callId: Type.String({ description: 'also in the log and in the answer' }),
  at: Type.String({ description: 'UTC, ISO 8601' }),
  userId: Type.String(),
  operation: Type.String(),
  mode: orNull(Type.String()),
  address: orNull(Type.String()),
  fault: orNull(faultShape),
  outcomeUnknown: Type.Boolean({ description: 'the fault left open whether the call was applied' }),
  milliseconds: orNull(
    Type.Number({ description: 'until its entry, which is before the commit of changes' }),
  ),
  rows: Type.Record(Type.String(), Type.Integer(), { description: 'rows by status' }),
  hasBodies: Type.Boolean(),
});

/** The outcome of a row. */
export const rowShape = closed({
  position: Type.Integer({ description: 'from 1' }),
  type: Type.String({ description: 'as the call named it; of a custom object, the name of its type' }),
  objectType: orNull(Type.Enum(recordTypes as RecordType[], { description: 'the type in /objects' })),
  id: orNull(Type.Integer()),
  externalKey: orNull(closed({ name: Type.String(), value: Type.String() })),
  name: orNull(Type.String()),
  status: Type.String(),
  reason: orNull(Type.String()),
  changes: Type.Array(changeShape),
});

export type CallItem = Static<typeof callShape>;
export type RowItem = Static<typeof rowShape>;

export const faultOf = (code: number, text: string | undefined) => ({
  code,
  text: text ?? faults[code as FaultCode]?.short ?? '',
});

export function callOf(entry: KeptJournalEntry, hasBodies: boolean): CallItem {
  const { number, callId, at, userId, operation, mode, address, outcomeUnknown, milliseconds } = entry;
  return {
    number,
    callId,
    at,
    userId,
    operation,
    mode,
    address,
    fault: entry.fault === null ? null : faultOf(entry.fault, entry.faultText),
    outcomeUnknown,
    milliseconds: milliseconds ?? null,
    rows: countsOf(entry.rows),
    hasBodies,
  };
}

export function countsOf(rows: JournalEntry['rows']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const customObjectCalls: readonly string[] = ['syncCustomObjects', 'deleteCustomObjects'];

/**
 * Returns the record type that the rows of an operation are about: rows about custom objects have the name of their own
 * type. Null: a name that is no type, of a row that failed.
 */
export const objectTypeOf = (operation: string | null, type: string): RecordType | null => {
  if (operation !== null && customObjectCalls.includes(operation)) return 'CustomObject';
  return recordTypes.find((each) => each === type) ?? null;
};

export const rowsOf = (operation: string | null, rows: JournalEntry['rows']): RowItem[] =>
  rows.map((row, index) => ({
    position: index + 1,
    type: row.type,
    objectType: objectTypeOf(operation, row.type),
    id: row.id,
    externalKey: row.externalKey ?? null,
    name: row.name ?? null,
    status: row.status,
    reason: row.because ?? null,
    changes: changesOf(row),
  }));

/** Returns the changes of a row. Values that the journal does not have are null, and cut. */
export function changesOf({ status, changed = [], before, after }: JournalRow): Static<typeof changeShape>[] {
  return changed.map((name, index) => {
    const had = before?.[index];
    const has = status === 'DELETED' ? null : after?.[index];
    const cut = [had, has].some((one) => one === undefined || isCut(one));
    return { name, before: plain(had), after: plain(has), cut };
  });
}

const plain = (given: JournalValue | undefined) => (given === undefined ? null : given);
