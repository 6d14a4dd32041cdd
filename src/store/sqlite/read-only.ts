import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openExisting } from './connect.ts';
import { BUSY_TIMEOUT } from './errors.ts';
import { assertOwnLog } from './header.ts';
import { ensureTempFolder } from './temp-folder.ts';

/**
 * Opens a database for reading only, and hands it to `work`, inside a transaction that sees one state of it. Servers
 * go on writing meanwhile, into a write-ahead log that cannot become shorter until the work is done.
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
 * A reader makes an empty log where no server runs, and may not remove it. The last writer that closes does, if it
 * is one: SQLite's locks see to that.
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
    // It stays, and harms nothing: whoever checked may read and not write.
  }
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
