import type { RecordType } from '../../records/all.ts';
import type { WantedLookup } from '../../rules/facts.ts';
import { declaredLookup } from '../../rules/lookups.ts';
import { columnFor, tableNames } from '../columns.ts';
import { kinds } from './kinds.ts';
import { json } from './sql.ts';

/** Queries that select `key` (the position of the lookup) and `id`: the newest records of each lookup of a type. */
export function lookupQueries(
  wanted: readonly WantedLookup[],
  depth: number,
): { readonly type: RecordType; readonly query: string }[] {
  const forms = Map.groupBy(wanted.keys(), (place) => formOf(wanted[place]));
  return [...forms.values()].flatMap((places) => {
    const first = wanted[places[0] ?? -1];
    if (first === undefined) return [];
    const { type, lookup, values, all } = first;
    const columns = declaredLookup(type, lookup).columns.map((property) => columnFor(type, property));
    const sent = places.map((key) => ({
      key,
      ...Object.fromEntries((wanted[key]?.values ?? []).map((value, index) => [`c${index}`, value])),
    }));
    const types = columns.map(({ kind }, index) => `, c${index} ${kinds[kind].sql}`).join('');
    const where = columns.map(({ name }, index) =>
      values[index] === null ? `r.${name} IS NULL` : `r.${name} = asked.c${index}`,
    );
    const query =
      `SELECT asked.key, held.id FROM json_to_recordset(${json(sent)}) AS asked(key integer${types}) ` +
      `CROSS JOIN LATERAL (SELECT r.id FROM ${tableNames[type]} AS r WHERE ${where.join(' AND ')} ` +
      `ORDER BY r.id DESC${all ? '' : ` LIMIT ${depth}`}) AS held`;
    return [{ type, query }];
  });
}

/** Selects what all lookups find, by position of the lookup, newest first. */
export function foundQuery(wanted: readonly WantedLookup[], depth: number): string {
  const queries = lookupQueries(wanted, depth).map(({ query }) => query);
  return `SELECT key, id FROM (${queries.join(' UNION ALL ')}) AS found ORDER BY key, id DESC`;
}

/** Returns what the query of a lookup depends on: also which values are null. */
function formOf(wanted: WantedLookup | undefined): string {
  if (wanted === undefined) return '';
  const { type, lookup, values, all = false } = wanted;
  return [type, lookup, all, ...values.map((value) => value === null)].join('/');
}
