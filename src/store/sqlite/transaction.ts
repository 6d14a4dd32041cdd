import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../store.ts';
import type { Durability } from './durability.ts';
import { BUSY_TIMEOUT, isBusy, isSyncFailure, storeError } from './errors.ts';
import { command, valueQuery } from './statements.ts';
import { unshared, type WriterMutex } from './writer-mutex.ts';

/** Runs transactions. Errors are converted to `StoreError`. */
export interface Guard {
  /**
   * Runs `work` in a transaction that holds the write lock from the start. Writers of the same turn of the event
   * loop, or of a few in a row, share a transaction, so that a page they all change is written once. Resolves when
   * the commit is durable. If `work` throws, its own changes are rolled back; those of other writers are not.
   */
  write<T>(work: () => T | NothingWritten<T>): Promise<T>;
  /**
   * Runs `work` in a read transaction that sees one state of the database. The state is committed but may not be
   * durable: send no answer based on it before `durable` resolves.
   */
  read<T>(work: () => T): T;
  /** Resolves when everything read so far is durable. Rejects with a `StoreError` if that failed. */
  durable(): Promise<void>;
  /** Resolves when no writer is waiting. */
  settled(): Promise<void>;
}

/** Wraps the result of work that wrote nothing: the caller waits only until the data that it read is durable. */
export class NothingWritten<T> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}

