import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openExisting } from './connect.ts';
import { BUSY_TIMEOUT } from './errors.ts';
import { assertOwnLog } from './header.ts';
import { ensureTempFolder } from './temp-folder.ts';

/**
 * Opens a database read-only and passes it to `work`, inside a transaction that sees one state. Servers keep writing
 * meanwhile; the write-ahead log cannot shrink until the work is done.
 */
export async function withReadOnly<T>(
  location: string,
  work: (db: DatabaseSync) => T | Promise<T>,
): Promise<T> {
  assertOwnLog(location);
  ensureTempFolder(location);
  const isAlone = sizeOf(`${location}-wal`) === undefined;
  const db = new DatabaseSync(location, { readOnly: true, timeout: BUSY_TIMEOUT });
  try {
    db.exec('BEGIN');
    return await work(db);
  } finally {
    db.close();
    if (isAlone && sizeOf(`${location}-wal`) === 0) removeEmptyLog(location);
  }
}

/**
 * Removes the empty log that a reader creates when no server runs. A reader cannot remove it, but a writer does when
 * it closes as the last connection; SQLite's locks ensure that.
 */
function removeEmptyLog(location: string): void {
  try {
    const db = openExisting(location);
    try {
      db.exec('SELECT count(*) FROM sqlite_master');
    } finally {
      db.close();
    }
  } catch {
    // Without write permission the empty log stays, which is harmless.
  }
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
