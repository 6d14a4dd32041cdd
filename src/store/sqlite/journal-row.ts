import type { KeptJournalEntry } from '../store.ts';

/** A row of the table `journal`. */
export interface JournalTableRow {
  number: number;
  at: string;
  user_id: string;
  operation: string;
  mode: string | null;
  address: string | null;
  fault: number | null;
  rows: string;
  call_id: string;
  outcome_unknown: number;
  fault_text: string | null;
  milliseconds: number | null;
}

/** Converts a table row to an entry. */
export const toEntry = (row: JournalTableRow): KeptJournalEntry => ({
  number: row.number,
  callId: row.call_id,
  at: row.at,
  userId: row.user_id,
  operation: row.operation,
  mode: row.mode,
  address: row.address,
  fault: row.fault,
  outcomeUnknown: row.outcome_unknown === 1,
  rows: JSON.parse(row.rows),
  ...(row.fault_text === null ? {} : { faultText: row.fault_text }),
  ...(row.milliseconds === null ? {} : { milliseconds: row.milliseconds }),
});
