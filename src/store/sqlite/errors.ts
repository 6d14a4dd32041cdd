import { StoreError } from '../store.ts';

/** How long another process that writes is waited for, in milliseconds. */
export const BUSY_TIMEOUT = 5000;

/** How long SQLite itself waits, in milliseconds, where it would hold up the event loop: then it is asked again. */
export const BLOCKING_TIMEOUT = 10;

/** What `node:sqlite` throws when SQLite fails. */
interface SqliteError extends Error {
  readonly code: 'ERR_SQLITE_ERROR';
  /** The extended result code; its lowest byte is the primary one. */
  readonly errcode: number;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Whether SQLite said it, and not our own code. */
export const isSqliteError = (error: unknown): error is SqliteError => codeOf(error) === 'ERR_SQLITE_ERROR';

/** SQLite's primary result codes. */
const results = {
  ERROR: 1,
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  NOTADB: 26,
} as const;

/** Extended result codes: a failed sync of a file, and of its folder. */
const syncFailures: readonly number[] = [results.IOERR | (4 << 8), results.IOERR | (5 << 8)];

const isOf = (error: unknown, ...primary: number[]): boolean =>
  isSqliteError(error) && primary.includes(error.errcode & 0xff);

const explanations: ReadonlyMap<number, string> = new Map([
  [results.FULL, 'the disk is full'],
  [results.READONLY, 'the database or its folder cannot be written'],
  [results.PERM, 'the database may not be accessed'],
  [results.IOERR, 'the disk failed to read or write'],
  [results.CORRUPT, 'the database file is damaged; restore it from a backup'],
  [results.NOTADB, 'the file is no SQLite database'],
  [results.CANTOPEN, 'the database file cannot be opened'],
  [results.BUSY, `another process has kept the database locked for over ${BUSY_TIMEOUT / 1000} seconds`],
  [results.LOCKED, 'the database is locked'],
  [results.CONSTRAINT, 'a record contradicts one that is already there'],
]);

/** What went wrong, in words that follow a colon. */
export function explain(error: unknown): string {
  const explanation = isSqliteError(error) ? explanations.get(error.errcode & 0xff) : undefined;
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
  const locked = isOf(error, results.BUSY, results.LOCKED);
  const why = locked
    ? 'another process holds it locked; stop that process, or use another file'
    : explain(error);
  return new StoreError(`Cannot open SQLite database ${location}: ${why}`, {
    failure: locked ? 'locked' : 'unusable',
    cause: error,
  });
}

/** Whether another process holds the lock that was asked for. */
export const isBusy = (error: unknown): boolean => isOf(error, results.BUSY);

/** Whether SQLite, or its driver, refuses the values that it was given. */
export const isRefusedData = (error: unknown): boolean =>
  isOf(error, results.TOOBIG, results.CONSTRAINT, results.MISMATCH) || error instanceof TypeError;

/** Whether a failed commit may yet have reached the disk: all was written, and the sync failed. */
export const isSyncFailure = (error: unknown): boolean =>
  isSqliteError(error) && syncFailures.includes(error.errcode);

/** Whether it says that the file itself is damaged, or lacks what the migrations make. */
export const isDamage = (error: unknown): boolean =>
  isOf(error, results.CORRUPT) ||
  (isOf(error, results.ERROR) && /^no such (table|column|index)/.test((error as Error).message)) ||
  // An INTEGER that a number cannot hold exactly: no such was ever written by mktows.
  codeOf(error) === 'ERR_OUT_OF_RANGE';
