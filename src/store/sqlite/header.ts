import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StoreError } from '../store.ts';
import { APPLICATION_ID } from './migrations.ts';

/** What the header of a file says (https://www.sqlite.org/fileformat2.html, 1.3). */
export interface FileHeader {
  readonly isOurs: boolean;
  /** Whether it is written through a write-ahead log: as every database that a server has opened, and no backup. */
  readonly hasLog: boolean;
}

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const WRITE_VERSION_AT = 18;
const APPLICATION_ID_AT = 68;
const WITH_LOG = 2;

/** Reads the header of a file; one that is too short is not ours. */
export function readHeader(path: string): FileHeader {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return {
    isOurs:
      header.toString('latin1', 0, MAGIC.length) === MAGIC &&
      header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID,
    hasLog: header[WRITE_VERSION_AT] === WITH_LOG,
  };
}

/**
 * Throws if the log beside a database is another one's: a backup was put in place, and the log of what was there
 * before stayed. SQLite would apply it, and damage the backup.
 */
export function assertOwnLog(location: string): void {
  const log = statSync(`${location}-wal`, { throwIfNoEntry: false });
  const database = statSync(location, { throwIfNoEntry: false });
  if (!log?.size || !database?.size) return;
  const { isOurs, hasLog } = readHeader(location);
  if (!isOurs || hasLog) return;
  throw new StoreError(
    `Cannot open SQLite database ${location}: it is a backup, and the log ${location}-wal beside it is of the ` +
      'database that was there before; move that log and its -shm away',
    { failure: 'unusable' },
  );
}
