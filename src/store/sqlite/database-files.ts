import { closeSync, fchmodSync, openSync, type Stats, statSync } from 'node:fs';
import { StoreError } from '../store.ts';

/** Distinguishes a file from another one of the same name. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

const isSame = (a: FileIdentity, b: FileIdentity) => a.dev === b.dev && a.ino === b.ino;

/** The files of an open database. Losing any of them loses commits when the process ends. */
const suffixes = ['', '-wal', '-shm'] as const;

/** The files of an open database. */
export interface DatabaseFiles {
  /** The identity of the database file itself. */
  readonly identity: FileIdentity;
  /**
   * Throws a `StoreError` unless each path still leads to the file that was opened. Takes some microseconds. Compares
   * paths, since the link count does not change when a file is moved.
   */
  assertInPlace(): void;
}

/** Remembers the files of a database that was just opened. Throws Node's error if one is missing. */
export function databaseFiles(location: string): DatabaseFiles {
  const files = suffixes.map((suffix) => {
    const path = `${location}${suffix}`;
    return { path, identity: identityOf(statSync(path)) };
  });
  return {
    identity: identityOf(statSync(location)),
    assertInPlace() {
      for (const file of files) assertSameFile(file.path, file.identity);
    },
  };
}

/** Throws a `StoreError` unless the path leads to the file that this process has open. */
export function assertSameFile(path: string, opened: FileIdentity): void {
  const now = look(path);
  if (now === undefined) throw displaced(path, 'was removed');
  if (!isSame(now, opened)) throw displaced(path, 'was replaced');
}

const identityOf = ({ dev, ino }: Stats): FileIdentity => ({ dev, ino });

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw new StoreError(
      `The file ${path} of the open SQLite database cannot be found: ${(cause as Error).message}`,
      { cause },
    );
  }
}

const displaced = (path: string, what: string) =>
  new StoreError(
    `The file ${path} of the open SQLite database ${what}; nothing is written until it is back in its place: ` +
      'put it back, or stop the server and start it again with the database that is there',
  );

/**
 * Creates an empty file with mode 0600, whatever the umask is. SQLite treats it as a new database and creates the log
 * with the same mode. Leaves an existing file unchanged. Errors are ignored here; SQLite reports them on opening.
 */
export function makePrivateFile(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch {
    return;
  }
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}

/** Returns a warning if others can read the database, with the remedy; undefined if only its owner can. */
export function exposure(location: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const { mode } = statSync(location);
  if ((mode & 0o077) === 0) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `others can use the database ${location} (mode ${octal}): unless that is meant, run "chmod 600 ${location}*"`;
}
