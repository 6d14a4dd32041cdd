import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { findMentions, type MentionStep } from '../browse/mentions.ts';
import { browseIds } from '../browse/pages.ts';
import { browseTimes } from '../browsing.ts';
import { findCalls } from '../calls.ts';
import { sqliteBrowseEngine, sqliteTotals } from './browse-engine.ts';
import type { BrowseWork, MentionsQuery } from './browse-messages.ts';
import { callReader } from './calls.ts';
import { looseEntries } from './loose-keys.ts';
import { valueQuery } from './statements.ts';

/** Browses through a connection. */
export function browseWork(db: DatabaseSync): BrowseWork {
  const engine = sqliteBrowseEngine(db);
  const calls = callReader(db);
  const loose = looseEntries(db);
  const keyFields = valueQuery<[string], string>(db, 'SELECT name FROM key_field WHERE object_type = ?');
  const mentioned = valueQuery<[number, number, string, string, string], number>(
    db,
    // The number in the text is part of others; the row is looked for only where it occurs.
    'SELECT number FROM (SELECT number, rows FROM journal WHERE number < ? ORDER BY number DESC LIMIT ?) ' +
      'WHERE instr(rows, ?) > 0 AND EXISTS (SELECT 1 FROM json_each(rows) AS row ' +
      "WHERE json_extract(row.value, '$.type') = ? AND json_extract(row.value, '$.id') = CAST(? AS INTEGER)) ORDER BY number DESC",
  );
  const lastOf = valueQuery<[number, number], number | null>(
    db,
    'SELECT min(number) FROM (SELECT number FROM journal WHERE number < ? ORDER BY number DESC LIMIT ?)',
  );

  function mentionStep({ type, id }: MentionsQuery, before: number, entries: number): MentionStep {
    const last = lastOf.get(before, entries) ?? undefined;
    return { numbers: mentioned.all(before, entries, `"id":${id}`, type, String(id)), last };
  }

  return {
    ids: (query) => browseIds(engine, query, browseTimes),
    count: async (table) => valueQuery<[], number>(db, `SELECT count(*) FROM ${table}`).get() ?? 0,
    keys: async ({ type, id }) => ({
      fields: keyFields.all(type),
      loose: loose.of(type, [id]).map((key) => ({ ...key })),
    }),
    mentions: (query) =>
      findMentions(
        (before, entries) => mentionStep(query, before, entries),
        () => setImmediate(),
        query,
        browseTimes,
      ),
    totals: async (query) => sqliteTotals(db, query),
    calls: ({ filter, limit }) => findCalls(calls, filter, limit),
  };
}
