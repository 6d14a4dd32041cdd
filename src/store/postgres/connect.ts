import pg from 'pg';
import { openError, type TimeBounds, timeBounds } from './errors.ts';
import { readUrl, unusable } from './url.ts';

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
