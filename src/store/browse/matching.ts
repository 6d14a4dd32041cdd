import type { BrowseQuery } from '../browsing.ts';
import type { Browsed, BrowsedIds, BrowseEngine } from './engine.ts';
import { afterSql, type BrowseSyntax, conditionsSql, orderSql, tableOf } from './sql.ts';

/** A way to read few objects. */
export interface Few {
  readonly via: string;
  readonly also: readonly ((syntax: BrowseSyntax<unknown>) => string)[];
}

/** A range of ids: above one, up to the other. */
export interface Ids {
  readonly above: number;
  readonly upTo: number;
}

/** Reads all objects that match in one statement. */
export async function sorted<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  { via, also }: Few,
): Promise<BrowsedIds> {
  const { limit } = query;
  return pageOf(await matching(engine, query, { via, also, limit: limit + 1 }), limit);
}

/** Returns the page of rows of which one more than its limit was read. */
export function pageOf(rows: readonly Browsed[], limit: number): BrowsedIds {
  const found = rows.slice(0, limit).map(({ id, value }) => ({ id, value }));
  return { found, next: rows.length > limit ? (found.at(-1) ?? null) : null };
}

interface Part extends Few {
  readonly limit: number;
  readonly ids?: Ids;
}

/** Reads the objects of a part of the query in its order. */
export function matching<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  { via, also, limit, ids }: Part,
) {
  const syntax = engine.syntax();
  const where = [
    ...(ids === undefined
      ? []
      : [`id > ${syntax.value('id', ids.above)} AND id <= ${syntax.value('id', ids.upTo)}`]),
    ...also.map((condition) => condition(syntax)),
    ...conditionsSql(syntax, query),
    ...(query.after === undefined ? [] : [afterSql(syntax, query, query.after)]),
  ];
  const sql =
    `SELECT id, ${syntax.select(query.sort.subject)} FROM ${tableOf(query)}${via}` +
    `${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ORDER BY ${orderSql(syntax, query)} LIMIT ${limit}`;
  return engine.rows(sql, syntax.values, query.sort.subject);
}
