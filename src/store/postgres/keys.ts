import type { FieldDefinition, StoredType, ValueType } from '../../contract/fields.ts';
import { isKeyed } from '../../records/all.ts';
import { fieldKinds } from '../../records/column.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { keyText } from '../../records/field-values.ts';
import type { AnyRecordChange, Changes, LooseKey, WantedKey } from '../../rules/facts.ts';
import { foldName } from '../../rules/schema.ts';
import { columnOfField, tableNames } from '../columns.ts';
import { keyChange } from '../keys.ts';
import { fromCell, selectExpression } from './kinds.ts';
import { addKeyField, type Definitions } from './schema.ts';
import { idArray, json, type Row, text, unpackJson, unpackText, wholeNumber } from './sql.ts';
import type { Transaction } from './transaction.ts';

const PAGE = 10_000;

/** The hash in the index `external_key_by_value`: values can be longer than an index entry. */
const keyHash = (name: string, value: string): string => `hashtextextended(${name} || ':' || ${value}, 0)`;

/**
 * The condition that a row of `external_key` is this key. The type comparison is written so that no index can serve
 * it: before its first ANALYZE, PostgreSQL assumes that types are selective and would read all keys of the type for
 * each key.
 */
export function isKey(key: { type: string; name: string; value: string }, row = 'external_key'): string {
  return (
    `${keyHash(`${row}.name`, `${row}.value`)} = ${keyHash(key.name, key.value)} ` +
    `AND ${row}.object_type || '' = ${key.type} AND ${row}.name = ${key.name} AND ${row}.value = ${key.value}`
  );
}

const askedKey = { type: 'asked.type', name: 'asked.name', value: 'asked.value' };

/** Selects `key` (the position in the list), `object_type` and `object_id` of the newest holders of each key. */
export function holdersQuery(keys: readonly WantedKey[], depth: number): string {
  const asked = keys.map(({ type, name, value }, key) => ({ key, type, name, value }));
  return (
    'SELECT asked.key, asked.type AS object_type, held.object_id ' +
    `FROM json_to_recordset(${json(asked)}) AS asked(key integer, type text, name text, value text) ` +
    'CROSS JOIN LATERAL (SELECT DISTINCT object_id FROM external_key AS k ' +
    `WHERE ${isKey(askedKey, 'k')} ` +
    `ORDER BY object_id DESC LIMIT ${depth}) AS held`
  );
}

/** Selects the id of the newest object with this external key; no row if there is none. */
export const newestHolder = ({ type, name, value }: WantedKey): string =>
  'SELECT max(object_id) FROM external_key ' +
  `WHERE ${isKey({ type: text(type), name: text(name), value: text(value) })}`;

/** Indexes a field: one pass over the objects of its type, in pages. Requires the exclusive database lock. */
export async function indexField(
  run: Transaction['run'],
  type: ValueType,
  field: FieldDefinition,
): Promise<void> {
  const standard = columnOfField(type, field);
  const source = standard ?? `custom -> ${text(field.name)}`;
  const shown =
    standard === undefined ? source : selectExpression({ name: standard, kind: fieldKinds[field.dataType] });
  const read = (cell: string): FieldValue =>
    standard === undefined ? unpackJson<FieldValue>(cell) : fromCell(field, cell);
  const name = foldName(field.name);
  for (let after = 0; ; ) {
    const [rows = []] = await run(
      `SELECT id, ${shown} FROM ${tableNames[type]} WHERE id > ${after} AND ${source} IS NOT NULL ` +
        `ORDER BY id LIMIT ${PAGE}`,
    );
    if (rows.length === 0) break;
    after = Number(rows.at(-1)?.[0]);
    const added = rows.map(([id, cell]) => ({
      type,
      name,
      value: keyText(read(cell ?? '')),
      id: Number(id),
    }));
    await run(insertKeys(added));
  }
  await run(...addKeyField(type, field));
}

interface KeyRow {
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly id: number;
}

