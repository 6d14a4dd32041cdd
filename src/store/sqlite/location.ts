import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';

/** The location of a database in memory. */
export const IN_MEMORY = ':memory:';

/** Returns the location of an open database: its file path, or `IN_MEMORY`. */
export const locationOf = (db: DatabaseSync): string => db.location() ?? IN_MEMORY;

/** The maximum number of symbolic links in a path; the same as in Linux. */
const LINKS_AT_MOST = 40;

/**
 * Returns the absolute path of a file, with symbolic links resolved, even if the file does not exist. SQLite names
 * the log after the path it is given, so another name would use another log. Returns `IN_MEMORY` unchanged. Throws a
 * `StoreError` for circular links.
 */
export function locate(path: string): string {
  if (path === IN_MEMORY) return path;
  let location = resolve(path);
  for (let links = 0; links <= LINKS_AT_MOST; links += 1) {
    const folder = realFolder(dirname(location));
    const file = join(folder, basename(location));
    if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
    location = resolve(folder, readlinkSync(file));
  }
  throw new StoreError(`Cannot open SQLite database ${resolve(path)}: its symbolic links lead in a circle`, {
    failure: 'unusable',
  });
}

/** Resolves a folder. If that fails, returns it unchanged: opening the file reports the error. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
