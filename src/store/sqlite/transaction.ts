import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../store.ts';
import type { Durability } from './durability.ts';
import { BUSY_TIMEOUT, isBusy, isSyncFailure, storeError } from './errors.ts';
import { command, valueQuery } from './statements.ts';
import { alone, type WriterMutex } from './writer-mutex.ts';

/** Runs work on the database; what fails there comes out as `StoreError`. */
export interface Guard {
  /**
   * Inside a transaction that holds the write lock from its beginning. All that ask in one turn of the event loop, or in
   * a few that follow each other, share it, so that a page that several of them change is written once. Resolves when
   * it is committed and durable. Whatever `work` throws, nothing that it did is applied; what others did is.
   */
  write<T>(work: () => T | NothingWritten<T>): Promise<T>;
  /**
   * Inside a transaction that sees one state of the database throughout. What is seen is committed, but not durable:
   * no answer may rest on it before `durable`.
   */
  read<T>(work: () => T): T;
  /** Resolves when all that was seen up to now is durable. Rejects with a `StoreError` if that failed. */
  durable(): Promise<void>;
  /** Resolves when all who asked to write have had their turn. */
  settled(): Promise<void>;
}

/** Wraps the value of work that wrote nothing: what it read is waited for, and nothing else. */
export class NothingWritten<T> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}

/** Wraps an error that is to come out of `Guard` as it is. */
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
  /** Whose turn it is among the threads that write; without it there is one. */
  readonly turn?: WriterMutex;
  /** Is told when a transaction has begun, and which state of the database it sees: SQLite's `data_version`. */
  readonly begun?: (version: number) => void;
  /** Is told when it has ended. */
  readonly ended?: () => void;
  /** Is told when something was committed. */
  readonly committed?: () => void;
  /** Is told when something was undone. */
  readonly rolledBack: () => void;
}

/**
 * So long, in milliseconds, more writers are waited for, if some came in the last turn of the event loop. Where another
 * thread writes, too, they are not: then it is better to write in turns.
 */
const GATHERING = 4;
/** So long, in milliseconds, writers are begun with in one transaction; the rest have the next one. */
const LONGEST = 8;

/** How long, in milliseconds, until it is tried again to write while another process does. */
const LOCKED_PAUSE = 20;

/** Someone who asked to write. */
interface Writer {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The transactions of a connection. */
export function transactions(parts: TransactionParts): Guard {
  const { db, location, durability, rolledBack, turn = alone } = parts;
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

  /** What another connection has committed may not be on the disk yet either. */
  function noteOthers(): void {
    const version = dataVersion.get() ?? 0;
    parts.begun?.(version);
    if (version === seenVersion) return;
    seenVersion = version;
    durability.committed();
  }

  const thrown = (error: unknown) =>
    error instanceof CallerError ? error.error : storeError(error, location);

  /** Lets all write who wait for it, until nobody does. */
  async function serve(): Promise<void> {
    isServing = true;
    /** Until when it is tried again; undefined: no other process has the lock. */
    let triesUntil: number | undefined;
    while (waiting.length > 0) {
      await gathered(() => waiting.length, turn.othersWrite ? 0 : GATHERING);
      await turn.take();
      let isLocked: boolean;
      try {
        isLocked = !writeTogether(performance.now() < (triesUntil ?? Number.POSITIVE_INFINITY));
      } finally {
        parts.ended?.();
        turn.give();
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
   * One transaction of those who wait, each of whom hears what became of it. Returns false, and all still wait, if
   * another process is writing and they may try again.
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

  /** The work of one of several writers. What it did is taken back when it fails, and all of them where that fails, too. */
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

  /** Some failures, a full disk for one, have ended the transaction already. */
  function undo(): void {
    try {
      if (db.isTransaction) rollback.run();
    } catch {
      // Whoever begins the next one hears of it.
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
 * Resolves at the end of a turn of the event loop in which nobody more came, so that who is alone does not wait longer
 * than that; at the latest in a turn that ends after so many milliseconds.
 */
async function gathered(count: () => number, atMost: number): Promise<void> {
  const end = performance.now() + atMost;
  let seen: number;
  do {
    seen = count();
    await nextTurn();
  } while (count() > seen && performance.now() < end);
}