const insertKeys = (rows: readonly KeyRow[], loose = false): string =>
  'INSERT INTO external_key (object_type, name, value, object_id, loose, spelled_name) ' +
  `SELECT type, name, value, id, ${loose}, spelled FROM json_to_recordset(${json(rows)}) ` +
  'AS sent(type text, name text, value text, id bigint, spelled text)';

const deleteKeys = (rows: readonly KeyRow[]): string =>
  `DELETE FROM external_key AS k USING json_to_recordset(${json(rows)}) ` +
  'AS sent(type text, name text, value text, id bigint) ' +
  `WHERE ${isKey({ type: 'sent.type', name: 'sent.name', value: 'sent.value' }, 'k')} ` +
  'AND k.object_id = sent.id AND NOT k.loose';

/** Returns the statements that update the index for the changes. */
export function keyStatements(changes: Changes, keyFields: Definitions['keyFields']): string[] {
  const { gone, removed, added } = keyRows(changes.records, keyFields);
  const statements = [...gone].map(
    ([type, ids]) =>
      `DELETE FROM external_key WHERE object_type = ${text(type)} AND object_id = ANY (${idArray(ids)})`,
  );
  if (removed.length > 0) statements.push(deleteKeys(removed));
  if (added.length > 0) statements.push(insertKeys(added));
  return [...statements, ...looseStatements(changes)];
}

function keyRows(records: readonly AnyRecordChange[], keyFields: Definitions['keyFields']) {
  const gone = new Map<string, number[]>();
  const removed: KeyRow[] = [];
  const added: KeyRow[] = [];
  for (const change of records) {
    if (!isKeyed(change.type)) continue;
    const { type } = change;
    if (change.after === undefined) {
      if (change.before !== undefined) gone.set(type, [...(gone.get(type) ?? []), change.before.id]);
      continue;
    }
    const { id } = change.after;
    const keys = keyChange(change, keyFields);
    for (const [name, value] of keys.removed) removed.push({ type, name, value, id });
    for (const [name, value] of keys.added) added.push({ type, name, value, id });
  }
  return { gone, removed, added };
}

function looseStatements({ looseKeys, removedLooseKeys = [] }: Changes): string[] {
  const replaced = [...removedLooseKeys, ...looseKeys].map(({ type, id, name }) => ({
    type,
    id,
    name: foldName(name),
  }));
  if (replaced.length === 0) return [];
  const remove =
    `DELETE FROM external_key AS k USING json_to_recordset(${json(replaced)}) ` +
    'AS sent(type text, name text, id bigint) WHERE k.object_type = sent.type AND k.object_id = sent.id ' +
    'AND k.name = sent.name AND k.loose';
  const last = new Map(looseKeys.map((key) => [`${key.type}/${key.id}/${foldName(key.name)}`, key]));
  const rows = [...last.values()].map(({ type, id, name, value }) => ({
    type,
    id,
    name: foldName(name),
    value,
    spelled: name,
  }));
  return rows.length === 0 ? [remove] : [remove, insertKeys(rows, true)];
}

/** Selects the loose keys of a type's objects, or of those whose ids a query selects; see `readLoose`. */
export const looseQuery = (type: StoredType, ids?: string): string =>
  `SELECT object_type, object_id, spelled_name, value FROM external_key WHERE loose AND object_type = ${text(type)}` +
  `${ids === undefined ? '' : ` AND object_id IN (${ids})`} ORDER BY object_id, name`;

/** Selects the loose keys after this one, ordered by type, id and folded name; see `readLoose`. */
export const looseAfter = (type: string, id: number, name: string, limit: number): string =>
  'SELECT object_type, object_id, spelled_name, value FROM external_key WHERE loose AND ' +
  `(object_type, object_id, name) > (${text(type)}, ${wholeNumber(id)}, ${text(name)}) ` +
  `ORDER BY object_type, object_id, name LIMIT ${wholeNumber(limit)}`;

export const readLoose = (rows: readonly Row[]): LooseKey[] =>
  rows.map(([type, id, name, value]) => ({
    type: type as StoredType,
    id: Number(id),
    name: unpackText(name ?? ''),
    value: unpackText(value ?? ''),
  }));
