import { MAX_ID, type StoredType } from '../../contract/fields.ts';
import type {
  CompanyRecord,
  LeadRecord,
  MObjectRecord,
  ProgramRecord,
  Records,
  RecordType,
} from '../../records/all.ts';
import { readMonth } from '../../rules/values.ts';
import { checkKeys, checkKeysOfNothing } from './keys.ts';
import { type CheckResult, correct, createFindings, type Findings, restore } from './report.ts';
import { type CheckedDefinitions, type CheckSource, pagesOf, type ReadRow } from './source.ts';
import { isTime, valueProblem } from './values.ts';

const plurals: Readonly<Record<RecordType, string>> = {
  Opportunity: 'opportunities',
  OpportunityPersonRole: 'roles',
  Lead: 'leads',
  Company: 'companies',
  Program: 'programs',
};

/**
 * Reads every record once, and checks its values against the field definitions and the key index against the record
 * in the same pass.
 */
export async function checkRecords(
  source: CheckSource,
  definitions: CheckedDefinitions,
): Promise<CheckResult[]> {
  const records = createFindings('records');
  const keys = createFindings('keys');
  keys.examined(
    'indexed fields',
    definitions.keyFields.Opportunity.length + definitions.keyFields.OpportunityPersonRole.length,
  );
  for (const plural of [...Object.values(plurals), 'costs']) records.examined(plural, 0);
  for (const type of ['Opportunity', 'OpportunityPersonRole', 'Lead', 'Company'] as const) {
    for await (const page of pagesOf((after, limit) => source.records(type, after, limit))) {
      checkPage(type, page.rows, definitions, records);
      await checkKeys(source, type, page, definitions, keys);
    }
  }
  for await (const { rows } of pagesOf((after, limit) => source.records('Program', after, limit))) {
    checkPage('Program', rows, definitions, records);
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
  findings.examined(plurals[type], rows.length);
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
  if (type === 'Lead') checkTexts((record as LeadRecord).attributes, where, findings);
  else if (type === 'Company') checkTexts((record as CompanyRecord).externalKeys, where, findings);
  else {
    checkTimes(record as ProgramRecord | MObjectRecord, where, findings);
    if (type !== 'Program') checkValues(type, record as MObjectRecord, where, definitions, findings);
  }
}

function checkTimes(record: ProgramRecord | MObjectRecord, where: string, findings: Findings): void {
  for (const name of ['createdAt', 'updatedAt'] as const) {
    if (isTime(record[name])) continue;
    findings.fault({
      where: `${where}: ${name}`,
      found: JSON.stringify(record[name]),
      expected: 'a time, YYYY-MM-DDTHH:MM:SS.sssZ',
      remedy: correct,
    });
  }
}

function checkValues(
  type: StoredType,
  { values }: MObjectRecord,
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
