import type { JournalEntry } from '../../mobjects/facts.ts';
import type { StoreLog } from '../open.ts';
import type { Journal, KeptJournalEntry } from '../store.ts';
import { isoTime, json, type Row, text, unpackJson, unpackText, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Noted entries are written when so many wait, or when the first has waited so long (milliseconds). */
const WAITING_AT_MOST = 100;
const WAITING_TIME = 200;
/** While the database cannot be written, so many are kept; older ones are lost. */
const KEPT_AT_MOST = 10_000;

/** The journal, with what only its store does. */
export interface PostgresJournal extends Journal {
  /** Writes what waits; rejects if that cannot be done. */
  flush(): Promise<void>;
  stop(): void;
}

/** The statement that writes entries. */
export function journalStatement(entries: readonly JournalEntry[]): string {
  const sent = entries.map(({ at, userId, operation, mode, address, fault, rows }) => ({
    at,
    user_id: userId,
    operation,
    mode,
    address,
    fault,
    rows,
  }));
  return (
    'INSERT INTO journal (at, user_id, operation, mode, address, fault, rows) ' +
    `SELECT at, user_id, operation, mode, address, fault, rows FROM json_to_recordset(${json(sent)}) AS ` +
    'sent(at timestamptz, user_id text, operation text, mode text, address text, fault integer, rows jsonb)'
  );
}

/** The table `journal`. `log` is told when noted entries could not be written. */
export function journalTable(guard: Guard, log: StoreLog | undefined): PostgresJournal {
  let waiting: JournalEntry[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** One write after the other, so that the entries keep their order. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => {}).then(writeWaiting);
    return writing;
  }

  async function writeWaiting(): Promise<void> {
    if (waiting.length === 0) return;
    const entries = waiting;
    waiting = [];
    try {
      await guard.write((session) => session.commit(journalStatement(entries)));
    } catch (error) {
      const isUnknown = (error as { outcomeUnknown?: boolean }).outcomeUnknown === true;
      waiting = [...(isUnknown ? [] : entries), ...waiting].slice(-KEPT_AT_MOST);
      throw error;
    }
  }

  function flushLater(): void {
    flush().catch((error: unknown) => {
      log?.warn(
        { err: error, waiting: waiting.length },
        'journal entries could not be written; trying again',
      );
      schedule();
    });
  }

  function schedule(): void {
    if (stopped) return;
    timer ??= setTimeout(flushLater, WAITING_TIME).unref();
  }

  return {
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
      await flush();
      const [rows = []] = await guard.read(
        `SELECT number, ${isoTime('at')}, user_id, operation, mode, address, fault, rows FROM journal ` +
          `WHERE number < ${wholeNumber(before)} ORDER BY number DESC LIMIT ${wholeNumber(limit)}`,
      );
      return rows.map(toEntry);
    },
    async countSince(at) {
      await flush();
      const [rows = []] = await guard.read(`SELECT count(*) FROM journal WHERE at >= ${text(at)}`);
      return Number(rows[0]?.[0]);
    },
    async prune(at) {
      await flush();
      return guard.write(async (session) => {
        const [rows = []] = await session.commit(
          `WITH gone AS (DELETE FROM journal WHERE at < ${text(at)} RETURNING 1) SELECT count(*) FROM gone`,
        );
        return Number(rows[0]?.[0]);
      });
    },
  };
}

const orNull = (cell: string | null | undefined): string | null => (cell == null ? null : unpackText(cell));

const toEntry = ([number, at, userId, operation, mode, address, fault, rows]: Row): KeptJournalEntry => ({
  number: Number(number),
  at: at ?? '',
  userId: orNull(userId) ?? '',
  operation: orNull(operation) ?? '',
  mode: orNull(mode),
  address: orNull(address),
  fault: fault == null ? null : Number(fault),
  rows: unpackJson(rows ?? '[]'),
});
