import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { StoreError } from '../store.ts';
import { APPLICATION_ID } from './migrations.ts';

/** The relevant fields of a file's header (https://www.sqlite.org/fileformat2.html, 1.3). */
export interface FileHeader {
  readonly isOurs: boolean;
  /** The file uses a write-ahead log: true for every database that a server has opened, false for backups. */
  readonly hasLog: boolean;
}

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const WRITE_VERSION_AT = 18;
const APPLICATION_ID_AT = 68;
const WITH_LOG = 2;

/** Reads the header of a file. Returns undefined if the file is too short. */
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
 * Throws if the log next to a database belongs to another database, as when a backup was restored and the old log
 * left in place. SQLite would apply it and damage the backup.
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
