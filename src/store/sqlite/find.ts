import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition, ReferenceTarget, ValueType } from '../../contract/fields.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { keyText } from '../../records/field-values.ts';
import type { WantedKey } from '../../rules/facts.ts';
import type { Condition, FoundObjects, ObjectQuery, QueryPointer } from '../../rules/query.ts';
import { foldName } from '../../rules/schema.ts';
import { tableNames } from '../columns.ts';
import { columnOf } from '../find-columns.ts';
import type { KeyIndex } from './keys.ts';
import type { Cell } from './kinds.ts';
import { rangeIndexOf } from './query-indexes.ts';
import type { RecordReaders } from './records.ts';
import type { SchemaTables } from './schema.ts';
import { valueQuery } from './statements.ts';

/** A piece of SQL with the values of its parameters. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Cell[];
}

const sql = (text: string, ...values: Cell[]): Sql => ({ text, values });

/**
 * Ranges of up to this many rows are read through the column's index and sorted; for larger ones, the ids are
 * scanned.
 */
export const RANGE_AT_MOST = 10_000;

const operators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const;

/** A query with resolved associations and key, and its execution plan. */
export interface FindPlan {
  readonly query: ObjectQuery;
  /** Conditions on the ids, from the key and the associations. */
  readonly where: readonly Sql[];
  /** The index clause: which index to use, or none. */
  readonly via: string;
  /** The query reads few rows in any case, so that one statement may scan all of them. */
  readonly isBrief: boolean;
}

/** Answers queries (`Store.find`). The required range indexes must exist. Each method runs inside a transaction. */
export interface Finder {
  /** Returns undefined if the key or an association matches nothing. */
  plan(query: ObjectQuery): FindPlan | undefined;
  /** Returns up to `limit` ids above `after` and up to `upTo` (undefined: no bound), ascending. */
  ids(plan: FindPlan, after: number, upTo: number | undefined, limit: number): number[];
  records(type: ObjectQuery['type'], ids: readonly number[]): FoundObjects['records'];
  /** Returns the highest id of the type, or 0 if there are no objects. */
  lastId(type: ObjectQuery['type']): number;
}

export function finder(
  db: DatabaseSync,
  keys: KeyIndex,
  schemas: SchemaTables,
  readers: RecordReaders,
): Finder {
  return {
    plan: (query) => planFind(db, keys, query),
    ids: ({ query, ...plan }, after, upTo, limit) =>
      select(db, statementOf({ ...plan, query: { ...query, after, limit } }, schemas, upTo)),
    records: (type, ids) => readers[type].byIds(ids),
    lastId: (type) => select(db, sql(`SELECT ifnull(max(id), 0) FROM ${tableNames[type]}`))[0] ?? 0,
  };
}

const select = (db: DatabaseSync, { text, values }: Sql): number[] =>
  valueQuery<Cell[], number>(db, text).all(...values);

function planFind(db: DatabaseSync, keys: KeyIndex, query: ObjectQuery): FindPlan | undefined {
  const where: Sql[] = [];
  if (query.key !== undefined) {
    const holder = newestHolder(keys, query.key);
    if (holder === undefined) return undefined;
    where.push(sql('id = ?', holder));
  }
  for (const { target, pointer } of query.associations) {
    const id = follow(db, keys, target, pointer);
    if (id === undefined) return undefined;
    where.push(associated(query.type, target, id));
  }
  const via = viaRange(db, query);
  return { query, where, via, isBrief: isBrief(query, via) };
}

/** Returns whether the query reads one object, programs, or few rows of an index that covers all conditions. */
function isBrief({ type, key, conditions }: ObjectQuery, via: string): boolean {
  if (type === 'Program' || key !== undefined) return true;
  const columns = conditions.map(({ subject }) => columnOf(type, subject));
  if (conditions.some(({ comparison }, index) => comparison === 'EQ' && columns[index]?.name === 'id'))
    return true;
  return via.startsWith(' INDEXED BY') && columns.every((column) => column !== undefined);
}

/** Returns the statement for the ids of a page and one more. Exported to test the query plan. */
export function findStatement(
  db: DatabaseSync,
  keys: KeyIndex,
  schemas: SchemaTables,
  query: ObjectQuery,
): Sql | undefined {
  const plan = planFind(db, keys, query);
  return plan && statementOf({ ...plan, query: { ...query, limit: query.limit + 1 } }, schemas, undefined);
}

/** Built for each range of ids, since the set of indexed fields can change in between. */
function statementOf(
  { query, where: pointed, via }: Omit<FindPlan, 'isBrief'>,
  schemas: SchemaTables,
  upTo: number | undefined,
): Sql {
  const { type, conditions, after, limit } = query;
  const where: Sql[] = [sql('id > ?', after)];
  if (upTo !== undefined) where.push(sql('id <= ?', upTo));
  where.push(...pointed);
  const { keyFields } = schemas.current();
  for (const condition of conditions) where.push(conditionSql(type, condition, keyFields, after, upTo));
  if (type === 'Program') where.push(...programSql(query));
  return sql(
    `SELECT id FROM ${tableNames[type]}${via} WHERE ${where.map(({ text }) => text).join(' AND ')} ORDER BY id LIMIT ?`,
    ...where.flatMap(({ values }) => values),
    limit,
  );
}

