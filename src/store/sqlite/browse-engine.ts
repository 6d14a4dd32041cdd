import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kind } from '../../records/column.ts';
import { type FieldValue, keyText } from '../../records/field-values.ts';
import { ranges } from '../browse/by-ids.ts';
import { type BrowseEngine, type BrowseRow, SCAN_STEP_TIME } from '../browse/engine.ts';
import type { Ids } from '../browse/matching.ts';
import { compareValues } from '../browse/order.ts';
import type { BrowseSyntax } from '../browse/sql.ts';
import { type BrowseSubject, type BrowseTotal, kindOf, type TotalsQuery } from '../browsing.ts';
import { type Cell, kinds } from './kinds.ts';
import { rowQuery, valueQuery } from './statements.ts';

/** The JSON types of the values of each kind, besides texts. */
const jsonTypes: Readonly<Partial<Record<Kind, string>>> = {
  id: "'integer', 'real'",
  integer: "'integer', 'real'",
  number: "'integer', 'real'",
  boolean: "'true', 'false'",
};

function syntaxOf(): BrowseSyntax<Cell> {
  const values: Cell[] = [];
  const bind = (value: Cell) => `?${values.push(value)}`;
  const syntax: BrowseSyntax<Cell> = {
    values,
    value: (_kind, value) => bind(typeof value === 'boolean' ? Number(value) : value),
    text: bind,
    expression({ column, member }) {
      if (member === undefined) return column.name;
      const path = bind(`$.${JSON.stringify(member.name)}`);
      const types = jsonTypes[member.kind] ?? "'text'";
      return `(CASE WHEN json_type(${column.name}, ${path}) IN (${types}) THEN json_extract(${column.name}, ${path}) END)`;
    },
    compare: (subject, operator, value) => `${syntax.expression(subject)} ${operator} ${value}`,
    order: (subject) => [syntax.expression(subject)],
    has: ({ name, kind }, lowered, isPlain) =>
      kind === 'text'
        ? syntax.contains(name, lowered)
        : // A text that JSON writes as it is can be ruled out without parsing.
          `${isPlain ? `${syntax.contains(name, lowered)} AND ` : ''}EXISTS (SELECT 1 FROM json_each(${name}) WHERE type = 'text' AND ${syntax.contains('value', lowered)})`,
    contains: (expression, lowered) => `ifnull(instr(lower(${expression}), ${lowered}) > 0, 0)`,
    select: (subject) => syntax.expression(subject),
    holders: (type, field, value) =>
      `SELECT object_id FROM external_key WHERE object_type = ${bind(type)} AND name = ${bind(field)} ` +
      `AND value = ${bind(keyText(value))} AND loose = 0`,
  };
  return syntax;
}

/** Browses through a connection. */
export function sqliteBrowseEngine(db: DatabaseSync): BrowseEngine<Cell> {
  const isKeyField = valueQuery<[string, string], number>(
    db,
    'SELECT 1 FROM key_field WHERE object_type = ? AND name = ?',
  );
  const leading = valueQuery<[string, string], string>(
    db,
    'SELECT list.name FROM pragma_index_list(?) AS list, pragma_index_info(list.name) AS info ' +
      'WHERE info.seqno = 0 AND info.name = ?',
  );
  return {
    syntax: syntaxOf,
    rows: (sql, values, sort) =>
      rowQuery<Cell[], readonly [number, Cell, number] | readonly [number, Cell]>(db, sql)
        .all(...values)
        .map(
          ([id, cell, matches = 1]): BrowseRow => ({
            id,
            value: toValue(cell, sort),
            matches: matches === 1,
          }),
        ),
    number: (sql, values) => valueQuery<Cell[], number>(db, sql).get(...values) ?? 0,
    index(table, column) {
      const name = leading.get(table, column);
      return name === undefined ? undefined : ` INDEXED BY ${name}`;
    },
    isKeyField: (type, field) => isKeyField.get(type, field) === 1,
    byIds: ' NOT INDEXED',
    inChunks: true,
    turn: () => nextTurn(),
  };
}

function toValue(cell: Cell, subject: BrowseSubject): FieldValue | null {
  if (cell === null) return null;
  const { read } = kinds[kindOf(subject)];
  return (read === undefined ? cell : read(cell)) as FieldValue;
}

/** Returns totals ascending by value, without one last. Reads ranges of ids, so that other pages are served meanwhile. */
export async function sqliteTotals(db: DatabaseSync, query: TotalsQuery): Promise<BrowseTotal[]> {
  const { table, by, sum, only } = query;
  const where = only === undefined ? '' : ` AND ${only.column} = ?3`;
  const part = rowQuery<number[], [Cell, number, number]>(
    db,
    `SELECT ${by.name}, count(*), ifnull(sum(${sum.name}), 0) FROM ${table} ` +
      `WHERE id > ?1 AND id <= ?2${where} GROUP BY ${by.name}`,
  );
  const owner = only === undefined ? [] : [only.id];
  const totals = new Map<Cell, { rows: number; sum: number }>();
  const add = (ids: Ids) => {
    for (const [value, rows, added] of part.all(ids.above, ids.upTo, ...owner)) {
      const total = totals.get(value) ?? { rows: 0, sum: 0 };
      totals.set(value, { rows: total.rows + rows, sum: total.sum + added });
    }
  };
  // Few rows belong to one record, and an index leads to them.
  if (only !== undefined) add({ above: 0, upTo: Number.MAX_SAFE_INTEGER });
  else {
    const all = rowQuery<[], [number, number]>(
      db,
      `SELECT ifnull(min(id), 0), ifnull(max(id), 0) FROM ${table}`,
    );
    const [first, last] = all.get() ?? [0, 0];
    for await (const ids of ranges(() => nextTurn(), { first, last }, false, SCAN_STEP_TIME)) add(ids);
  }
  return Array.from(totals, ([cell, total]) => ({ value: toValue(cell, { column: by }), ...total })).sort(
    (a, b) =>
      a.value === null || b.value === null
        ? Number(a.value === null) - Number(b.value === null)
        : compareValues(a.value, b.value),
  );
}
