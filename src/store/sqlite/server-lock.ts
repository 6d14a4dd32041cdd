import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { makePrivateFile } from './database-files.ts';
import { isBusy } from './errors.ts';
import { valueQuery } from './statements.ts';

/** The time to wait for another server that is stopping, in milliseconds. */
const WAIT = 2000;

/**
 * Locks the database against other servers until the returned function is called or the process ends: on SQLite,
 * limits, assigned ids and the order of calls are state of one server. Other commands are not affected. Throws a
 * `StoreError` that names the other server's process.
 *
 * Node cannot lock files, but SQLite can: the lock is a transaction on a small database `….lock`, with the process id
 * as `user_version`. The file is never removed, since a waiting process may hold it open.
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