/** Wraps an error that `Guard` passes on unchanged. */
export class CallerError {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export interface TransactionParts {
  readonly db: DatabaseSync;
  readonly location: string;
  readonly durability: Durability;
  /** The mutex between threads that write; undefined: only one thread writes. */
  readonly mutex?: WriterMutex;
  /** Called when a transaction has begun, with the state that it sees (SQLite's `data_version`). */
  readonly begun?: (version: number) => void;
  /** Called when a transaction has ended. */
  readonly ended?: () => void;
  /** Called after a commit. */
  readonly committed?: () => void;
  /** Called after a rollback. */
  readonly rolledBack: () => void;
}

/**
 * The time to wait for more writers, in milliseconds, if some arrived in the last turn of the event loop. Not used
 * while another thread writes too: alternating is faster then.
 */
const GATHERING = 4;
/** The time after which a transaction starts no more writers, in milliseconds. The rest get the next one. */
const LONGEST = 8;

/** The delay before retrying when another process is writing, in milliseconds. */
const LOCKED_PAUSE = 20;

/** A queued write. */
interface Writer {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Manages the transactions of a connection. */
export function transactions(parts: TransactionParts): Guard {
  const { db, location, durability, rolledBack, mutex = unshared } = parts;
  const begin = { write: command<[]>(db, 'BEGIN IMMEDIATE'), read: command<[]>(db, 'BEGIN DEFERRED') };
  const commit = command<[]>(db, 'COMMIT');
  const rollback = command<[]>(db, 'ROLLBACK');
  const join = command<[]>(db, 'SAVEPOINT writer');
  const leave = command<[]>(db, 'RELEASE writer');
  const undoWriter = command<[]>(db, 'ROLLBACK TO writer');
  const dataVersion = valueQuery<[], number>(db, 'PRAGMA data_version');
  let seenVersion = dataVersion.get();
  const waiting: Writer[] = [];
  let isServing = false;
  let serving = Promise.resolve();

  /** Notes commits of other connections, which may not be on disk yet either. */
  function noteOthers(): void {
    const version = dataVersion.get() ?? 0;
    parts.begun?.(version);
    if (version === seenVersion) return;
    seenVersion = version;
    durability.committed();
  }

  const thrown = (error: unknown) =>
    error instanceof CallerError ? error.error : storeError(error, location);

  /** Serves the queue until it is empty. */
  async function serve(): Promise<void> {
    isServing = true;
    /** The end of the retries; undefined: no other process holds the lock. */
    let triesUntil: number | undefined;
    while (waiting.length > 0) {
      await gathered(() => waiting.length, mutex.othersWrite() ? 0 : GATHERING);
      await mutex.acquire();
      let isLocked: boolean;
      try {
        isLocked = !writeTogether(performance.now() < (triesUntil ?? Number.POSITIVE_INFINITY));
      } finally {
        parts.ended?.();
        mutex.release();
      }
      if (isLocked) {
        triesUntil ??= performance.now() + BUSY_TIMEOUT;
        await pause(LOCKED_PAUSE);
      } else {
        triesUntil = undefined;
        parts.committed?.();
      }
    }
    isServing = false;
  }

  /**
   * Runs all queued writers in one transaction and settles their promises. Returns false, with all still queued, if
   * another process is writing and `mayTryAgain` is set.
   */
  function writeTogether(mayTryAgain: boolean): boolean {
    const writers = waiting.splice(0);
    const values: (() => void)[] = [];
    let hasBegun = false;
    let hasWritten = false;
    const isShared = writers.length > 1;
    const end = performance.now() + LONGEST;
    try {
      durability.assertSound();
      begin.write.run();
      hasBegun = true;
      noteOthers();
      for (const [index, { work, resolve, reject }] of writers.entries()) {
        try {
          const value = isShared ? doJoined(work) : work();
          const wroteNothing = value instanceof NothingWritten;
          hasWritten ||= !wroteNothing;
          values.push(() => resolve(wroteNothing ? value.value : value));
        } catch (error) {
          reject(thrown(error));
          if (!isShared || !db.isTransaction) throw error;
        }
        if (performance.now() >= end) waiting.unshift(...writers.splice(index + 1));
      }
      commit.run();
    } catch (error) {
      undo();
      if (!hasBegun && mayTryAgain && isBusy(error)) {
        waiting.unshift(...writers);
        return false;
      }
      const failure = storeError(reasonOf(error), location, isSyncFailure(error));
      for (const { reject } of writers) reject(failure);
      return true;
    }
    if (hasWritten) durability.committed();
    for (const resolve of values) resolve();
    return true;
  }

  /**
   * Runs one of several writers in a savepoint. Rolls back to it on failure, or the whole transaction if that fails
   * too.
   */
  function doJoined(work: () => unknown): unknown {
    join.run();
    try {
      const value = work();
      leave.run();
      return value;
    } catch (error) {
      try {
        undoWriter.run();
        leave.run();
        rolledBack();
      } catch {
        undo();
      }
      throw error;
    }
  }

  /** Some errors, such as a full disk, have already ended the transaction. */
  function undo(): void {
    try {
      if (db.isTransaction) rollback.run();
    } catch {
      // The next transaction will report the error.
    } finally {
      rolledBack();
    }
  }

  function assertOpen(): void {
    if (!db.isOpen) throw new StoreError(`SQLite database ${location} is closed`);
  }

  return {
    async write<T>(work: () => T | NothingWritten<T>): Promise<T> {
      assertOpen();
      const value = await new Promise((resolve, reject) => {
        waiting.push({ work, resolve, reject });
        if (!isServing) serving = serve();
      });
      await durability.reached();
      return value as T;
    },
    read(work) {
      assertOpen();
      try {
        begin.read.run();
        noteOthers();
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        undo();
        throw thrown(error);
      } finally {
        parts.ended?.();
      }
    },
    durable: durability.reached,
    settled: () => serving,
  };
}

const reasonOf = (error: unknown) => (error instanceof CallerError ? error.error : error);

/**
 * Resolves after a turn of the event loop in which no writer arrived, so that a single writer waits for one turn
 * only; at the latest after the turn in which `atMost` milliseconds have passed.
 */
async function gathered(count: () => number, atMost: number): Promise<void> {
  const end = performance.now() + atMost;
  let seen: number;
  do {
    seen = count();
    await nextTurn();
  } while (count() > seen && performance.now() < end);
}
