import type { JournalEntry } from '../../rules/facts.ts';
import { removeInBatches } from '../batches.ts';
import { findCalls, statusesOf } from '../calls.ts';
import { type JournalBuffer, journalBuffer } from '../journal-buffer.ts';
import { type Journal, type KeptJournalEntry, StoreError, type StoreLog } from '../store.ts';
import { callReader } from './calls.ts';
import { isRefusedData } from './errors.ts';
import { journalColumns, toEntry } from './journal-row.ts';
import { json, text, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Returns the statement that inserts entries. Entries that already have a number keep it. */
export function journalStatement(entries: readonly (JournalEntry | KeptJournalEntry)[]): string {
  const isKept = entries.some((entry) => 'number' in entry);
  const sent = entries.map(
    ({ at, userId, operation, mode, address, fault, rows, callId, outcomeUnknown, ...others }) => ({
      ...('number' in others ? { number: others.number } : {}),
      at,
      user_id: userId,
      operation,
      mode,
      address,
      fault,
      rows,
      call_id: callId,
      outcome_unknown: outcomeUnknown,
      fault_text: others.faultText,
      milliseconds: others.milliseconds,
      statuses: statusesOf(rows),
    }),
  );
  const columns = `${isKept ? 'number, ' : ''}at, user_id, operation, mode, address, fault, rows, call_id, outcome_unknown, fault_text, milliseconds, statuses`;
  return (
    `INSERT INTO journal (${columns})${isKept ? ' OVERRIDING SYSTEM VALUE' : ''} SELECT ${columns} FROM json_to_recordset(${json(sent)}) AS ` +
    'sent(number bigint, at timestamptz, user_id text, operation text, mode text, address text, fault integer, rows jsonb, ' +
    'call_id text, outcome_unknown boolean, fault_text text, milliseconds double precision, statuses integer)'
  );
}

/** Skips entries already written; a retried commit may have succeeded. */
const missing =
  " WHERE call_id = '' OR NOT EXISTS (SELECT 1 FROM journal AS kept WHERE kept.at = sent.at " +
  'AND kept.call_id = sent.call_id AND kept.outcome_unknown = sent.outcome_unknown)';

/** Accesses the table `journal`. `log` is told when noted entries could not be written. */
export function journalTable(guard: Guard, log: StoreLog | undefined): Journal & JournalBuffer {
  const buffer = journalBuffer({
    write: async (entries) => {
      await guard.write((transaction) => transaction.commit(journalStatement(entries) + missing));
    },
    isRefused: (error) => error instanceof StoreError && isRefusedData(error.cause),
    log,
  });

  const removeOldest = (at: string, atMost: number) =>
    guard.write(async (transaction) => {
      const oldest = `SELECT number FROM journal WHERE at < ${text(at)} ORDER BY at LIMIT ${wholeNumber(atMost)}`;
      const [rows = []] = await transaction.commit(
        `WITH gone AS (DELETE FROM journal WHERE number IN (${oldest}) RETURNING 1) SELECT count(*) FROM gone`,
      );
      return Number(rows[0]?.[0]);
    });

  const reader = callReader(guard);

  return {
    ...buffer,
    async find(filter, limit) {
      await buffer.flush();
      return findCalls(reader, filter, limit);
    },
    async after(number, limit) {
      await buffer.flush();
      const [rows = []] = await guard.read(
        `SELECT ${journalColumns} FROM journal WHERE number > ${wholeNumber(number)} ORDER BY number LIMIT ${wholeNumber(limit)}`,
      );
      return rows.map(toEntry);
    },
    async entry(number) {
      await buffer.flush();
      const [rows = []] = await guard.read(
        `SELECT ${journalColumns} FROM journal WHERE number = ${wholeNumber(number)}`,
      );
      return rows.map(toEntry)[0];
    },
    async newest(limit, before = Number.MAX_SAFE_INTEGER) {
      await buffer.flush();
      const [rows = []] = await guard.read(
        `SELECT ${journalColumns} FROM journal ` +
          `WHERE number < ${wholeNumber(before)} ORDER BY number DESC LIMIT ${wholeNumber(limit)}`,
      );
      return rows.map(toEntry);
    },
    async countSince(at) {
      await buffer.flush();
      const [rows = []] = await guard.read(`SELECT count(*) FROM journal WHERE at >= ${text(at)}`);
      return Number(rows[0]?.[0]);
    },
    async prune(at, signal) {
      await buffer.flush();
      return removeInBatches((atMost) => removeOldest(at, atMost), signal);
    },
  };
}
