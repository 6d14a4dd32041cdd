import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { assertNewest } from '../copy-mark.ts';
import { StoreError } from '../store.ts';
import { assertFinished } from './copy-mark.ts';
import { BUSY_TIMEOUT } from './errors.ts';
import { assertOwnLog } from './header.ts';
import { assertOurs, migrate, migrationSteps } from './migrations.ts';

/** The location of a database that is kept in memory only. */
export const IN_MEMORY = ':memory:';

/** How long opening waits for another process that holds the database, in milliseconds. */
const OPEN_TIMEOUT = 2000;

/**
 * Opens a database of ours, brought to the newest form, with a write-ahead log. Migrations are synced;
 * later commits are not, that is up to `durability.ts`. `location`: an absolute path, or `:memory:`.
 */
export function connect(location: string): Database.Database {
  if (location !== IN_MEMORY) {
    checkPath(location);
    assertOwnLog(location);
  }
  return opened(new Database(location, { timeout: OPEN_TIMEOUT }), (db) => {
    assertOurs(db);
    assertFinished(db);
    prepare(db);
    db.pragma('synchronous = NORMAL');
    // Where one of several writers of a transaction would have to be undone from; by default that goes to a file.
    db.pragma('temp_store = MEMORY');
  });
}

/** Opens a database that is copied to, whether a copy was begun or not, and keeps every other process out of it. */
export function connectAlone(location: string): Database.Database {
  checkPath(location);
  return opened(new Database(location, { timeout: OPEN_TIMEOUT }), (db) => {
    assertOurs(db);
    db.pragma('locking_mode = EXCLUSIVE');
    prepare(db);
  });
}

/**
 * Opens a database that is copied from, so that nothing can be written to it. Throws if it is not of the form that this
 * version knows.
 */
export function connectToRead(location: string): Database.Database {
  if (!existsSync(location)) {
    throw new StoreError(`Cannot open SQLite database ${location}: there is no such file`, {
      failure: 'unusable',
    });
  }
  checkPath(location);
  return opened(new Database(location, { readonly: true, timeout: OPEN_TIMEOUT }), (db) => {
    assertNewest('SQLite', location, migrationSteps(db));
    assertFinished(db);
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
  });
}

function opened(db: Database.Database, work: (db: Database.Database) => void): Database.Database {
  try {
    work(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepare(db: Database.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = OFF');
  migrate(db, new Date().toISOString());
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT}`);
}

function checkPath(location: string): void {
  const unusable = (why: string) =>
    new StoreError(`Cannot open SQLite database ${location}: ${why}`, { failure: 'unusable' });
  if (!existsSync(dirname(location))) throw unusable(`the folder ${dirname(location)} does not exist`);
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory()) throw unusable('it is a folder');
}
