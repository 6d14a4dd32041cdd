import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Records, RecordType } from '../../records/all.ts';
import type { ListCondition, ListedRecords, ListFilter, ListQuery } from '../../rules/list-query.ts';
import { tableNames } from '../columns.ts';
import { isRanged, listConditions, whereSql } from '../list-sql.ts';
import type { Cell } from './kinds.ts';
import { type Lister, parameters, rangedColumn } from './list.ts';
import { rowQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

/** The number of ids in the first step of a page. */
const FIRST_STEP = 10_000;
/** Steps shorter than BRIEF get longer, and steps longer than LONG get shorter. In milliseconds. */
const BRIEF = 4;
const LONG = 12;
/** The number of index entries in a step of a count. */
const COUNT_STEP = 50_000;

/** `Store.list` and `Store.count`: what may go through very many rows goes in steps, so that other work can run. */
export interface StepwiseLister {
  list<Type extends RecordType>(query: ListQuery<Type>): Promise<ListedRecords<Type>>;
  count(filter: ListFilter, atMost?: number): Promise<number>;
}

export function stepwiseLister(db: DatabaseSync, guard: Guard, lister: Lister): StepwiseLister {
  return {
    async list(query) {
      const page = guard.read(() => (lister.isLarge(query) ? undefined : lister.list(query)));
      return page ?? (await listInSteps(guard, lister, query));
    },
    async count(filter, atMost) {
      const isLarge = atMost === undefined && isRanged({ ...filter, limit: 0 });
      const column = isLarge ? rangedColumn(filter) : undefined;
      if (column === undefined) return guard.read(() => lister.count(filter, atMost));
      let counted = 0;
      for (let from: CountedTo | undefined; ; ) {
        const step = guard.read(() => countStep(db, filter, column, from));
        counted += step.count;
        if (step.to === undefined) return counted;
        from = step.to;
        await nextTurn();
      }
    },
  };
}

/** Reads a page by going through the ids, as many at a time as take some milliseconds. */
async function listInSteps<Type extends RecordType>(
  guard: Guard,
  lister: Lister,
  query: ListQuery<Type>,
): Promise<ListedRecords<Type>> {
  const { descending = false, limit } = query;
  const [lowest, highest] = guard.read(() => lister.ends(query.type));
  const records: Records[Type][] = [];
  const first = descending ? highest + 1 : lowest - 1;
  let after = query.after === undefined ? first : Number(query.after);
  for (let ids = FIRST_STEP; ; ) {
    const upTo = descending ? after - ids : after + ids;
    const began = performance.now();
    const step = guard.read(() => lister.listUpTo({ ...query, after, limit: limit - records.length }, upTo));
    records.push(...step.records);
    if (step.hasMore || (descending ? upTo <= lowest : upTo >= highest))
      return { records, hasMore: step.hasMore };
    const took = performance.now() - began;
    if (took < BRIEF) ids *= 2;
    else if (took > LONG) ids = Math.max(1, Math.floor(ids / 2));
    after = upTo;
    await nextTurn();
  }
}

/** The progress of a count: all entries below this value, and of those with the value all up to the id. */
interface CountedTo {
  readonly value: Cell;
  readonly id: number;
  /** All entries with the value are counted. */
  readonly isDone: boolean;
}

/** Counts the next entries of the index on a column that has a range, in the order of value and id. */
function countStep(
  db: DatabaseSync,
  { type, where }: ListFilter,
  column: string,
  from: CountedTo | undefined,
): { readonly count: number; readonly to: CountedTo | undefined } {
  const isWithin = from !== undefined && !from.isDone;
  /** The conditions on the entries behind `from`, with one more, which ends them. */
  function behind(more: string, ...cells: Cell[]): { readonly where: string; readonly cells: Cell[] } {
    const sql = parameters();
    // SQLite searches an index between the first of several lower and upper bounds, not the narrowest.
    const kept = where.map((condition) => withoutBounds(condition, from !== undefined, more !== ''));
    const conditions = isWithin ? [] : listConditions({ type, where: kept.filter(isNotId) }, sql);
    if (isWithin) conditions.push(`${column} = ?`, `id > ${from.id}`);
    else if (from !== undefined) conditions.push(`${column} > ?`);
    if (from !== undefined) sql.values.push(from.value);
    if (more !== '') conditions.push(more);
    return { where: whereSql(conditions), cells: [...sql.values, ...cells] };
  }
  const ids = parameters();
  const onIds = listConditions({ type, where: where.filter((condition) => !isNotId(condition)) }, ids);
  function count(more: string, ...cells: Cell[]): number {
    const asked = behind(more, ...cells);
    const also = onIds.map((condition) => ` AND +${condition}`).join('');
    const text = `SELECT count(*) FROM ${table}${asked.where}${also}`;
    return rowQuery<Cell[], [number]>(db, text).get(...asked.cells, ...ids.values)?.[0] ?? 0;
  }

  const table = tableNames[type];
  const entries = behind('');
  const text = `SELECT ${column}, id FROM ${table}${entries.where} ORDER BY ${column}, id LIMIT 1 OFFSET ${COUNT_STEP - 1}`;
  const last = rowQuery<Cell[], [Cell, number]>(db, text).get(...entries.cells);
  if (last === undefined) return { count: count(''), to: isWithin ? { ...from, isDone: true } : undefined };
  const [value, id] = last;
  const to = { value, id, isDone: false };
  if (onIds.length === 0) return { count: COUNT_STEP, to };
  if (isWithin) return { count: count(`id <= ${id}`), to };
  return { count: count(`${column} < ?`, value) + count(`${column} = ? AND id <= ${id}`, value), to };
}

const isNotId = ({ property }: ListCondition): boolean => property !== 'id';

function withoutBounds(condition: ListCondition, dropsFrom: boolean, dropsTo: boolean): ListCondition {
  if (!('from' in condition || 'to' in condition)) return condition;
  const { property, from, to } = condition;
  return {
    property,
    ...(from === undefined || dropsFrom ? {} : { from }),
    ...(to === undefined || dropsTo ? {} : { to }),
  };
}
