import type { DatabaseSync } from 'node:sqlite';
import { browseIds } from '../browse/pages.ts';
import { browseTimes } from '../browsing.ts';
import { sqliteBrowseEngine, sqliteTotals } from './browse-engine.ts';
import type { BrowseWork } from './browse-messages.ts';
import { valueQuery } from './statements.ts';

/** Browses through a connection. */
export function browseWork(db: DatabaseSync): BrowseWork {
  const engine = sqliteBrowseEngine(db);
  return {
    ids: (query) => browseIds(engine, query, browseTimes),
    count: async (table) => valueQuery<[], number>(db, `SELECT count(*) FROM ${table}`).get() ?? 0,
    totals: async (query) => sqliteTotals(db, query),
  };
}
