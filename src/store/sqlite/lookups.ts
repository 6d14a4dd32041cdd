import type { DatabaseSync } from 'node:sqlite';
import type { Holders, WantedLookup } from '../../rules/facts.ts';
import { declaredLookup } from '../../rules/lookups.ts';
import { columnFor, tableNames } from '../columns.ts';
import { type Query, valueQuery } from './statements.ts';

/** Returns a function that reads the ids that lookups find, newest first, in the order of the lookups. */
export function lookupReader(
  db: DatabaseSync,
): (wanted: readonly WantedLookup[], depth: number) => readonly Holders[] {
  const statements = new Map<string, Query<[number, string], string>>();

  function statement(form: string, { type, lookup, values }: WantedLookup): Query<[number, string], string> {
    let query = statements.get(form);
    if (query === undefined) {
      const where = declaredLookup(type, lookup).columns.map((property, index) => {
        const { name } = columnFor(type, property);
        return values[index] === null ? `${name} IS NULL` : `${name} = asked.value ->> ${index}`;
      });
      query = valueQuery(
        db,
        `SELECT (SELECT json_group_array(id) FROM (SELECT id FROM ${tableNames[type]} ` +
          `WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?)) FROM json_each(?) AS asked`,
      );
      statements.set(form, query);
    }
    return query;
  }

  return (wanted, depth) => {
    if (wanted.length === 0) return [];
    const found: Holders[] = [];
    for (const [form, places] of Map.groupBy(wanted.keys(), (place) => formOf(wanted[place]))) {
      const asked = places.map((place) => wanted[place] as WantedLookup);
      const [first] = asked;
      if (first === undefined) continue;
      const values = JSON.stringify(asked.map((each) => each.values));
      const rows = statement(form, first).all(first.all ? -1 : depth, values);
      for (const [index, place] of places.entries()) found[place] = JSON.parse(rows[index] ?? '[]');
    }
    return found;
  };
}

/** Returns what the statement of a lookup depends on: also which values are null. */
function formOf(wanted: WantedLookup | undefined): string {
  if (wanted === undefined) return '';
  const { type, lookup, values, all = false } = wanted;
  let form = `${type}/${lookup}/${all}`;
  for (const [index, value] of values.entries()) if (value === null) form += `/${index}`;
  return form;
}
