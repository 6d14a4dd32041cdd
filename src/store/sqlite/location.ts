import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';

/** The location of a database that is kept in memory only. */
export const IN_MEMORY = ':memory:';

/** Where an open database is: the path of its file, or `IN_MEMORY`. */
export const locationOf = (db: DatabaseSync): string => db.location() ?? IN_MEMORY;

/** As many links as Linux follows in one path. */
const LINKS_AT_MOST = 40;

/**
 * The absolute path of the file that a path leads to, be it there or not. All links are followed, since SQLite keeps
 * the log beside the file itself: every other name would lead to a second log. `IN_MEMORY` stays as it is. Throws a
 * `StoreError` for links that lead in a circle.
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

/** A folder that is not there, or cannot be looked into, is reported by whoever opens the file. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
