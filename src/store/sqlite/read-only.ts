import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { assertOwnLog } from './header.ts';

/**
 * Opens a database for reading only, and hands it to `work`, inside a transaction that sees one state of it. Servers
 * go on writing meanwhile, into a write-ahead log that cannot become shorter until the work is done.
 */
export async function withReadOnly<T>(
  location: string,
  work: (db: Database.Database) => T | Promise<T>,
): Promise<T> {
  assertOwnLog(location);
  const isAlone = sizeOf(`${location}-wal`) === undefined;
  const db = new Database(location, { readonly: true, fileMustExist: true });
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
    const db = new Database(location, { fileMustExist: true });
    try {
      db.prepare('SELECT count(*) FROM sqlite_master').get();
    } finally {
      db.close();
    }
  } catch {
    // It stays, and harms nothing: whoever checked may read and not write.
  }
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
