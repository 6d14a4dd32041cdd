import type { DatabaseSync } from 'node:sqlite';
import type { Records, RecordType } from '../../records/all.ts';
import type { LookupValue } from '../../rules/facts.ts';
import type { ListedRecords, ListFilter, ListQuery } from '../../rules/list-query.ts';
import { columnFor, tableNames } from '../columns.ts';
import { isRanged, listConditions, pageSql, rangesOf, type ValueSql, whereSql } from '../list-sql.ts';
import type { Cell } from './kinds.ts';
import type { RecordReader, RecordReaders } from './records.ts';
import { rowQuery, valueQuery } from './statements.ts';

/** Ranges of up to this many rows are read through the column's index and sorted. */
const RANGE_AT_MOST = 10_000;

/** Answers `Store.list` and `Store.count`. Each method runs inside a transaction. */
export interface Lister {
  list<Type extends RecordType>(query: ListQuery<Type>): ListedRecords<Type>;
  count(filter: ListFilter): number;
}

export function lister(db: DatabaseSync, readers: RecordReaders): Lister {
  return {
    list<Type extends RecordType>(query: ListQuery<Type>) {
      const { text, values } = pageStatement(db, query);
      const ids = valueQuery<Cell[], number>(db, text).all(...values);
      const reader = readers[query.type] as unknown as RecordReader<Records[Type]>;
      const records = reader.byIds(ids.slice(0, query.limit));
      return { records, hasMore: ids.length > query.limit };
    },
    count(filter) {
      const sql = parameters();
      const text = `SELECT count(*) FROM ${tableNames[filter.type]}${whereSql(listConditions(filter, sql))}`;
      return valueQuery<Cell[], number>(db, text).get(...sql.values) ?? 0;
    },
  };
}

const toCell = (value: LookupValue): Cell => (typeof value === 'boolean' ? Number(value) : value);

/** Collects the values of a statement in the order of their place in it. */
function parameters(): ValueSql & { readonly values: Cell[] } {
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
 * Returns the statement for the ids of a page and one more. SQLite's planner cannot estimate the size of a range: a
 * small one is read through its index and sorted, a large one by scanning the ids. Exported to test the query plan.
 */
export function pageStatement(db: DatabaseSync, query: ListQuery): { text: string; values: Cell[] } {
  if (!isRanged(query)) return statementOf(query, '', '', []);
  return countOf(db, query) <= RANGE_AT_MOST
    ? statementOf(query, '', '+', [])
    : statementOf(query, '+', '', boundsOf(db, query));
}

function statementOf(query: ListQuery, hideRange: string, hideOrder: string, bounds: readonly string[]) {
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

/** Counts the rows of the ranges, up to one more than are read through their index. */
function countOf(db: DatabaseSync, { type, where }: ListQuery): number {
  const sql = parameters();
  const range = whereSql(listConditions({ type, where: rangesOf({ where }) }, sql));
  const text = `SELECT count(*) FROM (SELECT 1 FROM ${tableNames[type]}${range} LIMIT ${RANGE_AT_MOST + 1})`;
  return valueQuery<Cell[], number>(db, text).get(...sql.values) ?? 0;
}

/**
 * Returns the lowest and highest id of a range, so that a scan of the ids skips what lies before and behind it. Not
 * worth its pass over the range if the page continues inside of it and nothing lies behind.
 */
function boundsOf(db: DatabaseSync, query: ListQuery): string[] {
  const { type, where, after } = query;
  if (after !== undefined && !endsBefore(db, query)) return [];
  const sql = parameters();
  const range = whereSql(listConditions({ type, where: rangesOf({ where }) }, sql));
  const text = `SELECT min(id), max(id) FROM (SELECT id FROM ${tableNames[type]}${range} LIMIT -1 OFFSET 0)`;
  const [lowest, highest] = rowQuery<Cell[], [number, number]>(db, text).get(...sql.values) ?? [0, 0];
  return [`id >= ${lowest}`, `id <= ${highest}`];
}

/** Tells whether a range ends before the highest value, or begins after the lowest where the order descends. */
function endsBefore(db: DatabaseSync, { type, where, descending }: ListQuery): boolean {
  return rangesOf({ where }).some((condition) => {
    const end = descending
      ? 'from' in condition
        ? condition.from
        : undefined
      : 'to' in condition
        ? condition.to
        : undefined;
    if (end === undefined) return false;
    const column = columnFor(type, condition.property).name;
    const last = valueQuery<[], Cell>(
      db,
      `SELECT ${descending ? 'min' : 'max'}(${column}) FROM ${tableNames[type]}`,
    ).get();
    return last != null && (descending ? last < end : last > end);
  });
}
