import type { Database } from 'better-sqlite3';
import { StoreError } from '../store.ts';
import type { Durability } from './durability.ts';
import { isSyncFailure, storeError } from './errors.ts';

/**
 * Runs work on the database; what fails there comes out as `StoreError`. What was written or read is visible at
 * once and durable when `durable` resolves: no answer may rest on it before.
 */
export interface Guard {
  /** Inside a transaction that holds the write lock from its beginning. Whatever `work` throws, nothing is applied. */
  write<T>(work: () => T): T;
  /** Inside a transaction that sees one state of the database throughout. */
  read<T>(work: () => T): T;
  /** Resolves when all that transactions have written or seen up to now is durable. */
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
  readonly db: Database;
  readonly location: string;
  readonly durability: Durability;
  /** Is told when a transaction was undone. */
  readonly rolledBack: () => void;
}

/** The transactions of a connection. */
export function transactions({ db, location, durability, rolledBack }: TransactionParts): Guard {
  const begin = { write: db.prepare('BEGIN IMMEDIATE'), read: db.prepare('BEGIN DEFERRED') };
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  let seenVersion = dataVersion.get();

  function run<T>(kind: 'read' | 'write', work: () => T): T {
    if (!db.open) throw new StoreError(`SQLite database ${location} is closed`);
    if (kind === 'write') durability.assertSound();
    let committing = false;
    try {
      begin[kind].run();
      noteOthers();
      const result = work();
      committing = true;
      commit.run();
      if (kind === 'write') durability.committed();
      return result;
    } catch (error) {
      undo();
      if (error instanceof ForeignError) throw error.error;
      throw storeError(error, location, committing && kind === 'write' && isSyncFailure(error));
    }
  }

  /** What another process has committed may not be on the disk yet either. */
  function noteOthers(): void {
    const version = dataVersion.get();
    if (version === seenVersion) return;
    seenVersion = version;
    durability.committed();
  }

  /** Some failures, a full disk for one, have ended the transaction already. */
  function undo(): void {
    try {
      if (db.inTransaction) rollback.run();
    } finally {
      rolledBack();
    }
  }

  return {
    write: (work) => run('write', work),
    read: (work) => run('read', work),
    durable: durability.reached,
  };
}
