import Database from 'better-sqlite3';
import { StoreError } from '../store.ts';

/** How long a statement waits for another process that writes, in milliseconds. */
export const BUSY_TIMEOUT = 5000;

/** Whether SQLite said it, and not our own code. */
export const isSqliteError = (error: unknown): error is InstanceType<typeof Database.SqliteError> =>
  error instanceof Database.SqliteError;

const isOf = (error: unknown, ...codes: string[]): boolean =>
  isSqliteError(error) && codes.some((code) => error.code === code || error.code.startsWith(`${code}_`));

const explanations: readonly (readonly [string, string])[] = [
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_READONLY', 'the database or its folder cannot be written'],
  ['SQLITE_PERM', 'the database may not be accessed'],
  ['SQLITE_IOERR', 'the disk failed to read or write'],
  ['SQLITE_CORRUPT', 'the database file is damaged; restore it from a backup'],
  ['SQLITE_NOTADB', 'the file is no SQLite database'],
  ['SQLITE_CANTOPEN', 'the database file cannot be opened'],
  ['SQLITE_BUSY', `another process has kept the database locked for over ${BUSY_TIMEOUT / 1000} seconds`],
  ['SQLITE_LOCKED', 'the database is locked'],
  ['SQLITE_CONSTRAINT', 'a record contradicts one that is already there'],
];

/** What went wrong, in words that follow a colon. */
export function explain(error: unknown): string {
  const explanation = explanations.find(([code]) => isOf(error, code))?.[1];
  const message = error instanceof Error ? error.message : String(error);
  return explanation === undefined ? message : `${explanation} (${message})`;
}

/** What went wrong with the database, as the store's own error. One that is it already is left as it is. */
export function storeError(error: unknown, location: string, outcomeUnknown = false): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`SQLite database ${location}: ${explain(error)}`, { outcomeUnknown, cause: error });
}

/** Why the database cannot be opened. */
export function openError(error: unknown, location: string): StoreError {
  if (error instanceof StoreError) return error;
  const locked = isOf(error, 'SQLITE_BUSY', 'SQLITE_LOCKED');
  const why = locked
    ? 'another process holds it locked; stop that process, or use another file'
    : explain(error);
  return new StoreError(`Cannot open SQLite database ${location}: ${why}`, {
    failure: locked ? 'locked' : 'unusable',
    cause: error,
  });
}

/** Whether a failed commit may yet have reached the disk: all was written, and the sync failed. */
export const isSyncFailure = (error: unknown): boolean =>
  isOf(error, 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_DIR_FSYNC');

/** Whether it says that the file itself is damaged, or lacks what the migrations make. */
export const isDamage = (error: unknown): boolean =>
  isOf(error, 'SQLITE_CORRUPT') ||
  (isOf(error, 'SQLITE_ERROR') && /^no such (table|column|index)/.test((error as Error).message));
