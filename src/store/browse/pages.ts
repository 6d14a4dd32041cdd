import type { BrowseFilter, BrowseQuery, BrowseSubject, BrowseTimes } from '../browsing.ts';
import { byIds, inChunks } from './by-ids.ts';
import type { BrowsedIds, BrowseEngine } from './engine.ts';
import { inOrder } from './in-order.ts';
import { type Few, sorted } from './matching.ts';
import { filterSql, isId, isSelective, tableOf } from './sql.ts';

/** Up to this many objects are read through the index of a filter, and sorted. */
const FEW = 10_000;

/** Finds the ids of a page. Cheap plans first: few objects by an index; then in the order of an index; then all. */
export async function browseIds<Value>(
  engine: BrowseEngine<Value>,
  query: BrowseQuery,
  times: BrowseTimes,
): Promise<BrowsedIds> {
  const few = await fewThrough(engine, query);
  if (few !== undefined) return sorted(engine, query, few);
  const { subject } = query.sort;
  if (isId(subject)) return byIds(engine, query, times);
  if ((await indexOf(engine, query, subject)) !== undefined) return inOrder(engine, query, times);
  return engine.inChunks ? inChunks(engine, query, times) : sorted(engine, query, { via: '', also: [] });
}

function indexOf<Value>(engine: BrowseEngine<Value>, query: BrowseQuery, { column, member }: BrowseSubject) {
  return member === undefined ? engine.index(tableOf(query), column.name) : undefined;
}

/** Returns the way through the index of a filter that few objects meet; undefined: there is none. */
async function fewThrough<Value>(engine: BrowseEngine<Value>, query: BrowseQuery): Promise<Few | undefined> {
  for (const filter of query.filters.filter(isSelective)) {
    if (isId(filter.subject) && filter.operator === 'eq') return { via: '', also: [] };
    const held = await heldKey(engine, query, filter);
    const via = held === undefined ? await indexOf(engine, query, filter.subject) : '';
    if (via === undefined) continue;
    const syntax = engine.syntax();
    const condition = held === undefined ? filterSql(syntax, filter) : held(syntax);
    const some = `SELECT 1 FROM ${tableOf(query)}${via} WHERE ${condition} LIMIT ${FEW + 1}`;
    const count = await engine.number(`SELECT count(*) FROM (${some}) AS few`, syntax.values);
    if (count <= FEW) return { via, also: held === undefined ? [] : [held] };
  }
  return undefined;
}

async function heldKey<Value>(
  engine: BrowseEngine<Value>,
  { type }: BrowseQuery,
  { subject: { field }, operator, value }: BrowseFilter,
): Promise<Few['also'][number] | undefined> {
  if (field === undefined || operator !== 'eq' || !(await engine.isKeyField(type, field))) return undefined;
  return (syntax) => `id IN (${syntax.holders(type, field, value)})`;
}
