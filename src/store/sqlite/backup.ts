import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { createFindings } from '../check/report.ts';
import { StoreError } from '../store.ts';
import { backupTarget, partOf, partsBeside } from './backup-target.ts';
import { requireFile } from './check.ts';
import { checkIntegrity } from './check-source.ts';
import { openExisting } from './connect.ts';
import { explain, isSqliteError, openError } from './errors.ts';
import { migrationSteps } from './migrations.ts';
import { withReadOnly } from './read-only.ts';
import { valueQuery } from './statements.ts';

export interface BackupOptions {
  /** Called now and then with the number of pages copied. */
  readonly progress?: (copied: number, total: number) => void;
  /** Cancels the backup. An existing target stays unchanged. */
  readonly signal?: AbortSignal;
}

/** The result of a backup. */
export interface BackupReport {
  /** Absolute paths. */
  readonly source: string;
  readonly target: string;
  readonly pages: number;
  readonly bytes: number;
  /** Partial files of interrupted or running backups to the same target. */
  readonly parts: readonly string[];
}

/** The number of pages copied before other work can run. */
const PAGES_AT_ONCE = 1_000;

/**
 * Copies the current state of a database while servers run. The copy is a single file without a write-ahead log. It
 * is renamed to the target only when it is complete, has passed SQLite's integrity check and is on disk, so the
 * target always holds the old backup or the new one. Rejects with a `StoreError`; the target is then unchanged.
 */
export async function backupSqlite(
  path: string,
  targetPath: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const source = requireFile(path);
  const target = backupTarget(source, targetPath);
  const parts = partsBeside(target);
  const part = partOf(target, randomBytes(6).toString('hex'));
  try {
    // Readable by its owner only: journal and objects are not encrypted.
    await (await open(part, 'wx', 0o600)).close();
    await copy(source, part, options);
    const pages = await finish(part);
    const bytes = await sync(part);
    await rename(part, target);
    if (process.platform !== 'win32') await sync(dirname(target));
    return { source, target, pages, bytes, parts };
  } catch (error) {
    for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(`${part}${suffix}`, { force: true });
    throw backupError(error, source, target);
  }
}

/**
 * One read transaction spans the whole copy. Without it, SQLite would restart the copy after each write of a server.
 */
async function copy(source: string, part: string, { progress, signal }: BackupOptions): Promise<void> {
  await withReadOnly(source, async (db) => {
    if (readSteps(db, source).every(({ appliedAt }) => appliedAt === null)) {
      throw new StoreError(`there is no mktows database at ${source}`, { failure: 'unusable' });
    }
    const assertWanted = () => {
      if (signal?.aborted) throw new StoreError('the backup was interrupted');
    };
    assertWanted();
    await backup(db, part, {
      rate: PAGES_AT_ONCE,
      // SQLite does not call it after the last pages, so never for a small database.
      progress({ totalPages, remainingPages }) {
        assertWanted();
        progress?.(totalPages - remainingPages, totalPages);
      },
    });
    assertWanted();
  });
}

function readSteps(db: DatabaseSync, source: string) {
  try {
    return migrationSteps(db);
  } catch (error) {
    throw openError(error, source);
  }
}

/** Turns the copy into a single file and runs SQLite's integrity check on it. Returns the number of pages. */
async function finish(part: string): Promise<number> {
  const db = openExisting(part);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
    const findings = createFindings('integrity');
    checkIntegrity(db, findings);
    const [fault] = findings.result().faults;
    if (fault !== undefined) {
      throw new StoreError(
        `the database is damaged (${fault.found}); restore it from a backup that is whole, and see "mktows check"`,
      );
    }
    return valueQuery<[], number>(db, 'PRAGMA page_count').get() ?? 0;
  } finally {
    db.close();
  }
}

/** Syncs a file or folder to disk. Returns its size in bytes. */
async function sync(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Describes an error in one line, including the state of the target. */
function backupError(error: unknown, source: string, target: string): unknown {
  const isForeseen =
    error instanceof StoreError || isSqliteError(error) || (error instanceof Error && 'syscall' in error);
  if (!isForeseen) return error;
  return new StoreError(
    `Cannot back up ${source} to ${target}: ${explain(error)}; what was there before is as it was`,
    { failure: 'unusable', cause: error },
  );
}
