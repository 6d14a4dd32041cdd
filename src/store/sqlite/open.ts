import { existsSync } from 'node:fs';
import type { MigrationStep, OpenOptions, Store, StoreAccess, StoreLog } from '../store.ts';
import { checkpoints, noCheckpoints } from './checkpoints.ts';
import { checkPath, connect, connectBeside } from './connect.ts';
import { assertFinished } from './copy-mark.ts';
import { createStore } from './create-store.ts';
import { assertSameFile, databaseFiles, exposure } from './database-files.ts';
import { openError } from './errors.ts';
import { IN_MEMORY, locate } from './location.ts';
import { migrationSteps } from './migrations.ts';
import { withReadOnly } from './read-only.ts';
import { lockForServer } from './server-lock.ts';
import { createWriterMutexMemory } from './writer-mutex.ts';

export interface SqliteOptions extends OpenOptions {
  /** A file path or `:memory:`. The file is created if it is missing; its folder must exist. */
  readonly path: string;
}

/** Opens an SQLite database as a store. Rejects with a `StoreError` whose one-line message gives the reason. */
export async function openSqliteStore({ path, log, asServer = false }: SqliteOptions): Promise<Store> {
  const location = locate(path);
  let unlock = () => {};
  try {
    if (asServer && path !== IN_MEMORY) {
      checkPath(location);
      unlock = lockForServer(location);
    }
    const db = await connect(location);
    if (path === IN_MEMORY) return createStore({ db, location, onDisk: null, logPages: noCheckpoints, log });
    const files = databaseFiles(location);
    const access = { path: location, file: files.identity, writerMutex: createWriterMutexMemory() };
    const logPages = checkpoints(db, { location, file: files.identity }, log);
    const warning = exposure(location);
    if (asServer && warning !== undefined) log?.warn({}, warning);
    return createStore({ db, location, onDisk: { access, files, unlock }, logPages, log });
  } catch (error) {
    unlock();
    throw openError(error, location);
  }
}

/** Opens the database of a store that another thread of this process has open. Rejects like `openSqliteStore`. */
export async function openSqliteBeside(access: StoreAccess, log: StoreLog | undefined): Promise<Store> {
  const location = access.path;
  try {
    assertSameFile(location, access.file);
    const db = await connectBeside(location);
    const files = databaseFiles(location);
    return createStore({ db, location, onDisk: { access, files }, logPages: noCheckpoints, log });
  } catch (error) {
    throw openError(error, location);
  }
}

/** Returns the migration steps of a database. Changes nothing. Rejects with a `StoreError`. */
export async function sqliteMigrations(path: string): Promise<MigrationStep[]> {
  const location = locate(path);
  if (path === IN_MEMORY || !existsSync(location)) return migrationSteps(undefined);
  try {
    return await withReadOnly(location, (db) => {
      assertFinished(db);
      return migrationSteps(db);
    });
  } catch (error) {
    throw openError(error, location);
  }
}
