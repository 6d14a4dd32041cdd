import { openSqliteStore } from './sqlite/open.ts';
import { type Store, StoreError } from './store.ts';

/** Where a store says what it cannot tell a caller; pino's loggers fit. */
export interface StoreLog {
  warn(details: object, message: string): void;
}

/**
 * Opens the store of a database URL: `sqlite:./mktows.db`, `sqlite:/var/lib/mktows.db` or `sqlite::memory:`. A file
 * that is not there is made. Rejects with a `StoreError` of one clear line.
 */
export async function openStore(url: string, options: { log?: StoreLog } = {}): Promise<Store> {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  if (scheme?.toLowerCase() === 'sqlite') return openSqliteStore({ path: sqlitePath(url, rest), ...options });
  const found = scheme === undefined ? 'no scheme' : `the scheme "${scheme}"`;
  throw unusable(`The database URL has ${found}; expected sqlite:<path> or sqlite::memory:`);
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
