import type { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../../rules/facts.ts';
import { removeInBatches } from '../batches.ts';
import { type JournalBuffer, journalBuffer } from '../journal-buffer.ts';
import { cappedEntry } from '../journal-caps.ts';
import { type Journal, type KeptJournalEntry, StoreError, type StoreLog } from '../store.ts';
import { isRefusedData } from './errors.ts';
import { command, objectQuery, valueQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

/** The journal, with methods for its store: writing inside a transaction, and closing. */
export interface SqliteJournal extends Journal, JournalBuffer {
  /** Writes an entry inside the current transaction. */
  write(entry: JournalEntry): void;
}

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
}

/** Accesses the table `journal`. `log` is told when noted entries could not be written. */
export function journalTable(db: DatabaseSync, guard: Guard, log: StoreLog | undefined): SqliteJournal {
  const insert = command(
    db,
    'INSERT INTO journal (at, user_id, operation, mode, address, fault, rows, call_id, outcome_unknown) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const newest = objectQuery<[number, number], JournalTableRow>(
    db,
    'SELECT * FROM journal WHERE number < ? ORDER BY number DESC LIMIT ?',
  );
  const countSince = valueQuery<[string], number>(db, 'SELECT count(*) FROM journal WHERE at >= ?');
  const prune = command<[string, number]>(
    db,
    'DELETE FROM journal WHERE number IN (SELECT number FROM journal WHERE at < ? ORDER BY at LIMIT ? + 0)',
  );

  function write(entry: JournalEntry): void {
    const { at, userId, operation, mode, address, fault, rows, callId } = cappedEntry(entry);
    const unknown = Number(entry.outcomeUnknown);
    insert.run(at, userId, operation, mode, address, fault, JSON.stringify(rows), callId, unknown);
  }

  const buffer = journalBuffer({
    write: async (entries) => {
      await guard.write(() => entries.forEach(write));
    },
    isRefused: (error) => error instanceof StoreError && isRefusedData(error.cause),
    log,
  });

  return {
    ...buffer,
    write,
    async newest(limit, before = Number.MAX_SAFE_INTEGER) {
      await buffer.flush();
      const entries = guard.read(() => newest.all(before, limit).map(toEntry));
      await guard.durable();
      return entries;
    },
    async countSince(at) {
      await buffer.flush();
      const count = guard.read(() => countSince.get(at) ?? 0);
      await guard.durable();
      return count;
    },
    async prune(at, signal) {
      await buffer.flush();
      return removeInBatches(
        async (atMost) => (await guard.write(() => prune.run(at, atMost))).changes,
        signal,
      );
    },
  };
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
});
