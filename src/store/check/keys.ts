import { type KeyedType, keyedTypes } from '../../records/all.ts';
import type { AnyRecordChange } from '../../rules/facts.ts';
import { quote } from '../../rules/refusal.ts';
import { foldName } from '../../rules/schema.ts';
import { tableNames } from '../columns.ts';
import { keyChange } from '../keys.ts';
import { FAULTS_KEPT, type Findings } from './report.ts';
import type { CheckedDefinitions, CheckSource, KeyEntry, ReadRow } from './source.ts';

const rebuild = 'rebuild the index (docs/operations.md, "Repairs")';

/** Compares the key index with a page of records: every indexed value must be in it once, and nothing else. */
export async function checkKeys(
  source: CheckSource,
  type: KeyedType,
  page: { readonly after: number; readonly last: number; readonly rows: readonly ReadRow<object>[] },
  { keyFields }: CheckedDefinitions,
  findings: Findings,
): Promise<void> {
  const entries = await source.keys(type, page.after, page.last);
  findings.examined('entries', entries.length);
  const entriesOf = Map.groupBy(entries, ({ id }) => id);
  for (const row of page.rows) {
    if (!('content' in row)) continue;
    const change = { type, before: undefined, after: row.content } as unknown as AnyRecordChange;
    const expected = new Map(
      keyChange(change, keyFields).added.map(([name, value]) => [
        identity(name, value),
        entryText(name, value),
      ]),
    );
    const own = entriesOf.get(row.id) ?? [];
    compare(`${type} ${row.id}`, expected, own, findings);
    checkLoose(`${type} ${row.id}`, own, findings);
  }
}

const entryText = (name: string, value: string): string =>
  `${JSON.stringify(name)} = ${quote(String(value))}`;
const identity = (name: string, value: string): string => JSON.stringify([name, value]);

function compare(
  object: string,
  expected: ReadonlyMap<string, string>,
  entries: readonly KeyEntry[],
  findings: Findings,
): void {
  const missing = new Map(expected);
  const seen = new Set<string>();
  for (const { name, value, loose } of entries) {
    if (loose) continue;
    const text = entryText(name, value);
    const id = identity(name, value);
    if (seen.has(id)) {
      findings.fault({
        where: `external_key: ${object}`,
        found: `${text} is there twice`,
        expected: 'one entry for each value',
        remedy: rebuild,
      });
    } else if (!missing.delete(id)) {
      findings.fault({
        where: `external_key: ${object}`,
        found: `${text}, and the object has no such value`,
        expected: 'entries of values that objects have',
        remedy: rebuild,
      });
    }
    seen.add(id);
  }
  for (const text of missing.values()) {
    findings.fault({
      where: `external_key: ${object}`,
      found: `nothing under ${text}, which the object has: calls that name it by this key do not find it`,
      expected: 'an entry for every value of an indexed field',
      remedy: rebuild,
    });
  }
}

/** Checks loose keys: each has the name as it was sent, and an object has one value for a name. */
function checkLoose(object: string, entries: readonly KeyEntry[], findings: Findings): void {
  const names = new Set<string>();
  for (const { name, loose, spelledName } of entries) {
    if (!loose) continue;
    if (spelledName === null || foldName(spelledName) !== name) {
      findings.fault({
        where: `external_key: ${object}: ${JSON.stringify(name)}`,
        found: spelledName === null ? 'the name as it was sent is missing' : `sent as ${quote(spelledName)}`,
        expected: 'the name as it was sent, which without case is the name of the entry',
        remedy: 'set spelled_name with SQL while no server runs',
      });
    }
    if (names.has(name)) {
      findings.fault({
        where: `external_key: ${object}: ${JSON.stringify(name)}`,
        found: 'several values',
        expected: 'one value of an object under a name without a field',
        remedy: 'remove all but one with SQL while no server runs',
      });
    }
    names.add(name);
  }
}

/** Reports entries of missing objects and of types without keys. */
export async function checkKeysOfNothing(source: CheckSource, findings: Findings): Promise<void> {
  const remedy = 'remove the entry with SQL while no server runs';
  const expected = 'entries of existing objects';
  for (const type of keyedTypes) {
    const rows = await source.rows(
      `SELECT object_id, name, value, count(*) OVER () FROM external_key AS k WHERE object_type = '${type}' ` +
        `AND NOT EXISTS (SELECT 1 FROM ${tableNames[type]} AS o WHERE o.id = k.object_id) ` +
        `ORDER BY object_id, name LIMIT ${FAULTS_KEPT}`,
    );
    for (const [id, name, value] of rows) {
      const found = `${entryText(String(name), String(value))}, and there is no such object`;
      findings.fault({ where: `external_key: ${type} ${id}`, found, expected, remedy });
    }
    findings.further(Number(rows[0]?.[3] ?? 0) - rows.length);
  }
  const known = keyedTypes.map((type) => `'${type}'`).join(', ');
  const rows = await source.rows(
    `SELECT object_type, count(*) FROM external_key WHERE object_type NOT IN (${known}) ` +
      `GROUP BY object_type ORDER BY object_type LIMIT ${FAULTS_KEPT}`,
  );
  for (const [type, count] of rows) {
    const found = `${count} entries of the type ${quote(String(type))}`;
    findings.fault({ where: 'external_key', found, expected: `one of ${keyedTypes.join(', ')}`, remedy });
  }
}
