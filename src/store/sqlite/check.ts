import { existsSync } from 'node:fs';
import { assertCurrent } from '../assert-current.ts';
import { runChecks } from '../check/check.ts';
import { type CheckResult, createFindings, restore } from '../check/report.ts';
import type { OpenUser } from '../check/users.ts';
import { StoreError } from '../store.ts';
import { sqliteCheckSource } from './check-source.ts';
import { isDamage, isSqliteError, openError } from './errors.ts';
import { IN_MEMORY, locate } from './location.ts';
import { migrationSteps } from './migrations.ts';
import { withReadOnly } from './read-only.ts';

/** Checks an SQLite database; see `checkDatabase`. */
export async function checkSqlite(
  path: string,
  openUser: OpenUser | undefined,
  report: (result: CheckResult) => void,
): Promise<void> {
  const location = requireFile(path);
  try {
    await withReadOnly(location, async (db) => {
      assertCurrent(location, migrationSteps(db));
      for await (const result of runChecks(sqliteCheckSource(db, location), openUser)) report(result);
    });
  } catch (error) {
    if (!isDamage(error)) throw isSqliteError(error) ? openError(error, location) : error;
    const findings = createFindings('integrity');
    findings.fault({
      where: location,
      found: `it cannot be opened: ${(error as Error).message}`,
      expected: 'a whole database file',
      remedy: restore,
    });
    report(findings.result());
  }
}

/** Returns the location of a database file. Throws a `StoreError` if it does not exist. */
export function requireFile(path: string): string {
  const location = locate(path);
  if (path !== IN_MEMORY && existsSync(location)) return location;
  const found = path === IN_MEMORY ? 'a database in memory is gone' : `there is no file ${location}`;
  throw new StoreError(`${found}; expected a database that mktows has made`, { failure: 'unusable' });
}
