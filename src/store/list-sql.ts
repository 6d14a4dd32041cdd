import { declarationOf, type RecordType } from '../records/all.ts';
import type { LookupValue } from '../rules/facts.ts';
import type { ListCondition, ListFilter, ListQuery } from '../rules/list-query.ts';
import { asHeld } from '../rules/lookups.ts';
import { columnFor, type TableColumn, tableNames } from './columns.ts';

/** The way in which an engine writes values into a statement. */
export interface ValueSql {
  /** Returns the expression of a value to compare with the column. */
  one(column: TableColumn, value: LookupValue): string;
  /** Returns the list or query behind IN. */
  some(column: TableColumn, values: readonly (string | number)[]): string;
}

/** Returns the conditions in SQL. `hide`: keeps conditions on ranges away from indexes; SQLite only. */
export function listConditions({ type, where, ids }: ListFilter, sql: ValueSql, hide = ''): string[] {
  return [
    ...where.flatMap((condition) => conditionSql(type, condition, sql, hide)),
    ...(ids === undefined ? [] : [`id >= ${wholeNumber(ids.from)}`, `id <= ${wholeNumber(ids.to)}`]),
  ];
}

function wholeNumber(value: number): number {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is not an integer`);
  return value;
}

function conditionSql(type: RecordType, condition: ListCondition, sql: ValueSql, hide: string): string[] {
  const { property } = condition;
  const column = columnFor(type, property);
  const { name } = column;
  const held = <Value extends LookupValue>(value: Value) => asHeld(type, property, value) as Value;
  if ('equals' in condition) {
    return [
      condition.equals === null ? `${name} IS NULL` : `${name} = ${sql.one(column, held(condition.equals))}`,
    ];
  }
  if ('in' in condition) {
    const from = condition.in;
    if (!('where' in from)) return [`${name} IN (${sql.some(column, from.map(held))})`];
    const where = listConditions(from, sql);
    if (from.each) {
      const same = `${columnFor(from.type, from.property).name} = ${tableNames[type]}.${name}`;
      return [`EXISTS (SELECT 1 FROM ${tableNames[from.type]} WHERE ${[...where, same].join(' AND ')})`];
    }
    const source = `SELECT ${columnFor(from.type, from.property).name} FROM ${tableNames[from.type]}`;
    return [`${name} IN (${source}${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`})`];
  }
  if ('notIn' in condition) {
    const others = `${name} NOT IN (${sql.some(column, condition.notIn.map(held))})`;
    return [column.nullable ? `(${name} IS NULL OR ${others})` : others];
  }
  const { from, to } = condition;
  return [
    ...(from === undefined ? [] : [`${hide}${name} >= ${sql.one(column, held(from))}`]),
    ...(to === undefined ? [] : [`${hide}${name} <= ${sql.one(column, held(to))}`]),
  ];
}

/** Returns the conditions on ranges. */
export const rangesOf = ({ where }: Pick<ListFilter, 'where'>): ListCondition[] =>
  where.filter((condition) => 'from' in condition || 'to' in condition);

/**
 * Returns whether a page is ordered by id and only the index of a range leads to its records, which has them in another
 * order: no lookup begins with a column that the conditions compare for equality.
 */
export function isRanged({ type, where, ids, by = 'id' }: ListQuery): boolean {
  if (by !== 'id' || ids !== undefined || rangesOf({ where }).length === 0) return false;
  const first = new Set([
    'id',
    ...Object.values(declarationOf[type].lookups ?? {}).map(({ columns }) => columns[0]),
  ]);
  return !where.some((condition) => leadsToRecords(condition) && first.has(condition.property));
}

const leadsToRecords = (condition: ListCondition): boolean =>
  'equals' in condition || ('in' in condition && !('each' in condition.in && condition.in.each));

/** Returns the condition that continues a page, and the order of a page. */
export function pageSql(
  { type, by = 'id', descending = false, after }: ListQuery,
  sql: ValueSql,
  hide = '',
): { readonly where: readonly string[]; readonly order: string } {
  const column = columnFor(type, by);
  const behind = `${hide}${column.name} ${descending ? '<' : '>'}`;
  return {
    where: after === undefined ? [] : [`${behind} ${sql.one(column, asHeld(type, by, after))}`],
    order: `${hide}${column.name}${descending ? ' DESC' : ''}`,
  };
}

/** Returns `WHERE …`, or nothing if there are no conditions. */
export const whereSql = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
