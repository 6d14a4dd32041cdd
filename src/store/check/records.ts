import { MAX_ID, type ValueType } from '../../contract/fields.ts';
import {
  declarationOf,
  isKeyed,
  type Records,
  type RecordType,
  recordSections,
  recordTypes,
} from '../../records/all.ts';
import type { Valued } from '../../records/held-value.ts';
import { readMonth } from '../../rules/values.ts';
import { checkDerived, readCustomObjectTypes } from './derived.ts';
import { checkKeys, checkKeysOfNothing } from './keys.ts';
import { type CheckResult, correct, createFindings, type Findings, restore } from './report.ts';
import { type CheckedDefinitions, type CheckSource, pagesOf, type ReadRow } from './source.ts';
import { isTime, valueProblem } from './values.ts';

/**
 * Reads every record once, and checks its values against the field definitions, and what follows from the record, such as
 * the key index, against it in the same pass.
 */
export async function checkRecords(
  source: CheckSource,
  definitions: CheckedDefinitions,
): Promise<CheckResult[]> {
  const records = createFindings('records');
  const keys = createFindings('keys');
  const indexed = Object.values(definitions.keyFields).reduce((count, fields) => count + fields.length, 0);
  keys.examined('indexed fields', indexed);
  for (const plural of [...recordSections, 'costs']) records.examined(plural, 0);
  const types = await readCustomObjectTypes(source);
  for (const type of recordTypes) {
    for await (const page of pagesOf((after, limit) => source.records(type, after, limit))) {
      checkPage(type, page.rows, definitions, records);
      await checkDerived(source, type, page, types, records);
      if (isKeyed(type)) await checkKeys(source, type, page, definitions, keys);
    }
  }
  await checkCosts(source, records);
  await checkKeysOfNothing(source, keys);
  return [records.result(), keys.result()];
}

function checkPage<Type extends RecordType>(
  type: Type,
  rows: readonly ReadRow<Records[Type]>[],
  definitions: CheckedDefinitions,
  findings: Findings,
): void {
  findings.examined(declarationOf[type].section, rows.length);
  for (const row of rows) {
    const where = `${type} ${row.id}`;
    if (row.id < 1 || row.id > MAX_ID) {
      findings.fault({
        where,
        found: `its id is ${row.id < 1 ? 'below 1' : `above ${MAX_ID}, so no call can name it`}`,
        expected: `a whole number from 1 to ${MAX_ID}`,
        remedy: correct,
      });
    }
    if ('unreadable' in row) {
      findings.fault({
        where,
        found: row.unreadable,
        expected: 'a record that can be read',
        remedy: restore,
      });
    } else checkRecord(type, row.content, where, definitions, findings);
  }
}

function checkRecord(
  type: RecordType,
  record: Records[RecordType],
  where: string,
  definitions: CheckedDefinitions,
  findings: Findings,
): void {
  const { columns, fields } = declarationOf[type];
  for (const [property, { kind, nullable }] of Object.entries(columns)) {
    const value: unknown = Reflect.get(record, property);
    if (nullable && value === null) continue;
    if (kind === 'texts') checkTexts(value as ReadonlyMap<string, unknown>, where, findings);
    else if (kind === 'time') checkTime(property, value as string, where, findings);
  }
  if (fields !== undefined) {
    checkValues(type as ValueType, record as Valued, where, definitions, findings);
  }
}

function checkTime(property: string, time: string, where: string, findings: Findings): void {
  if (isTime(time)) return;
  findings.fault({
    where: `${where}: ${property}`,
    found: JSON.stringify(time),
    expected: 'a time, YYYY-MM-DDTHH:MM:SS.sssZ',
    remedy: correct,
  });
}

function checkValues(
  type: ValueType,
  { values }: Valued,
  where: string,
  { schema }: CheckedDefinitions,
  findings: Findings,
): void {
  for (const [name, value] of values.entries()) {
    const field = schema.fields[type].find(name);
    if (field?.name !== name) {
      findings.fault({
        where: `${where}: ${JSON.stringify(name)}`,
        found: field === undefined ? 'no such field is defined' : `the field is defined as "${field.name}"`,
        expected: 'values under the names of defined fields only',
        remedy: field === undefined ? 'define the field with "mktows fields add"' : correct,
      });
      continue;
    }
    const problem = valueProblem(field, value);
    if (problem !== undefined) findings.fault({ where: `${where}: ${name}`, ...problem, remedy: correct });
  }
}

function checkTexts(texts: ReadonlyMap<string, unknown>, where: string, findings: Findings): void {
  for (const [name, value] of texts) {
    if (typeof value === 'string') continue;
    findings.fault({
      where: `${where}: ${JSON.stringify(name)}`,
      found: `a ${typeof value}`,
      expected: 'a text',
      remedy: correct,
    });
  }
}

/** Checks that the months and amounts of costs are values that a call can send. */
async function checkCosts(source: CheckSource, findings: Findings): Promise<void> {
  for await (const { rows } of pagesOf((after, limit) => source.costs(after, limit))) {
    findings.examined('costs', rows.length);
    for (const row of rows) {
      if (!('content' in row)) continue;
      const { month, amount } = row.content;
      const asRead = readMonth(month);
      if (!('month' in asRead) || asRead.month !== month) {
        findings.fault({
          where: `program_cost ${row.id}: month`,
          found: JSON.stringify(month),
          expected: 'the first of a month, YYYY-MM-01',
          remedy: correct,
        });
      }
      if (!Number.isFinite(amount)) {
        findings.fault({
          where: `program_cost ${row.id}: amount`,
          found: String(amount),
          expected: 'a number',
          remedy: correct,
        });
      }
    }
  }
}
