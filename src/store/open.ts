import { assertCurrent } from './assert-current.ts';
import type { CheckResult } from './check/report.ts';
import type { OpenUser } from './check/users.ts';
import { checkPostgres } from './postgres/check.ts';
import { readUrl } from './postgres/connect.ts';
import { openPostgresSource, openPostgresTarget } from './postgres/copy.ts';
import { isPostgresUrl } from './postgres/location.ts';
import { openPostgresStore, postgresMigrations } from './postgres/open.ts';
import type { SectionReader, SectionWriter } from './sections.ts';
import { type BackupOptions, type BackupReport, backupSqlite } from './sqlite/backup.ts';
import { checkSqlite, requireFile } from './sqlite/check.ts';
import { openSqliteSource, openSqliteTarget } from './sqlite/copy.ts';
import { IN_MEMORY, locate } from './sqlite/location.ts';
import { openSqliteBeside, openSqliteStore, sqliteMigrations } from './sqlite/open.ts';
import { type MigrationStep, type Store, type StoreAccess, StoreError } from './store.ts';

/** Where a store says what it cannot tell a caller; pino's loggers fit. */
export interface StoreLog {
  warn(details: object, message: string): void;
}

/**
 * Opens the store of a database URL: `sqlite:./mktows.db`, `sqlite:/var/lib/mktows.db`, `sqlite::memory:` or
 * `postgres://user:secret@host:5432/database`. A file that is not there is made; a PostgreSQL database is not.
 * Rejects with a `StoreError` of one clear line.
 */
export async function openStore(url: string, options: { log?: StoreLog } = {}): Promise<Store> {
  const { engine, path } = engineOf(url);
  return engine === 'postgres'
    ? openPostgresStore({ url, ...options })
    : openSqliteStore({ path, ...options });
}

/**
 * Opens the database of a store that another thread of this process has open. Writes of the two come in turns. Rejects
 * with a `StoreError`.
 */
export async function openBeside(access: StoreAccess, options: { log?: StoreLog } = {}): Promise<Store> {
  return openSqliteBeside(access, options.log);
}

/** The migrations that the database of a URL has behind it and before it. Changes nothing; rejects as `openStore`. */
export async function migrationStatus(url: string): Promise<MigrationStep[]> {
  const { engine, path } = engineOf(url);
  return engine === 'postgres' ? postgresMigrations(url) : sqliteMigrations(path);
}

/** Opens the database of a URL to be copied from, without a chance to write to it. Rejects with a `StoreError`. */
export async function openSource(url: string): Promise<SectionReader> {
  const { engine, path } = engineOf(url);
  if (path === IN_MEMORY)
    throw unusable('A database in memory ends with its process: it cannot be copied from');
  return engine === 'postgres' ? openPostgresSource(url) : openSqliteSource(path);
}

/**
 * Opens the database of a URL to be copied to from `source`. A file that is not there is made; a PostgreSQL database is
 * not. Rejects with a `StoreError`.
 */
export async function openTarget(url: string, source: SectionReader): Promise<SectionWriter> {
  const { engine, path } = engineOf(url);
  if (path === IN_MEMORY)
    throw unusable('A database in memory ends with its process: it cannot be copied to');
  const location = engine === 'postgres' ? readUrl(url).location : locate(path);
  if (location === source.location) throw unusable(`The copy would go from ${location} to itself`);
  return engine === 'postgres' ? openPostgresTarget(url) : openSqliteTarget(path);
}

/** Rejects with a `StoreError` unless the database of a URL is there and of the newest form. Changes nothing. */
export async function requireMade(url: string): Promise<void> {
  const { engine, path } = engineOf(url);
  const location = engine === 'postgres' ? readUrl(url).location : requireFile(path);
  assertCurrent(location, await migrationStatus(url));
}

export interface CheckOptions {
  /** Told of the result of each check as it is there. */
  readonly report: (result: CheckResult) => void;
  /** Decrypts users' secrets; without it they are only read. */
  readonly openUser?: OpenUser | undefined;
}

/**
 * Checks the database of a URL, read-only and as it is at one moment, while servers run or not, in bounded memory.
 * Rejects with a `StoreError` if it cannot be checked: it is not there, not ours, of another form, out of reach.
 */
export async function checkDatabase(url: string, { report, openUser }: CheckOptions): Promise<void> {
  const { engine, path } = engineOf(url);
  await (engine === 'postgres' ? checkPostgres(url, openUser, report) : checkSqlite(path, openUser, report));
}

/**
 * Copies the SQLite database of a URL into a file, whole or not at all, while servers run. Rejects as `openStore`, and
 * for PostgreSQL, which has its own tools for that.
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

function engineOf(url: string): { engine: 'sqlite' | 'postgres'; path: string } {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme?.toLowerCase() === 'sqlite') return { engine: 'sqlite', path: sqlitePath(url, rest) };
  if (isPostgresUrl(url)) return { engine: 'postgres', path: '' };
  const found = scheme === undefined ? 'no scheme' : `the scheme "${scheme}"`;
  throw unusable(
    `The database URL has ${found}; expected sqlite:<path>, sqlite::memory: or postgres://<user>@<host>/<database>`,
  );
}

/** Of `sqlite://…` only what cannot be taken for a host is read as a path: `sqlite:///abs` and `sqlite://./rel`. */
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
