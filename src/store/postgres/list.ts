import type { RecordType } from '../../records/all.ts';
import type { LookupValue } from '../../rules/facts.ts';
import type { ListedRecords, ListFilter, ListQuery } from '../../rules/list-query.ts';
import { type TableColumn, tableNames } from '../columns.ts';
import { isRanged, listConditions, pageSql, rangesOf, type ValueSql, whereSql } from '../list-sql.ts';
import { kinds } from './kinds.ts';
import { recordQuery } from './records.ts';
import { type Row, text, timestamp, wholeNumber } from './sql.ts';

/** Statements for a page of records, with a function that builds the page from their answers. */
export interface ListPlan<Type extends RecordType> {
  readonly statements: readonly string[];
  read(answers: readonly Row[][]): ListedRecords<Type>;
}

/** Plans a page of records (`Store.list`). */
export function planList<Type extends RecordType>(query: ListQuery<Type>): ListPlan<Type> {
  const { type, by = 'id', descending = false, limit } = query;
  const page = pageSql(query, values);
  const where = whereSql([...listConditions(query, values), ...page.where, ...boundsOf(query)]);
  const ids = `SELECT id FROM ${tableNames[type]}${where} ORDER BY ${page.order} LIMIT ${wholeNumber(limit + 1)}`;
  const { statements, read } = recordQuery(type, ids);
  const inOrder = by === 'id' ? undefined : ids;
  return {
    statements: inOrder === undefined ? statements : [...statements, inOrder],
    read(answers) {
      let records = read(answers.slice(0, statements.length));
      if (inOrder !== undefined) {
        const byId = new Map(records.map((record) => [record.id, record]));
        records = (answers.at(-1) ?? []).flatMap(([id]) => byId.get(Number(id)) ?? []);
      } else if (descending) records.reverse();
      return { records: records.slice(0, limit), hasMore: records.length > limit };
    },
  };
}

/** Counts records (`Store.count`). */
export function countStatement(filter: ListFilter, atMost?: number): string {
  const from = `FROM ${tableNames[filter.type]}${whereSql(listConditions(filter, values))}`;
  return atMost === undefined
    ? `SELECT count(*) ${from}`
    : `SELECT count(*) FROM (SELECT 1 ${from} LIMIT ${wholeNumber(atMost)}) AS first`;
}

const values: ValueSql = {
  one: literal,
  some: (column, some) =>
    some.length === 0
      ? `SELECT NULL::${kinds[column.kind].sql} WHERE false`
      : some.map((value) => literal(column, value)).join(', '),
};

function literal({ kind }: TableColumn, value: LookupValue): string {
  if (kind === 'text') return `${text(String(value))}::text COLLATE "C"`;
  return `${text(kind === 'time' ? timestamp(String(value)) : String(value))}::${kinds[kind].sql}`;
}

/**
 * Returns the bound of the first page of a range that is ordered by id: PostgreSQL assumes that the rows of a range lie
 * anywhere among the ids, and would read all rows before them. OFFSET keeps it from finding the bound in the same way.
 */
function boundsOf(query: ListQuery): string[] {
  const { type, where, after, descending } = query;
  if (after !== undefined || !isRanged(query)) return [];
  const range = whereSql(listConditions({ type, where: rangesOf({ where }) }, values));
  const within = `FROM (SELECT id FROM ${tableNames[type]}${range} OFFSET 0) AS within`;
  return [descending ? `id <= (SELECT max(id) ${within})` : `id >= (SELECT min(id) ${within})`];
}
