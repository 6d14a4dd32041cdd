import { StoreError } from '../store.ts';

/** The time to wait for another process that writes, in milliseconds. */
export const BUSY_TIMEOUT = 5000;

/** The time that SQLite itself waits, in milliseconds. It blocks the event loop, so the caller retries instead. */
export const BLOCKING_TIMEOUT = 10;

/** The error that `node:sqlite` throws when SQLite fails. */
interface SqliteError extends Error {
  readonly code: 'ERR_SQLITE_ERROR';
  /** The extended result code. Its lowest byte is the primary code. */
  readonly errcode: number;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/** Returns whether the error comes from SQLite rather than from our own code. */
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

/** Extended result codes for a failed sync of a file or folder. */
const syncFailures: readonly number[] = [results.IOERR | (4 << 8), results.IOERR | (5 << 8)];

const isOf = (error: unknown, ...primary: number[]): boolean =>
  isSqliteError(error) && primary.includes(error.errcode & 0xff);

const explanations: ReadonlyMap<number, string> = new Map([
  [results.FULL, 'the disk is full'],
  [results.READONLY, 'the database or its folder cannot be written'],
  [results.PERM, 'the database may not be accessed'],
  [results.IOERR, 'the disk failed to read or write'],
  [results.CORRUPT, 'the database file is damaged; restore it from a backup'],
  [results.NOTADB, 'the file is not an SQLite database'],
  [results.CANTOPEN, 'the database file cannot be opened'],
  [results.BUSY, `another process has kept the database locked for over ${BUSY_TIMEOUT / 1000} seconds`],
  [results.LOCKED, 'the database is locked'],
  [results.CONSTRAINT, 'a record contradicts one that is already there'],
]);

/** Explains an error as a phrase that follows a colon. */
export function explain(error: unknown): string {
  const explanation = isSqliteError(error) ? explanations.get(error.errcode & 0xff) : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return explanation === undefined ? message : `${explanation} (${message})`;
}

/** Converts an error to a `StoreError`. Returns a `StoreError` unchanged. */
export function storeError(error: unknown, location: string, outcomeUnknown = false): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`SQLite database ${location}: ${explain(error)}`, { outcomeUnknown, cause: error });
}

/** Converts an error of opening to a `StoreError`. */
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

/** Returns whether another process holds the lock. */
export const isBusy = (error: unknown): boolean => isOf(error, results.BUSY);

/** Returns whether SQLite or its driver rejected the values. */
export const isRefusedData = (error: unknown): boolean =>
  isOf(error, results.TOOBIG, results.CONSTRAINT, results.MISMATCH) || error instanceof TypeError;

/** Returns whether a commit failed only in the sync, so that it may have reached the disk. */
export const isSyncFailure = (error: unknown): boolean =>
  isSqliteError(error) && syncFailures.includes(error.errcode);

/** Returns whether the file is damaged, or lacks tables or columns of the migrations. */
export const isDamage = (error: unknown): boolean =>
  isOf(error, results.CORRUPT) ||
  (isOf(error, results.ERROR) && /^no such (table|column|index)/.test((error as Error).message)) ||
  // An INTEGER beyond the range of exact numbers. mktows never writes one.
  codeOf(error) === 'ERR_OUT_OF_RANGE';
