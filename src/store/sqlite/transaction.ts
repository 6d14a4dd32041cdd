import type { Database } from 'better-sqlite3';
import { StoreError } from '../store.ts';
import { isSyncFailure, storeError } from './errors.ts';

/** Runs work on the database; what fails there comes out as `StoreError`. */
export interface Guard {
  /** Inside a transaction that holds the write lock from its beginning. Whatever `work` throws, nothing is applied. */
  write<T>(work: () => T): T;
  /** Inside a transaction that sees one state of the database throughout. */
  read<T>(work: () => T): T;
}

/** Wraps an error that is to come out of `Guard` as it is. */
export class ForeignError {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** The transactions of a connection. `rolledBack` is told when one was undone. */
export function transactions(db: Database, location: string, rolledBack: () => void): Guard {
  const begin = { write: db.prepare('BEGIN IMMEDIATE'), read: db.prepare('BEGIN DEFERRED') };
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  function run<T>(kind: 'read' | 'write', work: () => T): T {
    if (!db.open) throw new StoreError(`SQLite database ${location} is closed`);
    let committing = false;
    try {
      begin[kind].run();
      const result = work();
      committing = true;
      commit.run();
      return result;
    } catch (error) {
      undo();
      if (error instanceof ForeignError) throw error.error;
      throw storeError(error, location, committing && kind === 'write' && isSyncFailure(error));
    }
  }

  /** Some failures, a full disk for one, have ended the transaction already. */
  function undo(): void {
    try {
      if (db.inTransaction) rollback.run();
    } finally {
      rolledBack();
    }
  }

  return { write: (work) => run('write', work), read: (work) => run('read', work) };
}
