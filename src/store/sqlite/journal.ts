import type { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../../rules/facts.ts';
import { removeInBatches } from '../batches.ts';
import { type CallFilter, type FoundCalls, statusesOf } from '../calls.ts';
import { type JournalBuffer, journalBuffer } from '../journal-buffer.ts';
import { cappedEntry } from '../journal-caps.ts';
import { type Journal, type KeptJournalEntry, StoreError, type StoreLog } from '../store.ts';
import { isRefusedData } from './errors.ts';
import { type JournalTableRow, toEntry } from './journal-row.ts';
import { command, objectQuery, type Parameter, valueQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

/** The journal, with methods for its store: writing inside a transaction, and closing. */
export interface SqliteJournal extends Journal, JournalBuffer {
  /** Writes an entry inside the current transaction. */
  write(entry: JournalEntry): void;
}

const columns =
  'at, user_id, operation, mode, address, fault, rows, call_id, outcome_unknown, fault_text, milliseconds, statuses';

/** Returns the values of an entry for `columns`. */
const valuesOf = (entry: JournalEntry): Parameter[] => [
  entry.at,
  entry.userId,
  entry.operation,
  entry.mode,
  entry.address,
  entry.fault,
  JSON.stringify(entry.rows),
  entry.callId,
  Number(entry.outcomeUnknown),
  entry.faultText ?? null,
  entry.milliseconds ?? null,
  statusesOf(entry.rows),
];

const places = (count: number) => Array(count).fill('?').join(', ');

/** Returns a function that inserts entries which have a number already. */
export function keptEntryWriter(db: DatabaseSync): (entry: KeptJournalEntry) => void {
  const insert = command(db, `INSERT INTO journal (number, ${columns}) VALUES (${places(13)})`);
  return (entry) => void insert.run(entry.number, ...valuesOf(entry));
}

export interface JournalParts {
  readonly db: DatabaseSync;
  readonly guard: Guard;
  /** Finds calls; a search for what few have reads the whole index. */
  readonly find: (filter: CallFilter, limit: number) => Promise<FoundCalls>;
  /** Is told when noted entries could not be written. */
  readonly log: StoreLog | undefined;
}

/** Accesses the table `journal`. */
export function journalTable({ db, guard, find, log }: JournalParts): SqliteJournal {
  const insert = command(db, `INSERT INTO journal (${columns}) VALUES (${places(12)})`);
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
    insert.run(...valuesOf(cappedEntry(entry)));
  }

  const buffer = journalBuffer({
    write: async (entries) => {
      await guard.write(() => entries.forEach(write));
    },
    isRefused: (error) => error instanceof StoreError && isRefusedData(error.cause),
    log,
  });

  const after = objectQuery<[number, number], JournalTableRow>(
    db,
    'SELECT * FROM journal WHERE number > ? ORDER BY number LIMIT ?',
  );
  const one = objectQuery<[number], JournalTableRow>(db, 'SELECT * FROM journal WHERE number = ?');

  async function readDurably<Value>(read: () => Value): Promise<Value> {
    await buffer.flush();
    const found = guard.read(read);
    await guard.durable();
    return found;
  }

  return {
    ...buffer,
    write,
    async find(filter, limit) {
      await buffer.flush();
      const found = await find(filter, limit);
      await guard.durable();
      return found;
    },
    after: (number, limit) => readDurably(() => after.all(number, limit).map(toEntry)),
    entry: (number) => readDurably(() => one.all(number).map(toEntry)[0]),
    newest: (limit, before = Number.MAX_SAFE_INTEGER) =>
      readDurably(() => newest.all(before, limit).map(toEntry)),
    countSince: (at) => readDurably(() => countSince.get(at) ?? 0),
    async prune(at, signal) {
      await buffer.flush();
      return removeInBatches(
        async (atMost) => (await guard.write(() => prune.run(at, atMost))).changes,
        signal,
      );
    },
  };
}
