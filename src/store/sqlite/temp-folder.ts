import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The folders where SQLite looks for space for temporary files, in this order: https://www.sqlite.org/tempfiles.html,
 * 5.
 */
const candidates = ({ SQLITE_TMPDIR, TMPDIR }: NodeJS.ProcessEnv) =>
  [SQLITE_TMPDIR, TMPDIR, '/var/tmp', '/usr/tmp', '/tmp'].filter((folder) => folder !== undefined);

/**
 * Makes SQLite use the database's folder for temporary files if none of the usual ones is writable, as in a container
 * with a read-only root. Large indexes are sorted in them; sorting in memory would be unbounded. Call it before
 * SQLite is first used, since SQLite reads the environment once.
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
