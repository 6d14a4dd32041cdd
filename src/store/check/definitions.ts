import { dataTypes, valueTypes } from '../../contract/fields.ts';
import { fieldOwners, foldName } from '../../rules/schema.ts';
import { type CheckResult, correct, createFindings, type Findings, restore } from './report.ts';
import type { CheckedDefinitions, CheckSource } from './source.ts';

/** Checks fields, key fields, tags, channels and the server's own secret. */
export async function checkDefinitions(
  source: CheckSource,
  definitions: CheckedDefinitions,
): Promise<CheckResult> {
  const findings = createFindings('definitions');
  const { schema } = definitions;
  findings.examined('tag types', schema.tags.size);
  findings.examined('channels', schema.channels.size);
  await checkFields(source, definitions, findings);
  await checkKeyFields(source, definitions, findings);
  await checkDistinct(source, 'tag_value', ['tag_type', 'value'], findings);
  await checkDistinct(source, 'channel_status', ['channel', 'status'], findings);
  await checkOwnRows(source, findings);
  return findings.result();
}

async function checkFields(source: CheckSource, { schema }: CheckedDefinitions, findings: Findings) {
  const rows = await source.rows(
    'SELECT owner, folded_name, name, data_type FROM field_definition ORDER BY owner, folded_name',
  );
  findings.examined('custom fields', rows.length);
  for (const row of rows) {
    const [owner = '', folded, name = '', dataType = ''] = row.map(String);
    const where = `field_definition: ${owner} ${JSON.stringify(name)}`;
    const fault = (found: string, expected: string) =>
      findings.fault({ where, found, expected, remedy: correct });
    const known = fieldOwners.find((each) => each === owner);
    if (known === undefined) fault(`the owner ${JSON.stringify(owner)}`, `one of ${fieldOwners.join(', ')}`);
    else if (schema.fields[known].find(name)?.custom !== true) {
      fault('the name of a standard field', 'a name of its own');
    }
    if (!(dataTypes as readonly string[]).includes(dataType)) {
      fault(`the data type ${JSON.stringify(dataType)}`, `one of ${dataTypes.join(', ')}`);
    }
    if (folded !== foldName(name)) fault(`found under ${JSON.stringify(folded)}`, 'its name without case');
  }
}

async function checkKeyFields(source: CheckSource, { schema }: CheckedDefinitions, findings: Findings) {
  const rows = await source.rows('SELECT object_type, name FROM key_field ORDER BY object_type, name');
  for (const row of rows) {
    const [type, name = ''] = row.map(String);
    const stored = valueTypes.find((each) => each === type);
    if (stored !== undefined && schema.fields[stored].find(name) && foldName(name) === name) continue;
    findings.fault({
      where: `key_field: ${type} ${JSON.stringify(name)}`,
      found: 'no such field is defined',
      expected: 'fields that are indexed as external keys',
      remedy: correct,
    });
  }
}

async function checkDistinct(
  source: CheckSource,
  table: string,
  columns: readonly string[],
  findings: Findings,
) {
  const list = columns.join(', ');
  const rows = await source.rows(
    `SELECT ${list} FROM ${table} GROUP BY ${list} HAVING count(*) > 1 ORDER BY ${list}`,
  );
  for (const row of rows) {
    findings.fault({
      where: table,
      found: `${row.map((cell) => JSON.stringify(cell)).join(', ')} is there several times`,
      expected: 'each once',
      remedy: correct,
    });
  }
}

/** Checks the rows that every database has from the start. */
async function checkOwnRows(source: CheckSource, findings: Findings) {
  const ownRows = [
    [
      'server_secret',
      "name = 'stream position' AND length(value) = 32",
      '32 bytes that sign stream positions',
    ],
    ['meta', "name = 'schema_version' AND value >= 1", 'the version of the definitions'],
  ] as const;
  for (const [table, condition, expected] of ownRows) {
    const [row] = await source.rows(`SELECT count(*) FROM ${table} WHERE ${condition}`);
    if (Number(row?.[0]) === 1) continue;
    findings.fault({ where: table, found: 'no row that is right', expected, remedy: restore });
  }
}
