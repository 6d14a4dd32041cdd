import { byValueType, type ValueType } from '../../contract/fields.ts';
import {
  byCounter,
  type CountedType,
  declarationOf,
  type Records,
  type RecordType,
  recordTypes,
} from '../../records/all.ts';
import type { Declaration, RowsPart, TextsPart } from '../../records/declare.ts';
import type { AnyRecordChange, Changes, Facts, RecordChange } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { ownerColumn, type TableColumn } from '../columns.ts';
import { createdIds, type OwnedRow, rowChanges, textChanges } from '../part-changes.ts';
import { partCodec } from '../row-codec.ts';
import { keyStatements } from './keys.ts';
import { codecs, kinds, type PostgresCodec } from './kinds.ts';
import { sequences } from './load.ts';
import { type Definitions, schemaStatements } from './schema.ts';
import { idArray, json, wholeNumber } from './sql.ts';
import { changedViews } from './views.ts';

/** Returns the statements that write the changes: a few per table, regardless of the number of rows. */
export function writeStatements(
  changes: Changes,
  { schema, keyFields }: Pick<Definitions, 'schema' | 'keyFields'>,
): string[] {
  const kept = stillIndexed(changes, keyFields);
  return [
    ...schemaStatements(changes),
    ...recordTypes.flatMap((type) => tableStatements(type, changes.records)),
    ...recordTypes.flatMap((type) => partStatements(type, changes.records)),
    ...keyStatements(changes, kept),
    ...changedViews(changes, schema),
  ];
}

/** Redefined fields leave the index of external keys until the key is next used. */
function stillIndexed(
  { newFields, removedFields = [] }: Changes,
  keyFields: Definitions['keyFields'],
): Definitions['keyFields'] {
  const dropped = new Set([
    ...newFields.map(({ owner, field }) => `${owner}/${foldName(field.name)}`),
    ...removedFields.map(({ owner, name }) => `${owner}/${foldName(name)}`),
  ]);
  if (dropped.size === 0) return keyFields;
  const kept = (type: ValueType) =>
    keyFields[type].filter(({ name }) => !dropped.has(`${type}/${foldName(name)}`));
  return byValueType(kept);
}

function tableStatements<Type extends RecordType>(type: Type, records: readonly AnyRecordChange[]): string[] {
  const { table, columns, toRow } = codecs[type] as PostgresCodec<Records[Type]>;
  const removed: number[] = [];
  const created: unknown[][] = [];
  const updated: unknown[][] = [];
  for (const change of records) {
    if (change.type !== type) continue;
    const { before, after } = change as RecordChange<Type>;
    if (after === undefined) {
      if (before !== undefined) removed.push(before.id);
    } else if (before === undefined) created.push(toRow(after));
    else updated.push(toRow(after));
  }
  return [...remove(table, removed), ...insert(table, columns, created), ...update(table, columns, updated)];
}

const remove = (table: string, ids: readonly number[]): string[] =>
  ids.length === 0 ? [] : [`DELETE FROM ${table} WHERE id = ANY (${idArray(ids)})`];

type Rows = readonly (readonly unknown[])[];

/** Formats rows as a table expression named `sent`. Cells are sent as JSON under short names. */
function sentRows(columns: readonly TableColumn[], rows: Rows): string {
  const sent = rows.map((row) =>
    Object.fromEntries(row.flatMap((cell, index) => (cell === null ? [] : [[`c${index}`, cell]]))),
  );
  const types = columns.map(({ kind }, index) => `c${index} ${kinds[kind].sql}`).join(', ');
  return `json_to_recordset(${json(sent)}) AS sent(${types})`;
}

function insert(table: string, columns: readonly TableColumn[], rows: Rows): string[] {
  if (rows.length === 0) return [];
  const names = columns.map(({ name }) => name).join(', ');
  const cells = columns.map((_, index) => `c${index}`).join(', ');
  return [`INSERT INTO ${table} (${names}) SELECT ${cells} FROM ${sentRows(columns, rows)}`];
}

