import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { makePrivateFile } from './database-files.ts';
import { isBusy } from './errors.ts';
import { valueQuery } from './statements.ts';

/** How long another server that is stopping is waited for, in milliseconds. */
const WAIT = 2000;

/**
 * Keeps other servers away from a database until the returned function is called, or the process ends in whatever way.
 * Limits, ids that were given out and the order of calls are one server's own on SQLite. Other commands are not kept
 * away. Throws a `StoreError` that names the other server's process.
 *
 * Node cannot lock files, SQLite can: the lock is a transaction on a small database of its own, `….lock`, in which the
 * number of the process stands as `user_version`. The file stays: to remove it would take it from who waits for it.
 */
export function lockForServer(location: string): () => void {
  const path = `${location}.lock`;
  makePrivateFile(path);
  const lock = new DatabaseSync(path, { timeout: WAIT });
  try {
    lock.exec(`PRAGMA user_version = ${process.pid}`);
    lock.exec('BEGIN IMMEDIATE');
    return () => lock.close();
  } catch (error) {
    const refusal = isBusy(error) ? inUse(location, lock) : error;
    lock.close();
    throw refusal;
  }
}

function inUse(location: string, lock: DatabaseSync): StoreError {
  const holder = valueQuery<[], number>(lock, 'PRAGMA user_version').get();
  return new StoreError(
    `Cannot open SQLite database ${location}: another server is using it (process ${holder}); ` +
      'an SQLite database has one server at a time: stop that one, name another file, or use PostgreSQL',
    { failure: 'locked' },
  );
}
