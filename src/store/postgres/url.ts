import { StoreError } from '../store.ts';

/** The default size of a server's connection pool (`pool_max` in the URL). */
const CONNECTIONS = 10;

/**
 * Parses a connection URL. The location omits secrets: `postgres://user:secret@db:5432/mktows?sslmode=require` →
 * `postgres://db:5432/mktows`.
 */
export function readUrl(url: string): { connectionString: string; max: number; location: string } {
  if (hostsOf(url).includes(',')) throw severalHosts();
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw unusable('The database URL cannot be read; expected e.g. postgres://user:secret@host:5432/mktows');
  }
  const name = decodeURIComponent(parsed.pathname.slice(1));
  if (name === '') {
    throw unusable(
      'The database URL names no database; expected e.g. postgres://user:secret@host:5432/mktows',
    );
  }
  const given = parsed.searchParams.get('pool_max');
  const max = given === null ? CONNECTIONS : Number(given);
  if (!Number.isInteger(max) || max < 2 || max > 1000) {
    throw unusable(`The database URL has pool_max=${given}; expected a whole number from 2 to 1000`);
  }
  parsed.searchParams.delete('pool_max');
  const host = parsed.searchParams.get('host') ?? parsed.host;
  if (host.includes(',')) throw severalHosts();
  return { connectionString: parsed.href, max, location: `postgres://${host || 'localhost'}/${name}` };
}

/** Returns the part between credentials and path. A list of several ports is not a valid URL, but libpq accepts it. */
function hostsOf(url: string): string {
  const [, authority = ''] = /^[^:]+:\/\/([^/?#]*)/.exec(url) ?? [];
  return authority.slice(authority.lastIndexOf('@') + 1);
}

const severalHosts = () =>
  unusable(
    'The database URL names several hosts, which the driver does not take; expected one that leads to the primary',
  );

/** Returns the error for a database that cannot be used as it was named. */
export const unusable = (message: string) => new StoreError(message, { failure: 'unusable' });
