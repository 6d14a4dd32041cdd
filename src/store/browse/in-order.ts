import type { Kind } from '../../records/column.ts';
import type { FieldValue } from '../../records/field-values.ts';
import type { BrowsePosition, BrowseQuery, BrowseTimes } from '../browsing.ts';
import {
  type Browsed,
  type BrowsedIds,
  type BrowseEngine,
  ENOUGH,
  FIRST_STEP,
  LARGEST_STEP,
  SMALLEST_STEP,
  STEP_TIME,
} from './engine.ts';
import { type BrowseSyntax, conditionsSql, tableOf } from './sql.ts';

/** Reads in the order of an index, and leaves out what does not match; ends early when its time is over. */
export async function inOrder<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  { page }: BrowseTimes,
): Promise<BrowsedIds> {
  const end = performance.now() + page;
  const found: Browsed[] = [];
  let size = FIRST_STEP;
  let from = query.after;
  let read = 0;
  let ranges = rangesAfter(query, from);
  for (;;) {
    const [range, ...later] = ranges;
    if (range === undefined) return { found, next: null };
    const start = performance.now();
    const rows = await step(engine, query, range, size);
    for (const { matches, id, value } of rows) {
      if (matches && found.length === query.limit) return { found, next: found.at(-1) ?? null };
      from = { id, value: range.isWithout ? null : value };
      if (matches) found.push(from);
    }
    ranges = rows.length < size ? later : rangesAfter(query, from);
    read += rows.length;
    if (read >= ENOUGH && performance.now() > end && ranges.length > 0 && from !== undefined)
      return { found, next: from };
    const took = performance.now() - start;
    size =
      took < STEP_TIME ? Math.min(size * 2, LARGEST_STEP) : Math.max(SMALLEST_STEP, Math.floor(size / 2));
    await engine.turn();
  }
}

/** Objects that an index has in order. */
interface Range {
  /** What all of them meet, and the index serves. */
  readonly where: (syntax: BrowseSyntax<unknown>) => string[];
  readonly order: (syntax: BrowseSyntax<unknown>) => string;
  /** Only those without a sort value match. */
  readonly isWithout: boolean;
}

function step<Value>(engine: BrowseEngine<Value>, query: BrowseQuery, range: Range, limit: number) {
  const syntax = engine.syntax();
  const { subject } = query.sort;
  const where = range.where(syntax);
  const without = range.isWithout ? [`${syntax.expression(subject)} IS NULL`] : [];
  const conditions = [...without, ...conditionsSql(syntax, query)];
  const matches = conditions.length === 0 ? '1' : `CASE WHEN ${conditions.join(' AND ')} THEN 1 ELSE 0 END`;
  const sql =
    `SELECT id, ${syntax.select(subject)}, ${matches} FROM ${tableOf(query)}` +
    `${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`} ORDER BY ${range.order(syntax)} LIMIT ${limit}`;
  return engine.rows(sql, syntax.values, subject);
}

/**
 * Returns the ranges after a position: objects with its value, those beyond it, and those without a value. Both
 * engines read each in the order of one index.
 */
function rangesAfter(
  { sort: { subject, descending } }: BrowseQuery,
  after: BrowsePosition | undefined,
): Range[] {
  const direction = descending ? ' DESC' : '';
  const beyond = descending ? '<' : '>';
  const compared = (sign: '=' | '<' | '>', value: FieldValue) => (syntax: BrowseSyntax<unknown>) =>
    syntax.compare(subject, sign, syntax.value(subject.column.kind as Kind, value));
  const idsAfter = (position: BrowsePosition | undefined) => (syntax: BrowseSyntax<unknown>) =>
    position === undefined ? [] : [`id ${beyond} ${syntax.value('id', position.id)}`];
  const byId = { order: () => `id${direction}`, isWithout: false };
  const without: Range = {
    ...byId,
    where: idsAfter(after?.value === null ? after : undefined),
    isWithout: true,
  };
  const value = after?.value;
  if (value === null) return [without];
  const bySubject = (syntax: BrowseSyntax<unknown>) =>
    [...syntax.order(subject), 'id'].map((term) => `${term}${direction}`).join(', ');
  const others: Range = {
    where: (syntax) => [
      value === undefined ? `${syntax.expression(subject)} IS NOT NULL` : compared(beyond, value)(syntax),
    ],
    order: bySubject,
    isWithout: false,
  };
  const rest = [others, ...(subject.column.nullable ? [without] : [])];
  if (value === undefined) return rest;
  const equal: Range = {
    ...byId,
    where: (syntax) => [compared('=', value)(syntax), ...idsAfter(after)(syntax)],
  };
  return [equal, ...rest];
}
