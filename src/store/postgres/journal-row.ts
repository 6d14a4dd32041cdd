import type { KeptJournalEntry } from '../store.ts';
import { isoTime, type Row, unpackJson, unpackText } from './sql.ts';

const orNull = (cell: string | null | undefined): string | null => (cell == null ? null : unpackText(cell));

/** The columns of the table, in the order that `toEntry` reads. */
export const journalColumns = `number, ${isoTime('at')}, user_id, operation, mode, address, fault, rows, call_id, outcome_unknown, fault_text, milliseconds`;

/** Converts a table row to an entry. */
export const toEntry = ([
  number,
  at,
  userId,
  operation,
  mode,
  address,
  fault,
  rows,
  callId,
  unknown,
  faultText,
  milliseconds,
]: Row): KeptJournalEntry => ({
  number: Number(number),
  callId: callId ?? '',
  at: at ?? '',
  userId: orNull(userId) ?? '',
  operation: orNull(operation) ?? '',
  mode: orNull(mode),
  address: orNull(address),
  fault: fault == null ? null : Number(fault),
  outcomeUnknown: unknown === 't',
  rows: unpackJson(rows ?? '[]'),
  ...(faultText == null ? {} : { faultText: unpackText(faultText) }),
  ...(milliseconds == null ? {} : { milliseconds: Number(milliseconds) }),
});
