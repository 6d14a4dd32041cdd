import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kind } from '../../records/column.ts';
import { type FieldValue, keyText } from '../../records/field-values.ts';
import type { BrowseEngine, BrowseRow } from '../browse/engine.ts';
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
  const leading = rowQuery<[string, string], [name: string, partial: number]>(
    db,
    'SELECT list.name, list.partial FROM pragma_index_list(?) AS list, pragma_index_info(list.name) AS info ' +
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
      const found = leading.get(table, column);
      return found === undefined ? undefined : ` INDEXED BY ${found[0]}`;
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

/** Returns totals ascending by value, without one last. */
export function sqliteTotals(db: DatabaseSync, { table, by, sum, only }: TotalsQuery): BrowseTotal[] {
  const where = only === undefined ? '' : ` WHERE ${only.column} = ?`;
  const sql =
    `SELECT ${by.name}, count(*), ifnull(sum(${sum.name}), 0) FROM ${table}${where} ` +
    `GROUP BY ${by.name} ORDER BY (${by.name} IS NULL), ${by.name}`;
  return rowQuery<Cell[], [Cell, number, number]>(db, sql)
    .all(...(only === undefined ? [] : [only.id]))
    .map(([cell, rows, total]) => ({ value: toValue(cell, { column: by }), rows, sum: total }));
}
