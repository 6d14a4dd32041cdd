import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreError } from '../store.ts';
import type { Durability } from './durability.ts';
import { isSyncFailure, storeError } from './errors.ts';
import { command, valueQuery } from './statements.ts';

/**
 * Runs work on the database; what fails there comes out as `StoreError`. What was written or read is visible at
 * once, and committed and durable when `durable` resolves: no answer may rest on it before.
 */
export interface Guard {
  /**
   * Inside a transaction that holds the write lock from its beginning. All that write in one turn of the event loop,
   * or in a few that follow each other, share it, so that a page that several of them change is written once. Whatever
   * `work` throws, nothing that it did is applied; what others did is.
   */
  write<T>(work: () => T): T;
  /** Inside a transaction that sees one state of the database throughout. */
  read<T>(work: () => T): T;
  /**
   * Resolves when all that was written or seen up to now is committed and durable. Rejects with a `StoreError` if that
   * failed.
   */
  durable(): Promise<void>;
}

/** Wraps an error that is to come out of `Guard` as it is. */
export class ForeignError {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export interface TransactionParts {
  readonly db: DatabaseSync;
  readonly location: string;
  readonly durability: Durability;
  /** Is told when something was committed. */
  readonly committed?: () => void;
  /** Is told when something was undone. */
  readonly rolledBack: () => void;
}

/** So long, in milliseconds, a transaction waits for more writers, if some came in its last turn of the event loop. */
const GATHERING = 4;

/** A transaction that writers share. */
interface Shared {
  /** Settles when no more writers are waited for. */
  readonly committed: Promise<void>;
  writers: number;
  /** What has undone all of it. */
  failure: StoreError | undefined;
}

/**
 * Resolves at the end of a turn of the event loop in which nobody but the first has written, so a call that is alone
 * does not wait. While others come, each turn, it goes on to gather them, for some milliseconds.
 */
async function gathered(writers: () => number): Promise<void> {
  const end = performance.now() + GATHERING;
  let seen = 1;
  await nextTurn();
  while (writers() > seen && performance.now() < end) {
    seen = writers();
    await nextTurn();
  }
}

/** The transactions of a connection. */
export function transactions(parts: TransactionParts): Guard {
  const { db, location, durability, rolledBack } = parts;
  const begin = { write: command(db, 'BEGIN IMMEDIATE'), read: command(db, 'BEGIN DEFERRED') };
  const commit = command(db, 'COMMIT');
  const rollback = command(db, 'ROLLBACK');
  const join = command(db, 'SAVEPOINT writer');
  const leave = command(db, 'RELEASE writer');
  const undoWriter = command(db, 'ROLLBACK TO writer');
  const dataVersion = valueQuery<[], number>(db, 'PRAGMA data_version');
  let seenVersion = dataVersion.get();
  let shared: Shared | undefined;

  /** What another process has committed may not be on the disk yet either. */
  function noteOthers(): void {
    const version = dataVersion.get();
    if (version === seenVersion) return;
    seenVersion = version;
    durability.committed();
  }

  function beginShared(): void {
    durability.assertSound();
    begin.write.run();
    const committed = gathered(() => begun.writers).then(() => commitShared(begun));
    const begun: Shared = { committed, writers: 1, failure: undefined };
    // Whoever wrote hears of a failure by `durable`.
    begun.committed.catch(() => {});
    shared = begun;
    noteOthers();
  }

  function commitShared(ending: Shared): void {
    if (ending.failure !== undefined) throw ending.failure;
    if (shared !== ending) return;
    shared = undefined;
    try {
      commit.run();
    } catch (error) {
      undoAll();
      throw storeError(error, location, isSyncFailure(error));
    }
    durability.committed();
    parts.committed?.();
  }

  /** Some failures, a full disk for one, have ended the transaction already. */
  function undoAll(): void {
    shared = undefined;
    try {
      if (db.isTransaction) rollback.run();
    } finally {
      rolledBack();
    }
  }

  /** Takes back what one of several writers did. Where that cannot be done nothing of any of them is applied. */
  function undoOne(of: Shared, error: unknown): void {
    try {
      if (!db.isTransaction) throw error;
      undoWriter.run();
      leave.run();
      rolledBack();
    } catch {
      of.failure = storeError(error, location);
      undoAll();
    }
  }

  const thrown = (error: unknown) =>
    error instanceof ForeignError ? error.error : storeError(error, location);

  function assertOpen(): void {
    if (!db.isOpen) throw new StoreError(`SQLite database ${location} is closed`);
  }

  return {
    write(work) {
      assertOpen();
      const joined = shared;
      try {
        if (joined === undefined) beginShared();
        else {
          join.run();
          joined.writers++;
        }
        const result = work();
        if (joined !== undefined) leave.run();
        return result;
      } catch (error) {
        if (joined === undefined) undoAll();
        else undoOne(joined, error);
        throw thrown(error);
      }
    },
    read(work) {
      assertOpen();
      if (shared !== undefined) return inside(work);
      try {
        begin.read.run();
        noteOthers();
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        undoAll();
        throw thrown(error);
      }
    },
    async durable() {
      await shared?.committed;
      await durability.reached();
    },
  };

  function inside<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw thrown(error);
    }
  }
}
