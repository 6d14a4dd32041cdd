import type { StoredType } from '../../contract/fields.ts';
import {
  type AnyRecordChange,
  type Changes,
  type CountedType,
  countedTypes,
  type Facts,
} from '../../rules/facts.ts';
import {
  type CostRecord,
  type ProgramRecord,
  type Records,
  type RecordType,
  recordTypes,
} from '../../rules/records.ts';
import { foldName } from '../../rules/schema.ts';
import { keyStatements } from './keys.ts';
import { sequences } from './load.ts';
import { recordShapes } from './records.ts';
import { type Column, costShape, type ProgramCost, type ProgramText, type RowShape } from './rows.ts';
import { type Definitions, schemaStatements } from './schema.ts';
import { idArray, json, wholeNumber } from './sql.ts';

/** The statements that write changes: a few for every table, however many rows there are. */
export function writeStatements(changes: Changes, keyFields: Definitions['keyFields']): string[] {
  const kept = stillIndexed(changes, keyFields);
  return [
    ...schemaStatements(changes),
    ...recordTypes.flatMap((type) => tableStatements(type, changes.records)),
    ...programPartStatements(changes.records),
    ...keyStatements(changes, kept),
  ];
}

/** A field that is defined differently leaves the index of external keys until it is next asked for. */
function stillIndexed(
  { newFields, removedFields = [] }: Changes,
  keyFields: Definitions['keyFields'],
): Definitions['keyFields'] {
  const dropped = new Set([
    ...newFields.map(({ owner, field }) => `${owner}/${foldName(field.name)}`),
    ...removedFields.map(({ owner, name }) => `${owner}/${foldName(name)}`),
  ]);
  if (dropped.size === 0) return keyFields;
  const kept = (type: StoredType) =>
    keyFields[type].filter(({ name }) => !dropped.has(`${type}/${foldName(name)}`));
  return { Opportunity: kept('Opportunity'), OpportunityPersonRole: kept('OpportunityPersonRole') };
}

function tableStatements<Type extends RecordType>(type: Type, records: readonly AnyRecordChange[]): string[] {
  const shape: RowShape<Records[Type]> = recordShapes[type];
  const removed: number[] = [];
  const created: Records[Type][] = [];
  const updated: Records[Type][] = [];
  for (const change of records) {
    if (change.type !== type) continue;
    const { before, after } = change as {
      before: Records[Type] | undefined;
      after: Records[Type] | undefined;
    };
    if (after === undefined) {
      if (before !== undefined) removed.push(before.id);
    } else if (before === undefined) created.push(after);
    else updated.push(after);
  }
  return [...remove(shape.table, removed), ...insert(shape, created), ...update(shape, updated)];
}

const remove = (table: string, ids: readonly number[]): string[] =>
  ids.length === 0 ? [] : [`DELETE FROM ${table} WHERE id = ANY (${idArray(ids)})`];

const names = (columns: readonly Column[]) => columns.map(({ name }) => name).join(', ');

/** Rows as a table expression named `sent`. Their cells go as JSON under short names. */
function sentRows<Record>({ columns, toRow }: RowShape<Record>, records: readonly Record[]): string {
  const rows = records.map((record) =>
    Object.fromEntries(toRow(record).flatMap((cell, index) => (cell === null ? [] : [[`c${index}`, cell]]))),
  );
  const types = columns.map(({ type }, index) => `c${index} ${type}`).join(', ');
  return `json_to_recordset(${json(rows)}) AS sent(${types})`;
}

function insert<Record>(shape: RowShape<Record>, records: readonly Record[]): string[] {
  if (records.length === 0) return [];
  const cells = shape.columns.map((_, index) => `c${index}`).join(', ');
  return [
    `INSERT INTO ${shape.table} (${names(shape.columns)}) SELECT ${cells} FROM ${sentRows(shape, records)}`,
  ];
}

function update<Record>(shape: RowShape<Record>, records: readonly Record[]): string[] {
  if (records.length === 0) return [];
  const sets = shape.columns.slice(1).map(({ name }, index) => `${name} = sent.c${index + 1}`);
  return [
    `UPDATE ${shape.table} AS kept SET ${sets.join(', ')} FROM ${sentRows(shape, records)} WHERE kept.id = sent.c0`,
  ];
}

/**
 * Tags, tokens and costs of changed programs. Costs that go are removed before others are written: a cost can move
 * from one program to another.
 */
