import type { DatabaseSync } from 'node:sqlite';
import type { SectionReader, SectionWriter } from '../sections.ts';
import { connectAlone, connectToRead } from './connect.ts';
import { copyMark } from './copy-mark.ts';
import { sectionReader } from './copy-read.ts';
import { sectionWriter } from './copy-write.ts';
import { noDurability } from './durability.ts';
import { openError } from './errors.ts';
import { locate } from './location.ts';
import { schemaTables } from './schema.ts';
import { type Guard, transactions } from './transaction.ts';

/** Transactions on a connection that syncs every commit itself. */
const syncedTransactions = (db: DatabaseSync, location: string, rolledBack: () => void): Guard =>
  transactions({ db, location, durability: noDurability, rolledBack });

/** Opens the source of a copy, read-only. Rejects with a `StoreError`. */
export async function openSqliteSource(path: string): Promise<SectionReader> {
  const location = locate(path);
  const db = await open(connectToRead, location);
  const schemas = schemaTables(db);
  return {
    location,
    ...sectionReader(db, syncedTransactions(db, location, schemas.forget), schemas),
    close: async () => {
      if (db.isOpen) db.close();
    },
  };
}

/**
 * Opens the target of a copy with an exclusive lock; creates the file if it is missing. Rejects with a `StoreError`,
 * also if another process has it open.
 */
export async function openSqliteTarget(path: string): Promise<SectionWriter> {
  const location = locate(path);
  const db = await open(connectAlone, location);
  const schemas = schemaTables(db);
  const guard = syncedTransactions(db, location, schemas.forget);
  const mark = copyMark(db);
  const write = sectionWriter(db, schemas);
  return {
    location,
    toEmpty: 'delete the file',
    ...sectionReader(db, guard, schemas),
    mark: async () => guard.read(mark.read),
    begin: (text) => guard.write(() => mark.begin(text)),
    write: (section, rows, { before, after }) =>
      guard.write(() => {
        mark.move(before, after);
        write(section, rows);
      }),
    finish: () => guard.write(mark.finish),
    close: async () => {
      if (!db.isOpen) return;
      try {
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        db.close();
      }
    },
  };
}

async function open(
  connect: (location: string) => Promise<DatabaseSync>,
  location: string,
): Promise<DatabaseSync> {
  try {
    return await connect(location);
  } catch (error) {
    throw openError(error, location);
  }
}
