import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where SQLite looks for a folder for temporary files, in this order: https://www.sqlite.org/tempfiles.html, 5. */
const candidates = ({ SQLITE_TMPDIR, TMPDIR }: NodeJS.ProcessEnv) =>
  [SQLITE_TMPDIR, TMPDIR, '/var/tmp', '/usr/tmp', '/tmp'].filter((folder) => folder !== undefined);

/**
 * Has SQLite put its temporary files beside this database when no folder that it would take can be written, as in a
 * container whose root is read-only: large indexes are sorted in them, and sorting in memory would have no bound. Call
 * it before SQLite is first used: it reads the environment once.
 */
export function ensureTempFolder(location: string): void {
  if (process.platform === 'win32' || candidates(process.env).some(isWritable)) return;
  process.env.SQLITE_TMPDIR = dirname(location);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
