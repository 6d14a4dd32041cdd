import type { DatabaseSync } from 'node:sqlite';
import type { FieldDefinition, ReferenceTarget, StoredType } from '../../contract/fields.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { keyText } from '../../records/field-values.ts';
import type { WantedKey } from '../../rules/facts.ts';
import type { Condition, FoundObjects, ObjectQuery, QueryPointer } from '../../rules/query.ts';
import { foldName } from '../../rules/schema.ts';
import { tableNames } from '../columns.ts';
import { columnOf } from '../find-columns.ts';
import { isId } from '../keys.ts';
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

/** Up to so many rows in a range are read through the index of its column and sorted; beyond, the ids are walked. */
export const RANGE_AT_MOST = 10_000;

const operators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const;

/** Answers queries (Store.find), inside the transaction that is under way; the range indexes they need must be there. */
export function finder(
  db: DatabaseSync,
  keys: KeyIndex,
  schemas: SchemaTables,
  readers: RecordReaders,
): (query: ObjectQuery) => FoundObjects {
  return (query) => {
    const statement = findStatement(db, keys, schemas, query);
    const ids = statement === undefined ? [] : select(db, statement);
    const hasMore = ids.length > query.limit;
    const page = ids.slice(0, query.limit);
    return query.type === 'Program'
      ? { type: query.type, records: readers.Program.byIds(page), hasMore }
      : { type: query.type, records: readers[query.type].byIds(page), hasMore };
  };
}

const select = (db: DatabaseSync, { text, values }: Sql): number[] =>
  valueQuery<Cell[], number>(db, text).all(...values);

/**
 * The statement that finds the ids of a page and one more; undefined: an association or the key leads nowhere.
 * Exported for the test of its query plan.
 */
export function findStatement(
  db: DatabaseSync,
  keys: KeyIndex,
  schemas: SchemaTables,
  query: ObjectQuery,
): Sql | undefined {
  const where: Sql[] = [sql('id > ?', query.after)];
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
  const { keyFields } = schemas.current();
  for (const condition of query.conditions) where.push(conditionSql(query.type, condition, keyFields));
  if (query.type === 'Program') where.push(...programSql(query));

  const joined = where.map(({ text }) => text).join(' AND ');
  const values = where.flatMap((part) => part.values);
  const via = viaRange(db, query);
  return sql(
    `SELECT id FROM ${tableNames[query.type]}${via} WHERE ${joined} ORDER BY id LIMIT ?`,
    ...values,
    query.limit + 1,
  );
}

function newestHolder(keys: KeyIndex, key: WantedKey): number | undefined {
  return isId(key) ? undefined : keys.holders([key], 1)[0]?.[0];
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
  keyFields: Readonly<Record<StoredType, readonly FieldDefinition[]>>,
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
    return sql(
      'id IN (SELECT object_id FROM external_key WHERE object_type = ? AND name = ? AND value = ? AND loose = 0)',
      type,
      foldName(field.name),
      keyText(value),
    );
  }
  const custom = '(SELECT value FROM json_each(custom) WHERE key = ?)';
  return comparison === 'NE'
    ? sql(`${custom} IS NOT ?`, field.name, cellOf(value))
    : sql(`${custom} ${operator} ?`, field.name, cellOf(value));
}

function programSql({ tag, includeArchived }: ObjectQuery): Sql[] {
  const where: Sql[] = includeArchived ? [] : [sql('is_archived = 0')];
  if (tag === undefined) return where;
  const type = tag.type === undefined ? [] : [sql('type = ? COLLATE NOCASE', tag.type)];
  const value = tag.value === undefined ? [] : [sql('value = ? COLLATE NOCASE', tag.value)];
  const parts = [...type, ...value];
  where.push(
    sql(
      `id IN (SELECT program_id FROM (SELECT program_id, type, value FROM program_tag UNION ALL ` +
        `SELECT id, 'Channel', channel FROM program WHERE channel IS NOT NULL) ` +
        `WHERE ${parts.map(({ text }) => text).join(' AND ')})`,
      ...parts.flatMap(({ values }) => values),
    ),
  );
  return where;
}

/**
 * How a query that compares an indexed column by range is to be carried out. The planner cannot know how many rows a
 * range holds: few are read through the index, many by walking the ids, which are in the order of the answer.
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
