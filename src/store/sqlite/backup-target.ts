import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StoreError } from '../store.ts';
import { readHeader } from './header.ts';

/**
 * Returns the absolute path of a backup of the database at `location`, with symbolic links resolved. Throws a
 * `StoreError` unless the path is free or holds an earlier backup: a mistyped path must not overwrite another file.
 */
export function backupTarget(location: string, path: string): string {
  const refuse = (why: string): never => {
    throw new StoreError(`Cannot back up to ${resolve(path)}: ${why}`, { failure: 'unusable' });
  };
  const given = resolve(path);
  if (!existsSync(dirname(given))) refuse(`the folder ${dirname(given)} does not exist`);
  const target = existsSync(given)
    ? realpathSync(given)
    : join(realpathSync(dirname(given)), basename(given));
  const database = realpathSync(location);
  const ownFiles = ['-wal', '-shm', '-journal'].map((suffix) => `${database}${suffix}`);
  if (ownFiles.includes(target)) refuse('the database itself uses a file of this name');
  const there = statSync(target, { throwIfNoEntry: false });
  if (there === undefined) return target;
  const source = statSync(database);
  if (there.dev === source.dev && there.ino === source.ino) refuse('it is the database itself');
  if (there.isDirectory()) refuse('it is a folder; name a file in it');
  const why = whyNoBackup(target);
  if (why !== undefined) refuse(`${why}; name a new file, or an earlier backup`);
  return target;
}

/** Returns why a file is not a backup of ours; undefined if it is one. */
function whyNoBackup(path: string): string | undefined {
  const { isOurs, hasLog } = readHeader(path);
  if (!isOurs) return 'the existing file is not an mktows backup';
  return hasLog || existsSync(`${path}-wal`)
    ? 'the database there is one that a server has opened, no backup'
    : undefined;
}

const PART = '.part';

/** Returns the name of an unfinished backup. `mark` distinguishes it from others. */
export const partOf = (target: string, mark: string): string => `${target}.${mark}${PART}`;

/** Tells whether a file is an unfinished backup, or one that SQLite keeps beside it. */
export const isPart = (name: string): boolean => /\.part(?:-journal|-wal|-shm)?$/.test(name);

/** Returns the partial files of interrupted or running backups to this target. */
export function partsBeside(target: string): string[] {
  const folder = dirname(target);
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(target)}.`) && name.endsWith(PART))
    .map((name) => join(folder, name));
}