function update(table: string, columns: readonly TableColumn[], rows: Rows): string[] {
  if (rows.length === 0) return [];
  const sets = columns.slice(1).map(({ name }, index) => `${name} = sent.c${index + 1}`);
  return [
    `UPDATE ${table} AS kept SET ${sets.join(', ')} FROM ${sentRows(columns, rows)} WHERE kept.id = sent.c0`,
  ];
}

/**
 * Returns the statements that write the parts of records. Deletes rows before it inserts others, since a row can move
 * from one record to another.
 */
function partStatements(type: RecordType, records: readonly AnyRecordChange[]): string[] {
  const owner: Declaration = declarationOf[type];
  return Object.entries(owner.parts).flatMap(([property, part]) =>
    part.kind === 'rows'
      ? rowsStatements(owner, property, part, records)
      : textsStatements(owner, property, part, records),
  );
}

function rowsStatements(
  owner: Declaration,
  property: string,
  part: RowsPart,
  records: readonly AnyRecordChange[],
): string[] {
  const { table, columns, toRow, areEqual } = partCodec(part, owner, kinds);
  const { gone, created, updated } = rowChanges(owner.name as RecordType, property, areEqual, records);
  const cells = (rows: readonly OwnedRow[]) => rows.map(({ row, ownerId }) => toRow(row, ownerId));
  const removed =
    `DELETE FROM ${table} AS kept USING json_to_recordset(${json(gone)}) AS sent(id bigint, "ownerId" bigint) ` +
    `WHERE kept.id = sent.id AND kept.${ownerColumn(owner)} = sent."ownerId"`;
  return [
    ...(gone.length === 0 ? [] : [removed]),
    ...insert(table, columns, cells(created)),
    ...update(table, columns, cells(updated)),
  ];
}

function textsStatements(
  owner: Declaration,
  property: string,
  { table, nameColumn }: TextsPart,
  records: readonly AnyRecordChange[],
): string[] {
  const ownerId = ownerColumn(owner);
  const { gone, put } = textChanges(owner.name as RecordType, property, records);
  const sent = (rows: readonly object[]) =>
    `json_to_recordset(${json(rows)}) AS sent("ownerId" bigint, name text, value text)`;
  const removed =
    `DELETE FROM ${table} AS kept USING ${sent(gone)} ` +
    `WHERE kept.${ownerId} = sent."ownerId" AND kept.${nameColumn} = sent.name`;
  const written =
    `INSERT INTO ${table} (${ownerId}, ${nameColumn}, value) SELECT "ownerId", name, value FROM ${sent(put)} ` +
    `ON CONFLICT (${ownerId}, ${nameColumn}) DO UPDATE SET value = excluded.value`;
  return [...(gone.length === 0 ? [] : [removed]), ...(put.length === 0 ? [] : [written])];
}

/** Counts how many of the new ids the changes use, up to the last one used, and whether they contain other ids. */
export function usedIds(changes: Changes, newIds: Facts['newIds']) {
  const used = byCounter(() => 0);
  let ownIds = false;
  const created = createdIds(changes);
  for (const [type, ids] of created) {
    const places = new Map(newIds[type].map((id, index) => [id, index + 1]));
    for (const id of ids) {
      const place = places.get(id);
      if (place === undefined) ownIds = true;
      else used[type] = Math.max(used[type], place);
    }
  }
  return { used, ownIds };
}

/** Returns the statements that raise the counters above ids from outside. Requires the exclusive database lock. */
export function raiseStatements(changes: Changes): string[] {
  return Array.from(createdIds(changes), ([type, ids]) =>
    raiseStatement(
      type,
      ids.reduce((a, b) => Math.max(a, b)),
    ),
  );
}

/** Returns the statement that raises a counter above an id, unless it is higher already. */
export const raiseStatement = (type: CountedType, id: number): string =>
  `SELECT setval('${sequences[type]}', ${wholeNumber(id)}) FROM ${sequences[type]} ` +
  `WHERE last_value < ${wholeNumber(id)} OR (NOT is_called AND last_value = ${wholeNumber(id)})`;
