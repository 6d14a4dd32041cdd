import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Records, RecordType } from '../../records/all.ts';
import type { Kind } from '../../records/column.ts';
import { type FieldValue, keyText } from '../../records/field-values.ts';
import type { BrowseEngine, BrowseRow } from '../browse/engine.ts';
import { findMentions } from '../browse/mentions.ts';
import { browseIds } from '../browse/pages.ts';
import type { BrowseSyntax } from '../browse/sql.ts';
import {
  type BrowsePage,
  type BrowseQuery,
  type BrowseSubject,
  BrowseTooSlow,
  type BrowseTotal,
  type Browsing,
  browseTimes,
  kindOf,
  type TotalsQuery,
} from '../browsing.ts';
import { tableNames } from '../columns.ts';
import { StoreError } from '../store.ts';
import { createTurns } from '../turns.ts';
import { sqlState } from './errors.ts';
import { indexedPart, indexedTexts } from './find.ts';
import { isKey, looseQuery, readLoose } from './keys.ts';
import { kinds, selectExpression } from './kinds.ts';
import { recordQuery } from './records.ts';
import { json, type Row, text, timestamp, unpackText, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** The types of JSON values of each kind, besides texts. */
const jsonTypes: Readonly<Partial<Record<Kind, readonly [json: string, sql: string]>>> = {
  id: ['number', 'double precision'],
  integer: ['number', 'double precision'],
  number: ['number', 'double precision'],
  boolean: ['boolean', 'boolean'],
};

function literal(kind: Kind, value: FieldValue): string {
  // Compared with double precision, an id would not be found through its index.
  if (kind === 'id' || kind === 'integer') return `${text(String(value))}::bigint`;
  if (typeof value === 'number') return `${text(String(value))}::double precision`;
  if (typeof value === 'boolean') return String(value);
  if (kind === 'time') return `${text(timestamp(value))}::timestamptz`;
  if (kind === 'date') return `${text(value)}::date`;
  return `${text(value)}::text COLLATE "C"`;
}

function syntaxOf(type: RecordType): BrowseSyntax<never> {
  const isPrefixed = ({ column, member }: BrowseSubject) =>
    member === undefined && column.kind === 'text' && indexedTexts[type]?.includes(column.name) === true;
  const syntax: BrowseSyntax<never> = {
    values: [],
    value: literal,
    text: (value) => `${text(value)}::text COLLATE "C"`,
    expression({ column, member }) {
      if (member === undefined) return column.name;
      const [json, sql] = jsonTypes[member.kind] ?? ['string', 'text COLLATE "C"'];
      const name = text(member.name);
      return `(CASE WHEN jsonb_typeof(${column.name} -> ${name}) = '${json}' THEN (${column.name} ->> ${name})::${sql} END)`;
    },
    compare(subject, operator, value) {
      const plain = `${syntax.expression(subject)} ${operator} ${value}`;
      if (!isPrefixed(subject)) return plain;
      const weaker = { '=': '=', '<': '<=', '<=': '<=', '>': '>=', '>=': '>=' }[operator];
      const { name } = subject.column;
      return `(${name} IS NOT NULL AND ${indexedPart(name)} ${weaker} ${indexedPart(value)} AND ${plain})`;
    },
    order: (subject) =>
      isPrefixed(subject)
        ? [indexedPart(subject.column.name), subject.column.name]
        : [syntax.expression(subject)],
    has: ({ name, kind }, lowered) =>
      kind === 'text'
        ? syntax.contains(name, lowered)
        : `EXISTS (SELECT 1 FROM jsonb_each(coalesce(${name}, '{}')) AS each WHERE jsonb_typeof(each.value) = 'string' ` +
          `AND ${syntax.contains(`(each.value #>> '{}') COLLATE "C"`, lowered)})`,
    contains: (expression, lowered) => `coalesce(strpos(lower(${expression}), ${lowered}) > 0, false)`,
    select: (subject) =>
      subject.member === undefined ? selectExpression(subject.column) : syntax.expression(subject),
    holders: (owner, field, value) => {
      const key = { type: text(owner), name: text(field), value: text(keyText(value)) };
      return `SELECT object_id FROM external_key WHERE ${isKey(key)} AND NOT loose`;
    },
  };
  return syntax;
}

/** Values of JSON stay texts in a member's comparison, whatever the kind. */
const withMembers = (query: BrowseQuery): BrowseQuery => ({
  ...query,
  filters: query.filters.map((filter) => {
    const { member } = filter.subject;
    const isText = member !== undefined && (member.kind === 'time' || member.kind === 'date');
    return isText ? { ...filter, subject: asText(filter.subject) } : filter;
  }),
  sort: { ...query.sort, subject: asText(query.sort.subject) },
});

function asText(subject: BrowseSubject): BrowseSubject {
  const { member } = subject;
  if (member === undefined || (member.kind !== 'time' && member.kind !== 'date')) return subject;
  return { ...subject, member: { ...member, kind: 'text' } };
}

/** Browses through the pool. The bounds of a page hold in the database, too. */
export function postgresBrowsing(guard: Guard): Browsing {
  const limited = `SELECT set_config('statement_timeout', '${browseTimes.scan}', true)`;
  /** Columns that an index begins with: none is dropped while a server runs. */
  const indexed = new Set<string>();
  /** One at a time: people's queries never take more than one connection from calls. */
  const inTurn = createTurns();

  async function read(sql: string): Promise<Row[]> {
    try {
      const [, rows = []] = await guard.read(limited, sql);
      return rows;
    } catch (error) {
      if (!(error instanceof StoreError) || sqlState(error.cause) !== '57014') throw error;
      throw new BrowseTooSlow(
        'This query takes too long; sort by id, or filter first by a value that few have',
      );
    }
  }

  const engineOf = (type: RecordType): BrowseEngine<never> => ({
    syntax: () => syntaxOf(type),
    rows: async (sql, _values, sort) =>
      (await read(sql)).map(
        ([id, cell, matches = '1']): BrowseRow => ({
          id: Number(id),
          value: cell == null ? null : toValue(cell, sort),
          matches: matches === '1',
        }),
      ),
    number: async (sql) => Number((await read(sql))[0]?.[0] ?? 0),
    async index(table, column) {
      const name = `${table}.${column}`;
      if (indexed.has(name) || indexedTexts[type]?.includes(column)) return '';
      const found = await read(
        'SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] ' +
          `WHERE indrelid = ${text(table)}::regclass AND attname = ${text(column)} AND indisvalid LIMIT 1`,
      );
      if (found.length === 0) return undefined;
      indexed.add(name);
      return '';
    },
    isKeyField: async (owner, field) =>
      (await read(`SELECT 1 FROM key_field WHERE object_type = ${text(owner)} AND name = ${text(field)}`))
        .length > 0,
    byIds: '',
    inChunks: false,
    turn: () => nextTurn(),
  });

  return {
    page: <Type extends RecordType>(query: BrowseQuery & { readonly type: Type }) =>
      inTurn(async () => {
        const { found, next } = await browseIds(engineOf(query.type), withMembers(query), browseTimes);
        const ids = found.map(({ id }) => id);
        const { statements, read: toRecords } = recordQuery(
          query.type,
          ids.map(wholeNumber).join(',') || 'NULL',
        );
        const records = toRecords(await guard.read(...statements));
        const byId = new Map(records.map((record) => [record.id, record]));
        const inOrder = ids.flatMap((id) => byId.get(id) ?? []) as unknown as readonly Records[Type][];
        return { type: query.type, records: inOrder, next } satisfies BrowsePage<Type>;
      }),
    count: (type) =>
      inTurn(async () => Number((await read(`SELECT count(*) FROM ${tableNames[type]}`))[0]?.[0])),
    keys: (type, id) =>
      inTurn(async () => {
        const fields = await read(
          `SELECT name FROM key_field WHERE object_type = ${text(type)} ORDER BY name`,
        );
        const loose = await read(looseQuery(type, wholeNumber(id)));
        return { fields: fields.map(([name]) => unpackText(name ?? '')), loose: readLoose(loose) };
      }),
    mentions: (type, id, before, limit) =>
      inTurn(() => {
        const row = json([{ type, id }]);
        const step = async (from: number, entries: number) => {
          const recent =
            `SELECT number, rows FROM journal WHERE number < ${wholeNumber(from)} ` +
            `ORDER BY number DESC LIMIT ${wholeNumber(entries)}`;
          const rows = await read(
            `WITH recent AS MATERIALIZED (${recent}) SELECT number, true FROM recent WHERE rows @> ${row}::jsonb ` +
              'UNION ALL SELECT min(number), false FROM recent ORDER BY 2 DESC, 1 DESC',
          );
          const last = rows.at(-1)?.[0];
          const numbers = rows.slice(0, -1).map(([number]) => Number(number));
          return { numbers, last: last == null ? undefined : Number(last) };
        };
        return findMentions(step, () => nextTurn(), { before, limit }, browseTimes);
      }),
    totals: (query) => inTurn(async () => (await read(totalsSql(query))).map((row) => totalOf(row, query))),
  };
}

function toValue(cell: string, subject: BrowseSubject): FieldValue {
  const { read } = kinds[kindOf(subject)];
  return (read === undefined ? cell : read(cell)) as FieldValue;
}

function totalsSql({ table, by, sum, only }: TotalsQuery): string {
  const where = only === undefined ? '' : ` WHERE ${only.column} = ${wholeNumber(only.id)}`;
  return (
    `SELECT ${selectExpression(by)}, count(*), coalesce(sum(${sum.name}), 0) FROM ${table}${where} ` +
    `GROUP BY ${by.name} ORDER BY ${by.name} NULLS LAST`
  );
}

const totalOf = ([cell, rows, sum]: Row, { by }: TotalsQuery): BrowseTotal => ({
  value: cell == null ? null : toValue(cell, { column: by }),
  rows: Number(rows),
  sum: Number(sum),
});
