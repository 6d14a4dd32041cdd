import { makeKey } from '../access/key.ts';
import { createSecrets, type Secrets } from '../access/secrets.ts';
import {
  databaseFile,
  databaseLocation,
  isInMemory,
  migrationStatus,
  openStore,
  requireCurrent,
} from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { CommandFailure } from './failure.ts';
import { keyVariable } from './options.ts';

/** Opens the database, passes it to `work`, and closes it in any case. */
export async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * As `withStore`, but the database must exist with the current schema version, so that a mistyped URL creates nothing
 * and is not taken for an empty database.
 */
export async function withExistingStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  await requireCurrent(url);
  return withStore(url, work);
}

/** As `withExistingStore`, but creates a missing database if `create` is set. */
export async function withCreatedStore<T>(
  url: string,
  create: boolean,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  if (await isMissing(url, create)) return withStore(url, work);
  return withExistingStore(url, work);
}

/**
 * Returns true if the database does not exist yet. In that case, throws a `CommandFailure` unless `mayCreate` is set.
 */
export async function isMissing(url: string, mayCreate: boolean): Promise<boolean> {
  const steps = await migrationStatus(url);
  if (steps.some(({ appliedAt }) => appliedAt !== null)) return false;
  if (mayCreate) return true;
  throw new CommandFailure(
    `there is no mktows database at ${databaseLocation(url)}: correct --database, or create one with --create`,
  );
}

/**
 * Returns the default path of the key file: next to a database file, or in the working directory. Symbolic links are
 * followed, so that a database has one key under every name.
 */
export function defaultKeyFile(url: string): string {
  const file = databaseFile(url);
  return file === undefined ? './mktows.key' : `${file}.key`;
}

/** Returns the secrets of this database, with the key from the environment or from the key file. */
export function secretsOf(url: string, keyFile: string | undefined): Secrets {
  // A database in memory needs no key that outlives it.
  const ownKey = keyFile === undefined && isInMemory(url) ? makeKey() : undefined;
  const key = process.env[keyVariable.name] || ownKey;
  return createSecrets({ key, keyFile: keyFile ?? defaultKeyFile(url) });
}
