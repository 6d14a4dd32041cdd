import pg from 'pg';
import { StoreError } from '../store.ts';
import { openError, type TimeBounds, timeBounds } from './errors.ts';

/** The default size of a server's connection pool (`pool_max` in the URL). */
const CONNECTIONS = 10;

/** A pool, and the database's location without credentials, for messages. */
export interface Connected {
  readonly pool: pg.Pool;
  readonly location: string;
  readonly bounds: TimeBounds;
}

/**
 * Creates the pool of a connection URL. URL parameters are passed to the driver unchanged (`sslmode`, `sslrootcert`,
 * `sslcert`, `sslkey`, `application_name`, …), except `pool_max`, the maximum number of connections. Sends no session
 * settings that some poolers reject.
 */
export function createPool(url: string, bounds = timeBounds): Connected {
  const { connectionString, max, location } = readUrl(url);
  const pool = new pg.Pool({
    connectionString,
    max,
    connectionTimeoutMillis: bounds.connect,
    query_timeout: bounds.answer,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: false,
  });
  // An idle connection that is lost is replaced when the next one is needed.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return { pool, location, bounds };
}

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

/** Runs `work` with a connection. Errors are reported as reasons why the database cannot be opened. */
export async function withConnection<T>(
  { pool, location }: Connected,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  } catch (error) {
    throw openError(error, location);
  }
}

/** Throws if the database is a standby. */
export async function assertPrimary(client: pg.ClientBase, location: string): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (!rows[0]?.standby) return;
  throw unusable(`PostgreSQL database ${location} is a standby, which cannot be written; name the primary`);
}

const ignore = () => {};

const unusable = (message: string) => new StoreError(message, { failure: 'unusable' });
