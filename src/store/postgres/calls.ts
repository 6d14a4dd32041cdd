import { type CallFilter, type CallPlace, type CallReader, statusBit } from '../calls.ts';
import { journalColumns, toEntry } from './journal-row.ts';
import { idArray, isoTime, json, text, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Searches the table `journal`. The places of calls come from an index that has all that they are filtered by. */
export function callReader(guard: Guard): CallReader {
  return {
    async places(filter, before, limit) {
      const [rows = []] = await guard.read(
        `SELECT ${isoTime('at')}, number FROM journal WHERE ${indexed(filter, before).join(' AND ')} ` +
          `ORDER BY journal.at DESC, number DESC LIMIT ${wholeNumber(limit)}`,
      );
      return rows.map(([at, number]) => ({ at: at ?? '', number: Number(number) }));
    },
    async entries(places, { text: wanted, object }) {
      const conditions = [`number = ANY (${idArray(places.map(({ number }) => number))})`];
      if (wanted !== undefined) {
        const has = (column: string) => `strpos(${column}, ${text(wanted)}) > 0`;
        const inJson = json(wanted)
          .replace(/^( E)?'"/, "$1'")
          .replace(/"'$/, "'");
        conditions.push(
          `(strpos(rows::text, ${inJson}) > 0 OR ${['fault_text', 'call_id', 'user_id', 'address'].map(has).join(' OR ')})`,
        );
      }
      if (object !== undefined) conditions.push(`rows @> ${json([object])}::jsonb`);
      const [rows = []] = await guard.read(
        `SELECT ${journalColumns} FROM journal WHERE ${conditions.join(' AND ')} ORDER BY journal.at DESC, number DESC`,
      );
      return rows.map(toEntry);
    },
  };
}

function indexed(filter: CallFilter, before: CallPlace | undefined): string[] {
  const { since, until, userId, operation, status, fault } = filter;
  return [
    before === undefined
      ? 'true'
      : `(at, number) < (${text(before.at)}::timestamptz, ${wholeNumber(before.number)})`,
    ...(since === undefined ? [] : [`at >= ${text(since)}`]),
    ...(until === undefined ? [] : [`at <= ${text(until)}`]),
    ...(userId === undefined ? [] : [`user_id = ${text(userId)}`]),
    ...(operation === undefined ? [] : [`operation = ${text(operation)}`]),
    ...(status === undefined ? [] : [`statuses & ${statusBit(status)} <> 0`]),
    ...(fault === undefined
      ? []
      : fault === 'any'
        ? ['fault IS NOT NULL']
        : fault === 'none'
          ? ['fault IS NULL']
          : [`fault = ${wholeNumber(fault)}`]),
  ];
}
