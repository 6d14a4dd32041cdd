import { assertCurrent } from './assert-current.ts';
import type { CheckResult } from './check/report.ts';
import type { OpenUser } from './check/users.ts';
import { isPostgresUrl } from './postgres/location.ts';
import { readUrl } from './postgres/url.ts';
import type { SectionReader, SectionWriter } from './sections.ts';
import { type BackupOptions, type BackupReport, backupSqlite } from './sqlite/backup.ts';
import { checkSqlite, requireFile } from './sqlite/check.ts';
import { openSqliteSource, openSqliteTarget } from './sqlite/copy.ts';
import { IN_MEMORY, locate } from './sqlite/location.ts';
import { openSqliteBeside, openSqliteStore, sqliteMigrations } from './sqlite/open.ts';
import {
  type MigrationStep,
  type OpenOptions,
  type Store,
  type StoreAccess,
  StoreError,
  type StoreLog,
} from './store.ts';

/** The engine that is not wanted is not loaded. */
const postgres = {
  open: () => import('./postgres/open.ts'),
  check: () => import('./postgres/check.ts'),
  copy: () => import('./postgres/copy.ts'),
};

/**
 * Opens the store of a database URL: `sqlite:./mktows.db`, `sqlite:/var/lib/mktows.db`, `sqlite::memory:` or
 * `postgres://user:secret@host:5432/database`. Creates a missing SQLite file, but no PostgreSQL database. Rejects
 * with a `StoreError` that is one clear line.
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  const { engine, path } = engineOf(url);
  if (engine === 'sqlite') return openSqliteStore({ path, ...options });
  const { openPostgresStore } = await postgres.open();
  return openPostgresStore({ url, ...options });
}

/**
 * Opens a database that another thread of this process has open. The threads take turns writing. Rejects with a
 * `StoreError`.
 */
export async function openBeside(access: StoreAccess, options: { log?: StoreLog } = {}): Promise<Store> {
  return openSqliteBeside(access, options.log);
}

/** Returns the applied and pending migrations of a database. Changes nothing; rejects like `openStore`. */
export async function migrationStatus(url: string): Promise<MigrationStep[]> {
  const { engine, path } = engineOf(url);
  if (engine === 'sqlite') return sqliteMigrations(path);
  const { postgresMigrations } = await postgres.open();
  return postgresMigrations(url);
}

/** Opens a database read-only as the source of a copy. Rejects with a `StoreError`. */
export async function openSource(url: string): Promise<SectionReader> {
  const { engine, path } = engineOf(url);
  if (path === IN_MEMORY)
    throw unusable('A database in memory ends with its process: it cannot be copied from');
  if (engine === 'sqlite') return openSqliteSource(path);
  const { openPostgresSource } = await postgres.copy();
  return openPostgresSource(url);
}

/**
 * Opens a database as the target of a copy from `source`. Creates a missing SQLite file, but no PostgreSQL database.
 * Rejects with a `StoreError`.
 */
export async function openTarget(url: string, source: SectionReader): Promise<SectionWriter> {
  const { engine, path } = engineOf(url);
  if (path === IN_MEMORY)
    throw unusable('A database in memory ends with its process: it cannot be copied to');
  const location = databaseLocation(url);
  if (location === source.location) throw unusable(`The copy would go from ${location} to itself`);
  if (engine === 'sqlite') return openSqliteTarget(path);
  const { openPostgresTarget } = await postgres.copy();
  return openPostgresTarget(url);
}

/**
 * Returns the location of a database for messages: an absolute path, or host and database without credentials.
 */
export function databaseLocation(url: string): string {
  const { engine, path } = engineOf(url);
  if (engine === 'postgres') return readUrl(url).location;
  return path === IN_MEMORY ? path : locate(path);
}

/** Rejects with a `StoreError` unless the database exists and has the current schema version. Changes nothing. */
export async function requireCurrent(url: string): Promise<void> {
  const { engine, path } = engineOf(url);
  const location = engine === 'postgres' ? readUrl(url).location : requireFile(path);
  assertCurrent(location, await migrationStatus(url));
}

export interface CheckOptions {
  /** Called with the result of each check when it is complete. */
  readonly report: (result: CheckResult) => void;
  /** Decrypts users' secrets; if missing, they are not decrypted. */
  readonly openUser?: OpenUser | undefined;
}

/**
 * Checks one read-only snapshot of a database, in bounded memory, while servers may run. Rejects with a `StoreError`
 * if it cannot be checked: it does not exist, is not mktows's, has another schema version, or cannot be reached.
 */
export async function checkDatabase(url: string, { report, openUser }: CheckOptions): Promise<void> {
  const { engine, path } = engineOf(url);
  if (engine === 'sqlite') return checkSqlite(path, openUser, report);
  const { checkPostgres } = await postgres.check();
  await checkPostgres(url, openUser, report);
}

/**
 * Backs up an SQLite database into a file, atomically, while servers run. Rejects like `openStore`, and for
 * PostgreSQL, which has its own tools.
 */
export async function backupDatabase(
  url: string,
  target: string,
  options: BackupOptions = {},
): Promise<BackupReport> {
  const { engine, path } = engineOf(url);
  if (engine === 'sqlite') return backupSqlite(path, target, options);
  throw unusable(
    'mktows backs up SQLite databases only; for PostgreSQL use pg_dump, or base backups with an archive of the log ' +
      '(pg_basebackup, pgBackRest)',
  );
}

/** The file of the database of a URL, with links followed; undefined: it is in memory, or on PostgreSQL. */
export function databaseFile(url: string): string | undefined {
  const { engine, path } = engineOf(url);
  return engine === 'postgres' || path === IN_MEMORY ? undefined : locate(path);
}

/** Tells whether the database of a URL is in memory, and ends with its process. */
export const isInMemory = (url: string): boolean => engineOf(url).path === IN_MEMORY;

function engineOf(url: string): { engine: 'sqlite' | 'postgres'; path: string } {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme?.toLowerCase() === 'sqlite') return { engine: 'sqlite', path: sqlitePath(url, rest) };
  if (isPostgresUrl(url)) return { engine: 'postgres', path: '' };
  if (scheme === undefined) {
    // Other texts may hold a password.
    const path = /^[\w./\\ -]+$/.test(url) ? url : '<path>';
    throw unusable(
      `The database URL has no scheme; for an SQLite file write sqlite:${path}, for PostgreSQL postgres://<user>@<host>/<database>`,
    );
  }
  throw unusable(
    `The database URL has the scheme "${scheme}"; expected sqlite:<path>, sqlite::memory: or postgres://<user>@<host>/<database>`,
  );
}

/** Reads `sqlite:///abs` and `sqlite://./rel` as paths. Rejects `sqlite://name`, where `name` could be a host. */
function sqlitePath(url: string, rest: string): string {
  const path = /^\/\/(?=[/.])/.test(rest) ? rest.slice(2) : rest;
  if (path === '')
    throw unusable('The database URL "sqlite:" names no file; expected e.g. sqlite:./mktows.db');
  if (path.startsWith('//')) {
    throw unusable(`The database URL "${url}" names a host; expected e.g. sqlite:./${path.slice(2)}`);
  }
  return path;
}

const unusable = (message: string) => new StoreError(message, { failure: 'unusable' });