function programPartStatements(records: readonly AnyRecordChange[]): string[] {
  const gone: { id: number; program: number }[] = [];
  const created: ProgramCost[] = [];
  const updated: ProgramCost[] = [];
  for (const change of records) {
    if (change.type !== 'Program') continue;
    const earlier = new Map(change.before?.costs.map((cost) => [cost.id, cost]));
    for (const cost of change.after?.costs ?? []) {
      const known = earlier.get(cost.id);
      earlier.delete(cost.id);
      const row = { ...cost, programId: change.after?.id ?? 0 };
      if (known === undefined) created.push(row);
      else if (!sameCost(known, cost)) updated.push(row);
    }
    for (const id of earlier.keys()) gone.push({ id, program: change.before?.id ?? 0 });
  }
  const removeCosts =
    `DELETE FROM program_cost AS kept USING json_to_recordset(${json(gone)}) AS sent(id bigint, program bigint) ` +
    'WHERE kept.id = sent.id AND kept.program_id = sent.program';
  return [
    ...(gone.length === 0 ? [] : [removeCosts]),
    ...insert(costShape, created),
    ...update(costShape, updated),
    ...textStatements(records, 'program_tag', 'type', ({ tags }) => tags),
    ...textStatements(records, 'program_token', 'name', ({ tokens }) => tokens),
  ];
}

const sameCost = (a: CostRecord, b: CostRecord) =>
  a === b || (a.month === b.month && a.amount === b.amount && a.note === b.note);

type Texts = ReadonlyMap<string, string>;

function textStatements(
  records: readonly AnyRecordChange[],
  table: string,
  column: string,
  textsOf: (program: ProgramRecord) => Texts,
): string[] {
  const gone: Omit<ProgramText, 'value'>[] = [];
  const put: ProgramText[] = [];
  for (const change of records) {
    if (change.type !== 'Program') continue;
    const before: Texts = change.before === undefined ? new Map() : textsOf(change.before);
    const after: Texts = change.after === undefined ? new Map() : textsOf(change.after);
    const programId = (change.after ?? change.before)?.id;
    if (programId === undefined || before === after) continue;
    for (const name of before.keys()) if (!after.has(name)) gone.push({ programId, name });
    for (const [name, value] of after) if (before.get(name) !== value) put.push({ programId, name, value });
  }
  const sent = (rows: readonly object[]) =>
    `json_to_recordset(${json(rows)}) AS sent("programId" bigint, name text, value text)`;
  const removeTexts =
    `DELETE FROM ${table} AS kept USING ${sent(gone)} ` +
    `WHERE kept.program_id = sent."programId" AND kept.${column} = sent.name`;
  const putTexts =
    `INSERT INTO ${table} (program_id, ${column}, value) SELECT "programId", name, value FROM ${sent(put)} ` +
    `ON CONFLICT (program_id, ${column}) DO UPDATE SET value = excluded.value`;
  return [...(gone.length === 0 ? [] : [removeTexts]), ...(put.length === 0 ? [] : [putTexts])];
}

/** The ids of objects and costs that are written new, by type. */
export function createdIds({ records }: Changes): Record<CountedType, number[]> {
  const created: Record<CountedType, number[]> = { Opportunity: [], OpportunityPersonRole: [], Cost: [] };
  for (const change of records) {
    if (change.type === 'Program') {
      const known = new Set(change.before?.costs.map(({ id }) => id));
      for (const { id } of change.after?.costs ?? []) if (!known.has(id)) created.Cost.push(id);
    } else if (change.type === 'Opportunity' || change.type === 'OpportunityPersonRole') {
      if (change.before === undefined && change.after !== undefined)
        created[change.type].push(change.after.id);
    }
  }
  return created;
}

/** How many of the new ids a decision uses up, counted to the last one it uses; and whether it brings ids of its own. */
export function usedIds(changes: Changes, newIds: Facts['newIds']) {
  const used: Record<CountedType, number> = { Opportunity: 0, OpportunityPersonRole: 0, Cost: 0 };
  let ownIds = false;
  const created = createdIds(changes);
  for (const type of countedTypes) {
    const places = new Map(newIds[type].map((id, index) => [id, index + 1]));
    for (const id of created[type]) {
      const place = places.get(id);
      if (place === undefined) ownIds = true;
      else used[type] = Math.max(used[type], place);
    }
  }
  return { used, ownIds };
}

/** Moves the counters above ids that were given from outside. No one else may be counting meanwhile. */
export function raiseStatements(changes: Changes): string[] {
  const created = createdIds(changes);
  return countedTypes.flatMap((type) => {
    const highest = created[type].reduce((a, b) => Math.max(a, b), 0);
    return highest === 0 ? [] : [raiseStatement(type, highest)];
  });
}

/** Moves a counter above an id, if it does not stand there already. */
export const raiseStatement = (type: CountedType, id: number): string =>
  `SELECT setval('${sequences[type]}', ${wholeNumber(id)}) FROM ${sequences[type]} ` +
  `WHERE last_value < ${wholeNumber(id)} OR (NOT is_called AND last_value = ${wholeNumber(id)})`;
