import type { DatabaseSync } from 'node:sqlite';
import type { Traffic, TrafficRow } from '../store.ts';
import { command, rowQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

export type TrafficTableRow = [span: number, since: string, run: string, content: string];

export const toTraffic = ([span, since, run, content]: TrafficTableRow): TrafficRow => ({
  span,
  since,
  run,
  content: JSON.parse(content),
});

/** Returns a function that inserts or replaces rows. */
export function trafficWriter(db: DatabaseSync) {
  const put = command<TrafficTableRow>(
    db,
    'INSERT OR REPLACE INTO traffic (span, since, run, content) VALUES (?, ?, ?, ?)',
  );
  return ({ span, since, run, content }: TrafficRow): void => {
    put.run(span, since, run, JSON.stringify(content));
  };
}

/** Accesses the table `traffic`. */
export function trafficTable(db: DatabaseSync, guard: Guard): Traffic {
  const put = trafficWriter(db);
  const read = rowQuery<[number, string, string], TrafficTableRow>(
    db,
    'SELECT span, since, run, content FROM traffic WHERE span = ? AND since >= ? AND since < ? ORDER BY since, run',
  );
  const prune = command<[number, string]>(db, 'DELETE FROM traffic WHERE span = ? AND since < ?');
  return {
    async put(rows) {
      await guard.write(() => rows.forEach(put));
    },
    read: async (span, since, until) => guard.read(() => read.all(span, since, until).map(toTraffic)),
    async prune(span, at) {
      await guard.write(() => prune.run(span, at));
    },
  };
}
