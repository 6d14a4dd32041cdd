import type { Traffic, TrafficRow } from '../store.ts';
import { isoTime, json, type Row, text, unpackJson, unpackText, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Selects rows in the form that `toTraffic` reads. */
export const selectTraffic = `SELECT span, ${isoTime('since')}, run, content FROM traffic`;

export const toTraffic = ([span, since, run, content]: Row): TrafficRow => ({
  span: Number(span),
  since: since ?? '',
  run: unpackText(run ?? ''),
  content: unpackJson(content ?? '{}'),
});

/** Returns the statement that inserts or replaces a row. */
export const putTraffic = ({ span, since, run, content }: TrafficRow): string =>
  'INSERT INTO traffic (span, since, run, content) ' +
  `VALUES (${wholeNumber(span)}, ${text(since)}, ${text(run)}, ${json(content)}) ` +
  'ON CONFLICT (span, since, run) DO UPDATE SET content = excluded.content';

/** Accesses the table `traffic`. */
export function trafficTable(guard: Guard): Traffic {
  const spanned = (span: number) => `span = ${wholeNumber(span)}`;
  return {
    async put(rows) {
      if (rows.length > 0) await guard.write((transaction) => transaction.commit(...rows.map(putTraffic)));
    },
    async read(span, since, until) {
      const [rows = []] = await guard.read(
        `${selectTraffic} WHERE ${spanned(span)} AND traffic.since >= ${text(since)} ` +
          `AND traffic.since < ${text(until)} ORDER BY traffic.since, run`,
      );
      return rows.map(toTraffic);
    },
    async prune(span, at) {
      await guard.write((transaction) =>
        transaction.commit(`DELETE FROM traffic WHERE ${spanned(span)} AND since < ${text(at)}`),
      );
    },
  };
}
