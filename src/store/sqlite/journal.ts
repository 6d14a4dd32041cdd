import type { Database } from 'better-sqlite3';
import type { JournalEntry } from '../../mobjects/facts.ts';
import type { StoreLog } from '../open.ts';
import type { Journal, KeptJournalEntry } from '../store.ts';
import type { Guard } from './transaction.ts';

/** Noted entries are written when so many wait, or when the first has waited so long (milliseconds). */
const WAITING_AT_MOST = 100;
const WAITING_TIME = 200;
/** While the database cannot be written, so many are kept; older ones are lost. */
const KEPT_AT_MOST = 10_000;

/** The journal, with what only its store does: to write an entry in its own transaction, and to end. */
export interface SqliteJournal extends Journal {
  /** Writes an entry now, inside the transaction that is under way. */
  write(entry: JournalEntry): void;
  /** Writes what waits; throws if that cannot be done. */
  flush(): void;
  stop(): void;
}

interface JournalTableRow {
  number: number;
  at: string;
  user_id: string;
  operation: string;
  mode: string | null;
  address: string | null;
  fault: number | null;
  rows: string;
}

/** The table `journal`. `log` is told when noted entries could not be written. */
export function journalTable(db: Database, guard: Guard, log: StoreLog | undefined): SqliteJournal {
  const insert = db.prepare(
    'INSERT INTO journal (at, user_id, operation, mode, address, fault, rows) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const newest = db.prepare<[number, number], JournalTableRow>(
    'SELECT * FROM journal WHERE number < ? ORDER BY number DESC LIMIT ?',
  );
  const countSince = db.prepare<[string], number>('SELECT count(*) FROM journal WHERE at >= ?').pluck();
  const prune = db.prepare<[string]>('DELETE FROM journal WHERE at < ?');

  let waiting: JournalEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function write(entry: JournalEntry): void {
    const { at, userId, operation, mode, address, fault, rows } = entry;
    insert.run(at, userId, operation, mode, address, fault, JSON.stringify(rows));
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    guard.write(() => waiting.forEach(write));
    waiting = [];
  }

  function flushLater(): void {
    try {
      flush();
    } catch (error) {
      waiting = waiting.slice(-KEPT_AT_MOST);
      log?.warn(
        { err: error, waiting: waiting.length },
        'journal entries could not be written; trying again',
      );
      schedule();
    }
  }

  function schedule(): void {
    if (stopped) return;
    timer ??= setTimeout(flushLater, WAITING_TIME).unref();
  }

  return {
    write,
    flush,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    note(entry) {
      waiting.push(entry);
      if (waiting.length % WAITING_AT_MOST === 0) flushLater();
      else schedule();
    },
    async newest(limit, before = Number.MAX_SAFE_INTEGER) {
      flush();
      const entries = guard.read(() => newest.all(before, limit).map(toEntry));
      await guard.durable();
      return entries;
    },
    async countSince(at) {
      flush();
      const count = guard.read(() => countSince.get(at) ?? 0);
      await guard.durable();
      return count;
    },
    async prune(at) {
      flush();
      const { changes } = guard.write(() => prune.run(at));
      await guard.durable();
      return changes;
    },
  };
}

const toEntry = (row: JournalTableRow): KeptJournalEntry => ({
  number: row.number,
  at: row.at,
  userId: row.user_id,
  operation: row.operation,
  mode: row.mode,
  address: row.address,
  fault: row.fault,
  rows: JSON.parse(row.rows),
});
