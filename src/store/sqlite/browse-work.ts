import type { DatabaseSync } from 'node:sqlite';
import { browseIds } from '../browse/pages.ts';
import { browseTimes } from '../browsing.ts';
import { sqliteBrowseEngine, sqliteTotals } from './browse-engine.ts';
import type { BrowseWork } from './browse-messages.ts';
import { looseEntries } from './loose-keys.ts';
import { valueQuery } from './statements.ts';

/** Browses through a connection. */
export function browseWork(db: DatabaseSync): BrowseWork {
  const engine = sqliteBrowseEngine(db);
  const loose = looseEntries(db);
  const keyFields = valueQuery<[string], string>(db, 'SELECT name FROM key_field WHERE object_type = ?');
  return {
    ids: (query) => browseIds(engine, query, browseTimes),
    count: async (table) => valueQuery<[], number>(db, `SELECT count(*) FROM ${table}`).get() ?? 0,
    keys: async ({ type, id }) => ({
      fields: keyFields.all(type),
      loose: loose.of(type, [id]).map((key) => ({ ...key })),
    }),
    totals: async (query) => sqliteTotals(db, query),
  };
}
