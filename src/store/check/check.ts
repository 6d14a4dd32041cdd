import { checkCounters } from './counters.ts';
import { checkDefinitions } from './definitions.ts';
import { checkJournal } from './journal.ts';
import { checkRecords } from './records.ts';
import { checkReferences } from './references.ts';
import { type CheckResult, createFindings, type Findings, restore } from './report.ts';
import type { CheckSource } from './source.ts';
import { checkUsers, type OpenUser } from './users.ts';

/**
 * Runs all checks on one snapshot of the database and yields each result when it is complete. A check that meets
 * damage ends with a fault, and the next one starts. Throws errors that say nothing about the database itself, such
 * as a lost connection: the database was then not checked.
 */
export async function* runChecks(
  source: CheckSource,
  openUser: OpenUser | undefined,
): AsyncGenerator<CheckResult> {
  const own = (name: string, work: (findings: Findings) => Promise<void>) =>
    part(source, [name], async () => {
      const findings = createFindings(name);
      await work(findings);
      return [findings.result()];
    });
  yield* await own('integrity', (findings) => source.integrity(findings));
  yield* await own('schema', (findings) => source.checkSchema(findings));
  yield* await part(source, ['definitions'], async () => [
    await checkDefinitions(source, await source.definitions()),
  ]);
  yield* await part(source, ['records', 'keys'], async () =>
    checkRecords(source, await source.definitions()),
  );
  yield* await part(source, ['references'], async () => [await checkReferences(source)]);
  yield* await part(source, ['counters'], async () => [await checkCounters(source)]);
  yield* await part(source, ['journal'], async () => [await checkJournal(source)]);
  yield* await part(source, ['users'], async () => [await checkUsers(source, openUser)]);
}

/** Returns the results of a group of checks or, if damage prevents them, a fault under each name. */
async function part(
  source: CheckSource,
  names: readonly string[],
  work: () => Promise<CheckResult[]>,
): Promise<CheckResult[]> {
  try {
    return await source.attempt(work);
  } catch (error) {
    const damage = source.damageOf(error);
    if (damage === undefined) throw error;
    return names.map((name) => {
      const findings = createFindings(name);
      findings.fault({
        where: source.location,
        found: `it cannot be read to the end: ${damage}`,
        expected: 'a database that can be read',
        remedy: restore,
      });
      return findings.result();
    });
  }
}
