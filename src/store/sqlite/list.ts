import type { DatabaseSync } from 'node:sqlite';
import type { Records, RecordType } from '../../records/all.ts';
import type { LookupValue } from '../../rules/facts.ts';
import type { ListCondition, ListedRecords, ListFilter, ListQuery } from '../../rules/list-query.ts';
import { columnFor, tableNames } from '../columns.ts';
import { isRanged, listConditions, pageSql, rangesOf, type ValueSql, whereSql } from '../list-sql.ts';
import type { Cell } from './kinds.ts';
import type { RecordReader, RecordReaders } from './records.ts';
import { rowQuery, valueQuery } from './statements.ts';

/**
 * Ranges of up to this many rows are read through the column's index and sorted, which takes some milliseconds; larger
 * ones by going through the ids, in steps.
 */
const RANGE_AT_MOST = 50_000;

/** Answers `Store.list` and `Store.count`. Each method runs inside a transaction. */
export interface Lister {
  list<Type extends RecordType>(query: ListQuery<Type>): ListedRecords<Type>;
  count(filter: ListFilter, atMost?: number): number;
  /** Returns whether a page needs to go through ids that may be many. */
  isLarge(query: ListQuery): boolean;
  /** Returns the part of a page with ids up to this one (from this one, where the order descends). */
  listUpTo<Type extends RecordType>(query: ListQuery<Type>, upTo: number): ListedRecords<Type>;
  /** Returns the lowest and highest id; 0 if there are no records. */
  ends(type: RecordType): readonly [lowest: number, highest: number];
}

export function lister(db: DatabaseSync, readers: RecordReaders): Lister {
  function read<Type extends RecordType>(query: ListQuery<Type>, { text, values }: Statement) {
    const ids = valueQuery<Cell[], number>(db, text).all(...values);
    const reader = readers[query.type] as unknown as RecordReader<Records[Type]>;
    const records = reader.byIds(ids.slice(0, query.limit));
    return { records, hasMore: ids.length > query.limit };
  }
  return {
    list: (query) => read(query, pageStatement(query)),
    listUpTo: (query, upTo) => read(query, stepStatement(query, upTo)),
    isLarge: (query) => isRanged(query) && countRange(db, query, RANGE_AT_MOST + 1) > RANGE_AT_MOST,
    count(filter, atMost) {
      const { text, values } = countStatement(filter, atMost);
      return valueQuery<Cell[], number>(db, text).get(...values) ?? 0;
    },
    ends(type) {
      const text = `SELECT (SELECT min(id) FROM ${tableNames[type]}), (SELECT max(id) FROM ${tableNames[type]})`;
      const [lowest, highest] = rowQuery<[], [number | null, number | null]>(db, text).get() ?? [];
      return [lowest ?? 0, highest ?? 0];
    },
  };
}

export interface Statement {
  readonly text: string;
  readonly values: Cell[];
}

/** Returns the statement of a count. Exported to test the query plan. */
export function countStatement(filter: ListFilter, atMost?: number): Statement {
  const sql = parameters();
  const { type, ids } = filter;
  const [others, onIds] = [false, true].map((isId) =>
    filter.where.filter(({ property }) => (property === 'id') === isId),
  ) as [ListCondition[], ListCondition[]];
  // The planner would take a range of ids for the smaller one.
  const hideIds = rangesOf({ where: others }).length > 0 ? '+' : '';
  const where = whereSql([
    ...listConditions({ ...filter, where: others }, sql, ids === undefined ? '' : '+'),
    ...listConditions({ type, where: onIds }, sql, hideIds),
  ]);
  const table = tableNames[type];
  if (atMost === undefined) return { text: `SELECT count(*) FROM ${table}${where}`, values: sql.values };
  sql.values.push(atMost);
  return { text: `SELECT count(*) FROM (SELECT 1 FROM ${table}${where} LIMIT ?)`, values: sql.values };
}

const toCell = (value: LookupValue): Cell => (typeof value === 'boolean' ? Number(value) : value);

/** Collects the values of a statement in the order of their place in it. */
export function parameters(): ValueSql & { readonly values: Cell[] } {
  const values: Cell[] = [];
  const add = (cell: Cell) => {
    values.push(cell);
    return '?';
  };
  return {
    values,
    one: (_, value) => add(toCell(value)),
    some: (_, some) => `SELECT value FROM json_each(${add(JSON.stringify(some))})`,
  };
}

/**
 * Returns the statement for the ids of a page and one more. A range is read through its index and sorted: SQLite's
 * planner cannot estimate its size. Exported to test the query plan.
 */
export const pageStatement = (query: ListQuery): Statement =>
  statementOf(query, query.ids === undefined ? '' : '+', isRanged(query) ? '+' : '', []);

/** Returns the statement for the part of a page up to an id, which goes through the ids. Exported as the other. */
export const stepStatement = (query: ListQuery, upTo: number): Statement =>
  statementOf(query, '+', '', [`id ${query.descending ? '>=' : '<='} ${upTo}`]);

function statementOf(
  query: ListQuery,
  hideRange: string,
  hideOrder: string,
  bounds: readonly string[],
): Statement {
  const sql = parameters();
  const conditions = listConditions(query, sql, hideRange);
  const page = pageSql(query, sql, hideOrder);
  const where = whereSql([...conditions, ...page.where, ...bounds]);
  sql.values.push(query.limit + 1);
  return {
    text: `SELECT id FROM ${tableNames[query.type]}${where} ORDER BY ${page.order} LIMIT ?`,
    values: sql.values,
  };
}

/** Counts the rows of the ranges of properties, up to a number. */
function countRange(db: DatabaseSync, { type, where }: ListQuery, atMost: number): number {
  const sql = parameters();
  const ranges = rangesOf({ where }).filter(({ property }) => property !== 'id');
  const range = whereSql(listConditions({ type, where: ranges }, sql));
  const text = `SELECT count(*) FROM (SELECT 1 FROM ${tableNames[type]}${range} LIMIT ${atMost})`;
  return valueQuery<Cell[], number>(db, text).get(...sql.values) ?? 0;
}

/** The column whose range a filter names, if it names one range and perhaps one of ids. */
export function rangedColumn({ type, where }: ListFilter): string | undefined {
  const ranges = rangesOf({ where }).filter(({ property }) => property !== 'id');
  const [range] = ranges;
  return range === undefined || ranges.length > 1 ? undefined : columnFor(type, range.property).name;
}
