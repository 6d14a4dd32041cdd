import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { assertNewest } from '../copy-mark.ts';
import { StoreError } from '../store.ts';
import { assertFinished } from './copy-mark.ts';
import { makePrivateFile } from './database-files.ts';
import { BLOCKING_TIMEOUT, BUSY_TIMEOUT } from './errors.ts';
import { assertOwnLog } from './header.ts';
import { IN_MEMORY } from './location.ts';
import { assertOurs, migrate, migrationSteps } from './migrations.ts';
import { ensureTempFolder } from './temp-folder.ts';

/** The time that opening waits for another process's lock, in milliseconds. */
const OPEN_TIMEOUT = 2000;

/**
 * Opens a database and migrates it to the current schema version. It uses a write-ahead log. Migrations are synced;
 * syncing later commits is up to `durability.ts`. `location`: an absolute path, or `:memory:`.
 */
export async function connect(location: string): Promise<DatabaseSync> {
  if (location !== IN_MEMORY) {
    checkPath(location);
    assertOwnLog(location);
    makePrivateFile(location);
  }
  return opened(new DatabaseSync(location, { timeout: OPEN_TIMEOUT }), async (db) => {
    assertOurs(db);
    assertFinished(db);
    await prepare(db);
    prepareSharing(db);
  });
}

/** Configures transactions shared by several writers, whose commits are synced separately. */
function prepareSharing(db: DatabaseSync): void {
  db.exec(`PRAGMA busy_timeout = ${BLOCKING_TIMEOUT}`);
  db.exec('PRAGMA synchronous = NORMAL');
  // Holds the rollback data of savepoints, which by default goes to a file.
  db.exec('PRAGMA temp_store = MEMORY');
}

/**
 * The log length, in pages, at which SQLite checkpoints inside a commit. Reached only if the thread responsible for
 * checkpoints makes no commits itself.
 */
const FAR_TOO_MANY_PAGES = 40_000;

/** Opens a database that another thread of this process opened with `connect` and keeps open. */
export async function connectBeside(location: string): Promise<DatabaseSync> {
  return opened(new DatabaseSync(location, { timeout: BUSY_TIMEOUT }), async (db) => {
    db.exec('PRAGMA foreign_keys = OFF');
    prepareSharing(db);
    db.exec(`PRAGMA wal_autocheckpoint = ${FAR_TOO_MANY_PAGES}`);
  });
}

/** Opens the target of a copy, new or unfinished, with an exclusive lock against other processes. */
export async function connectAlone(location: string): Promise<DatabaseSync> {
  checkPath(location);
  makePrivateFile(location);
  return opened(new DatabaseSync(location, { timeout: OPEN_TIMEOUT }), async (db) => {
    assertOurs(db);
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    await prepare(db);
  });
}

/** Opens the source of a copy, read-only. Throws if it does not have the current schema version. */
export async function connectToRead(location: string): Promise<DatabaseSync> {
  if (!existsSync(location)) {
    throw new StoreError(`Cannot open SQLite database ${location}: there is no such file`, {
      failure: 'unusable',
    });
  }
  checkPath(location);
  return opened(new DatabaseSync(location, { readOnly: true, timeout: OPEN_TIMEOUT }), async (db) => {
    assertNewest('SQLite', location, migrationSteps(db));
    assertFinished(db);
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  });
}

/** Opens an existing database file for writing. Throws if it does not exist. */
export function openExisting(location: string): DatabaseSync {
  const url = pathToFileURL(location);
  url.searchParams.set('mode', 'rw');
  return new DatabaseSync(url, { timeout: BUSY_TIMEOUT });
}

async function opened(db: DatabaseSync, work: (db: DatabaseSync) => Promise<void>): Promise<DatabaseSync> {
  try {
    await work(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

async function prepare(db: DatabaseSync): Promise<void> {
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA foreign_keys = OFF');
  await migrate(db, new Date().toISOString());
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
}

/** Throws a `StoreError` if the path cannot hold a database; otherwise SQLite would report it less clearly. */
export function checkPath(location: string): void {
  const unusable = (why: string) =>
    new StoreError(`Cannot open SQLite database ${location}: ${why}`, { failure: 'unusable' });
  if (!existsSync(dirname(location))) throw unusable(`the folder ${dirname(location)} does not exist`);
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory()) throw unusable('it is a folder');
  ensureTempFolder(location);
}
