import type { FieldDefinition, ReferenceTarget } from '../../contract/fields.ts';
import type { RecordType } from '../../records/all.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { keyText } from '../../records/field-values.ts';
import type { Condition, FoundObjects, ObjectQuery, QueryPointer } from '../../rules/query.ts';
import { foldName } from '../../rules/schema.ts';
import { type ColumnKind, tableNames } from '../columns.ts';
import { columnOf } from '../find-columns.ts';
import { isKey, newestHolder } from './keys.ts';
import { kinds } from './kinds.ts';
import { recordQuery } from './records.ts';
import type { Definitions } from './schema.ts';
import { json, type Row, text, timestamp, wholeNumber } from './sql.ts';

/** Long texts of which only a prefix is indexed: an index entry holds at most about 2,700 bytes. */
export const indexedTexts: Readonly<Partial<Record<RecordType, readonly string[]>>> = {
  Opportunity: ['name', 'stage', 'type'],
};
export const indexedPart = (of: string): string => `left(${of}, 600)`;

const operators = { EQ: '=', NE: '<>', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const;

/** A query as statements, with a function that builds the result from their answers. */
export interface FindPlan {
  readonly statements: readonly string[];
  read(answers: readonly Row[][]): FoundObjects;
}

/** Plans a query (`Store.find`) for these definitions. */
export function planFind(query: ObjectQuery, { keyFields }: Definitions): FindPlan {
  const where = [`id > ${wholeNumber(query.after)}`];
  if (query.key !== undefined) where.push(`id = (${newestHolder(query.key)})`);
  for (const { target, pointer } of query.associations) where.push(associated(query.type, target, pointer));
  for (const condition of query.conditions) where.push(conditionSql(query.type, condition, keyFields));
  if (query.type === 'Program') where.push(...programSql(query));
  const ids =
    `SELECT id FROM ${tableNames[query.type]} WHERE ${where.join(' AND ')} ` +
    `ORDER BY id LIMIT ${wholeNumber(query.limit + 1)}`;
  const { type, limit } = query;
  const { statements, read } = recordQuery(type, ids);
  return { statements, read: (answers) => ({ type, ...page(read(answers), limit) }) as FoundObjects };
}

const page = <Record>(found: readonly Record[], limit: number) => ({
  records: found.slice(0, limit),
  hasMore: found.length > limit,
});

function pointed(target: ReferenceTarget, pointer: QueryPointer): string {
  if ('id' in pointer) return wholeNumber(pointer.id);
  const holder = `(${newestHolder(pointer.key)})`;
  if (target !== 'Company') return holder;
  const lead = newestHolder({ ...pointer.key, type: 'Lead' });
  return `coalesce(${holder}, (SELECT company_id FROM lead WHERE id = (${lead})))`;
}

function associated(type: ObjectQuery['type'], target: ReferenceTarget, pointer: QueryPointer): string {
  const id = pointed(target, pointer);
  if (type === 'OpportunityPersonRole')
    return `${target === 'Lead' ? 'person_id' : 'opportunity_id'} = ${id}`;
  if (target === 'Company') return `company_id = ${id}`;
  return `id IN (SELECT opportunity_id FROM opportunity_person_role WHERE person_id = ${id})`;
}

function conditionSql(
  type: ObjectQuery['type'],
  { subject, comparison, value }: Condition,
  keyFields: Definitions['keyFields'],
): string {
  const operator = operators[comparison];
  const column = columnOf(type, subject);
  if (column !== undefined) {
    const sent = literal(column.kind, value);
    const plain = `${column.name} ${operator} ${sent}`;
    if (comparison === 'NE') return `(${plain} OR ${column.name} IS NULL)`;
    const isIndexed = column.kind === 'text' && indexedTexts[type]?.includes(column.name);
    return isIndexed ? `(${throughIndex(column.name, comparison, sent)} AND ${plain})` : `(${plain})`;
  }
  if (subject.kind !== 'field' || type === 'Program') throw new Error(`no column for ${subject.kind}`);
  const { field } = subject;
  if (comparison === 'EQ' && keyFields[type].includes(field)) return heldKey(type, field, value);
  return customSql(field.name, comparison, value);
}

/** Adds a weaker condition on the indexed prefix, so that the index can be used. */
function throughIndex(
  column: string,
  comparison: Exclude<Condition['comparison'], 'NE'>,
  sent: string,
): string {
  const loose = { EQ: '=', LT: '<=', LE: '<=', GT: '>=', GE: '>=' }[comparison];
  return `${column} IS NOT NULL AND ${indexedPart(column)} ${loose} ${indexedPart(sent)}`;
}

function heldKey(type: string, field: FieldDefinition, value: FieldValue): string {
  const key = { type: text(type), name: text(foldName(field.name)), value: text(keyText(value)) };
  return `id IN (SELECT object_id FROM external_key WHERE ${isKey(key)} AND NOT loose)`;
}

/** Compares the value of a custom field as a number, boolean or text, by its type. */
function customSql(name: string, comparison: Condition['comparison'], value: FieldValue): string {
  const cell = `(custom -> ${text(name)})`;
  if (comparison === 'EQ') return `${cell} = ${json(value)}::jsonb`;
  if (comparison === 'NE') return `${cell} IS DISTINCT FROM ${json(value)}::jsonb`;
  const operator = operators[comparison];
  const kind = typeof value;
  const typed = kind === 'number' ? 'double precision' : kind === 'boolean' ? 'boolean' : 'text COLLATE "C"';
  const sent = kind === 'string' ? text(String(value)) : `${json(value)}::text::${typed}`;
  return (
    `(CASE WHEN jsonb_typeof${cell} = '${kind}' ` +
    `THEN (custom ->> ${text(name)})::${typed} ${operator} ${sent} ELSE false END)`
  );
}

function literal(kind: ColumnKind, value: FieldValue): string {
  if (typeof value === 'string' && kind === 'text') return `${text(value)}::text COLLATE "C"`;
  const type = kinds[kind].sql;
  const sent = kind === 'time' ? timestamp(String(value)) : String(value);
  return `${text(sent)}::${typeof value === 'number' && type === 'bigint' ? 'numeric' : type}`;
}

const oneOf = (names: readonly string[]): string =>
  names.length === 0 ? 'IS NULL' : `IN (${names.map(text).join(', ')})`;

function programSql({ tag, includeArchived }: ObjectQuery): string[] {
  const where = includeArchived ? [] : ['NOT is_archived'];
  if (tag === undefined) return where;
  const parts = [
    ...(tag.types === undefined ? [] : [`type ${oneOf(tag.types)}`]),
    ...(tag.values === undefined ? [] : [`value ${oneOf(tag.values)}`]),
  ];
  return [
    ...where,
    'id IN (SELECT program_id FROM (SELECT program_id, type, value FROM program_tag UNION ALL ' +
      "SELECT id, 'Channel', channel FROM program WHERE channel IS NOT NULL) AS tags " +
      `WHERE ${parts.join(' AND ')})`,
  ];
}
