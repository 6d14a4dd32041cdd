import { counters } from '../../records/all.ts';
import { type CheckResult, createFindings } from './report.ts';
import type { CheckSource, Counter } from './source.ts';

const counted: readonly (readonly [counter: Counter, table: string, column: string])[] = [
  ...counters.map(({ counter, table }) => [counter, table, 'id'] as const),
  ['Journal', 'journal', 'number'],
];

/** Checks that no number exceeds its counter: the counter would assign it again. */
export async function checkCounters(source: CheckSource): Promise<CheckResult> {
  const findings = createFindings('counters');
  for (const [counter, table, column] of counted) {
    const [row] = await source.rows(`SELECT max(${column}) FROM ${table}`);
    const highest = Number(row?.[0] ?? 0);
    const last = await source.lastNumber(counter);
    findings.examined('counters', 1);
    if (highest <= (last ?? 0)) continue;
    findings.fault({
      where: `${table}.${column}`,
      found: `${highest}, but ${last === undefined ? 'there is no counter' : `the counter is at ${last}`}: the next object could get a number that is in use`,
      expected: `a counter at ${highest} or above`,
      remedy: `run, while no server runs: ${source.raise(counter, highest)}`,
    });
  }
  return findings.result();
}
