import { closeSync, fchmodSync, openSync, type Stats, statSync } from 'node:fs';
import { StoreError } from '../store.ts';

/** What tells a file from another one of the same name. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

const isSame = (a: FileIdentity, b: FileIdentity) => a.dev === b.dev && a.ino === b.ino;

/** The files of an open database: without any of them what is committed would be gone with the process. */
const suffixes = ['', '-wal', '-shm'] as const;

/** The files of a database that is open. */
export interface DatabaseFiles {
  /** That of the database itself. */
  readonly identity: FileIdentity;
  /**
   * Throws a `StoreError` unless each file is still the one that was opened. Takes some microseconds: it asks for names,
   * since a file that was moved away has as many links as before.
   */
  assertInPlace(): void;
}

/** Remembers the files of a database that was just opened. Throws Node's error if one is not there. */
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

/** Throws a `StoreError` unless the file at a path of a database is the one that this process has open. */
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
 * Makes an empty file that only its owner can use, whatever the umask is. SQLite takes it for a new database, and makes
 * its log with the same mode. A file that is there is left as it is. What hinders it is left for SQLite to report.
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

/** Says in one line that others can read a database and how to end that; undefined: only its owner can. */
export function exposure(location: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const { mode } = statSync(location);
  if ((mode & 0o077) === 0) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `others can use the database ${location} (mode ${octal}): unless that is meant, run "chmod 600 ${location}*"`;
}
