import pg from 'pg';
import { assertCurrent } from '../assert-current.ts';
import { runChecks } from '../check/check.ts';
import type { CheckResult } from '../check/report.ts';
import type { OpenUser } from '../check/users.ts';
import { postgresCheckSource } from './check-source.ts';
import { openError, timeBounds } from './errors.ts';
import { migrationSteps } from './migrations.ts';
import { readUrl } from './url.ts';

/** Checks a PostgreSQL database or a standby; see `checkDatabase`. Statements have no timeout. */
export async function checkPostgres(
  url: string,
  openUser: OpenUser | undefined,
  report: (result: CheckResult) => void,
): Promise<void> {
  const { connectionString, location } = readUrl(url);
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: timeBounds.connect });
  // The running statement reports a lost connection.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    assertCurrent(location, await migrationSteps(client, location));
    for await (const result of runChecks(postgresCheckSource(client, location), openUser)) report(result);
  } catch (error) {
    throw openError(error, location);
  } finally {
    await client.end().catch(() => {});
  }
}