function newestHolder(keys: KeyIndex, key: WantedKey): number | undefined {
  return keys.holders([key], 1)[0]?.[0];
}

function follow(
  db: DatabaseSync,
  keys: KeyIndex,
  target: ReferenceTarget,
  pointer: QueryPointer,
): number | undefined {
  if ('id' in pointer) return pointer.id;
  const holder = newestHolder(keys, pointer.key);
  if (holder !== undefined || target !== 'Company') return holder;
  const lead = newestHolder(keys, { ...pointer.key, type: 'Lead' });
  if (lead === undefined) return undefined;
  return (
    valueQuery<[number], number | null>(db, 'SELECT company_id FROM lead WHERE id = ?').get(lead) ?? undefined
  );
}

function associated(type: ObjectQuery['type'], target: ReferenceTarget, id: number): Sql {
  if (type === 'OpportunityPersonRole') {
    return sql(target === 'Lead' ? 'person_id = ?' : 'opportunity_id = ?', id);
  }
  if (target === 'Company') return sql('company_id = ?', id);
  return sql('id IN (SELECT opportunity_id FROM opportunity_person_role WHERE person_id = ?)', id);
}

const cellOf = (value: FieldValue): Cell => (typeof value === 'boolean' ? Number(value) : value);

function conditionSql(
  type: ObjectQuery['type'],
  { subject, comparison, value }: Condition,
  keyFields: Readonly<Record<ValueType, readonly FieldDefinition[]>>,
  after: number,
  upTo: number | undefined,
): Sql {
  const operator = operators[comparison];
  const column = columnOf(type, subject)?.name;
  if (column !== undefined) {
    const or = comparison === 'NE' ? ` OR ${column} IS NULL` : '';
    return sql(`(${column} ${operator} ?${or})`, cellOf(value));
  }
  if (subject.kind !== 'field' || type === 'Program') throw new Error(`no column for ${subject.kind}`);
  const { field } = subject;
  if (comparison === 'EQ' && keyFields[type].includes(field)) {
    const range = upTo === undefined ? [] : [after, upTo];
    return sql(
      'id IN (SELECT object_id FROM external_key WHERE object_type = ? AND name = ? AND value = ? AND loose = 0' +
        `${upTo === undefined ? '' : ' AND object_id > ? AND object_id <= ?'})`,
      type,
      foldName(field.name),
      keyText(value),
      ...range,
    );
  }
  // SQLite parses a row's JSON once, however many fields are compared.
  const custom = 'json_extract(custom, ?)';
  const path = `$.${JSON.stringify(field.name)}`;
  return comparison === 'NE'
    ? sql(`${custom} IS NOT ?`, path, cellOf(value))
    : sql(`${custom} ${operator} ?`, path, cellOf(value));
}

function programSql({ tag, includeArchived }: ObjectQuery): Sql[] {
  const where: Sql[] = includeArchived ? [] : [sql('is_archived = 0')];
  if (tag === undefined) return where;
  const oneOf = 'IN (SELECT value FROM json_each(?))';
  const type = tag.types === undefined ? [] : [sql(`type ${oneOf}`, JSON.stringify(tag.types))];
  const value = tag.values === undefined ? [] : [sql(`tags.value ${oneOf}`, JSON.stringify(tag.values))];
  const parts = [...type, ...value];
  where.push(
    sql(
      `id IN (SELECT program_id FROM (SELECT program_id, type, value FROM program_tag UNION ALL ` +
        `SELECT id, 'Channel', channel FROM program WHERE channel IS NOT NULL) AS tags ` +
        `WHERE ${parts.map(({ text }) => text).join(' AND ')})`,
      ...parts.flatMap(({ values }) => values),
    ),
  );
  return where;
}

/**
 * Chooses the index clause for conditions with a range on an indexed column. SQLite's planner cannot estimate the
 * size of the range: a small one is read through the index, a large one by scanning the ids, which are already in
 * result order.
 */
function viaRange(db: DatabaseSync, { type, conditions }: ObjectQuery): string {
  const ranges = new Map<string, Sql[]>();
  for (const { subject, comparison, value } of conditions) {
    if (comparison === 'EQ' && subject.kind !== 'time') return '';
    const column = comparison === 'NE' ? undefined : columnOf(type, subject)?.name;
    if (column === undefined) continue;
    const parts = ranges.get(column) ?? [];
    parts.push(sql(`${column} ${operators[comparison]} ?`, cellOf(value)));
    ranges.set(column, parts);
  }
  const table = tableNames[type];
  let isRange = false;
  for (const [column, parts] of ranges) {
    const index = rangeIndexOf(table, column);
    if (index === undefined) continue;
    isRange = true;
    const probe = sql(
      `SELECT count(*) FROM (SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ` +
        `${parts.map(({ text }) => text).join(' AND ')} LIMIT ${RANGE_AT_MOST + 1})`,
      ...parts.flatMap(({ values }) => values),
    );
    if ((select(db, probe)[0] ?? 0) <= RANGE_AT_MOST) return ` INDEXED BY ${index}`;
  }
  return isRange ? ' NOT INDEXED' : '';
}
