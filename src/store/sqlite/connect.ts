import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';
import { BUSY_TIMEOUT } from './errors.ts';
import { assertOurs, migrate } from './migrations.ts';

/** The location of a database that is kept in memory only. */
export const IN_MEMORY = ':memory:';

/** How long opening waits for another process that holds the database, in milliseconds. */
const OPEN_TIMEOUT = 2000;

/**
 * Opens a database of ours, brought to the newest form, with a write-ahead log. Migrations are synced;
 * later commits are not, that is up to `durability.ts`. `location`: an absolute path, or `:memory:`.
 */
export function connect(location: string): Database.Database {
  if (location !== IN_MEMORY) checkPath(location);
  const db = new Database(location, { timeout: OPEN_TIMEOUT });
  try {
    assertOurs(db);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = OFF');
    migrate(db, new Date().toISOString());
    db.pragma('synchronous = NORMAL');
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkPath(location: string): void {
  const unusable = (why: string) =>
    new StoreError(`Cannot open SQLite database ${location}: ${why}`, { failure: 'unusable' });
  if (!existsSync(dirname(location))) throw unusable(`the folder ${dirname(location)} does not exist`);
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory()) throw unusable('it is a folder');
}
