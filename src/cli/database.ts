import { makeKey } from '../access/key.ts';
import { createSecrets, type Secrets } from '../access/secrets.ts';
import {
  databaseFile,
  databaseLocation,
  isInMemory,
  migrationStatus,
  openStore,
  requireMade,
} from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { CommandFailure } from './failure.ts';
import { keyVariable } from './options.ts';

/** Opens the database, hands it to `work`, and closes it whatever comes. */
export async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/**
 * As `withStore`, of a database that is there and of the form of this version, so that a mistyped URL makes nothing and
 * is not taken for an empty database.
 */
export async function withMadeStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  await requireMade(url);
  return withStore(url, work);
}

/** As `withMadeStore`, but creates a database that does not exist if `create` is set. */
export async function withCreatedStore<T>(
  url: string,
  create: boolean,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  if (await isMissing(url, create)) return withStore(url, work);
  return withMadeStore(url, work);
}

/** Whether the database does not exist yet. Rejects in that case unless `mayBeMade` is set. */
export async function isMissing(url: string, mayBeMade: boolean): Promise<boolean> {
  const steps = await migrationStatus(url);
  if (steps.some(({ appliedAt }) => appliedAt !== null)) return false;
  if (mayBeMade) return true;
  throw new CommandFailure(
    `there is no database of mktows at ${databaseLocation(url)}: correct --database, or give --create to make one`,
  );
}

/**
 * Where the key is if no option says so: beside a database file, else in the working folder. Links to the file are
 * followed, so that one database has one key under whatever name it is opened.
 */
export function defaultKeyFile(url: string): string {
  const file = databaseFile(url);
  return file === undefined ? './mktows.key' : `${file}.key`;
}

/** The secrets of this database, under the key that environment and options name. */
export function secretsOf(url: string, keyFile: string | undefined): Secrets {
  // What is in memory only is no use to a key that outlives it.
  const ownKey = keyFile === undefined && isInMemory(url) ? makeKey() : undefined;
  const key = process.env[keyVariable.name] || ownKey;
  return createSecrets({ key, keyFile: keyFile ?? defaultKeyFile(url) });
}
