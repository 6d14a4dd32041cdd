import { type BrowseQuery, type BrowseTimes, BrowseTooSlow } from '../browsing.ts';
import {
  type Browsed,
  type BrowsedIds,
  type BrowseEngine,
  ENOUGH,
  FIRST_STEP,
  SCAN_STEP_TIME,
  SMALLEST_STEP,
  STEP_TIME,
} from './engine.ts';
import { type Ids, matching, pageOf, sorted } from './matching.ts';
import { compareValues } from './order.ts';
import { conditionsSql, tableOf } from './sql.ts';

/**
 * Yields ranges of all ids, up or down. The less time a range takes, the longer is the next one: ids can have gaps of
 * any size.
 */
export async function* ranges(
  turn: () => Promise<void>,
  { first, last }: { readonly first: number; readonly last: number },
  isDown: boolean,
  stepTime: number,
): AsyncGenerator<Ids> {
  let size = FIRST_STEP;
  let at = isDown ? last : first - 1;
  while (isDown ? at >= first : at < last) {
    const began = performance.now();
    yield isDown ? { above: at - size, upTo: at } : { above: at, upTo: at + size };
    at += isDown ? -size : size;
    const took = performance.now() - began;
    if (took < stepTime) size *= took < stepTime / 4 ? 8 : 2;
    else if (took > 2 * stepTime) size = Math.max(SMALLEST_STEP, Math.floor(size / 2));
    await turn();
  }
}

async function bounds<Value>(engine: BrowseEngine<Value>, query: BrowseQuery) {
  const bound = (which: 'min' | 'max') =>
    engine.number(`SELECT coalesce(${which}(id), 0) FROM ${tableOf(query)}`, []);
  return { first: await bound('min'), last: await bound('max') };
}

/** Reads in the order of ids, and ends early when its time is over. */
export async function byIds<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  { page }: BrowseTimes,
): Promise<BrowsedIds> {
  if (conditionsSql(engine.syntax(), query).length === 0) return sorted(engine, query, { via: '', also: [] });
  const end = performance.now() + page;
  const { after, limit, sort } = query;
  const { descending } = sort;
  const all = await bounds(engine, query);
  const first = after === undefined || descending ? all.first : Math.max(all.first, after.id + 1);
  const last = after === undefined || !descending ? all.last : Math.min(all.last, after.id - 1);
  const found: Browsed[] = [];
  let read = 0;
  for await (const ids of ranges(engine.turn, { first, last }, descending, STEP_TIME)) {
    const part = { via: engine.byIds, also: [], limit: limit + 1 - found.length, ids };
    found.push(...(await matching(engine, { ...query, after: undefined }, part)));
    if (found.length > limit) return pageOf(found, limit);
    const reached = descending ? ids.above + 1 : ids.upTo;
    const isEnd = descending ? reached <= first : reached >= last;
    read += ids.upTo - ids.above;
    if (!isEnd && read >= ENOUGH && performance.now() > end)
      return { found, next: { id: reached, value: reached } };
  }
  return { found, next: null };
}

/** Reads every object, and keeps the first ones in the order of the sort. */
export async function inChunks<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  { scan }: BrowseTimes,
): Promise<BrowsedIds> {
  const end = performance.now() + scan;
  const limit = query.limit + 1;
  let best: Browsed[] = [];
  for await (const ids of ranges(engine.turn, await bounds(engine, query), false, SCAN_STEP_TIME)) {
    const rows = await matching(engine, query, { via: engine.byIds, also: [], limit, ids });
    best = firstOf(best, rows, query, limit);
    if (performance.now() > end) throw tooSlow(query);
  }
  return pageOf(best, query.limit);
}

function firstOf(
  some: Browsed[],
  others: readonly Browsed[],
  { sort }: BrowseQuery,
  limit: number,
): Browsed[] {
  if (others.length === 0) return some;
  return [...some, ...others].sort((a, b) => compareBrowsed(a, b, sort.descending)).slice(0, limit);
}

function compareBrowsed(a: Browsed, b: Browsed, descending: boolean): number {
  if (a.value === null || b.value === null) {
    if (a.value !== b.value) return a.value === null ? 1 : -1;
    return descending ? b.id - a.id : a.id - b.id;
  }
  const order = compareValues(a.value, b.value) || a.id - b.id;
  return descending ? -order : order;
}

const tooSlow = ({ type, sort: { subject } }: BrowseQuery) =>
  new BrowseTooSlow(
    `Sorting every ${type} by ${subject.member?.name ?? subject.column.name} takes too long; ` +
      'sort by id, or filter first by a value that few have',
  );
