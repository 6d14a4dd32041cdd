import type { DatabaseSync } from 'node:sqlite';
import { type CallFilter, type CallPlace, type CallReader, statusBit } from '../calls.ts';
import { type JournalTableRow, toEntry } from './journal-row.ts';
import { objectQuery, type Parameter } from './statements.ts';

/** Searches the table `journal`. The places of calls come from an index that has all that they are filtered by. */
export function callReader(db: DatabaseSync): CallReader {
  return {
    async places(filter, before, limit) {
      const { conditions, values } = indexed(filter, before);
      const sql = `SELECT at, number FROM journal INDEXED BY journal_by_time WHERE ${conditions} ORDER BY at DESC, number DESC LIMIT ?`;
      return objectQuery<Parameter[], CallPlace>(db, sql).all(...values, limit);
    },
    async entries(places, { text, object }) {
      const conditions = ['number IN (SELECT value FROM json_each(?))'];
      const values: Parameter[] = [JSON.stringify(places.map(({ number }) => number))];
      if (text !== undefined) {
        const inJson = JSON.stringify(text).slice(1, -1);
        const columns = ['fault_text', 'call_id', 'user_id', 'address'].map((name) => `instr(${name}, ?)`);
        conditions.push(`(instr(rows, ?) OR ${columns.join(' OR ')})`);
        values.push(inJson, ...columns.map(() => text));
      }
      if (object !== undefined) {
        conditions.push(
          `instr(rows, ?) AND EXISTS (SELECT 1 FROM json_each(rows) WHERE value ->> 'id' = ? AND value ->> 'type' = ?)`,
        );
        values.push(`"id":${object.id}`, object.id, object.type);
      }
      const sql = `SELECT * FROM journal WHERE ${conditions.join(' AND ')} ORDER BY at DESC, number DESC`;
      return objectQuery<Parameter[], JournalTableRow>(db, sql)
        .all(...values)
        .map(toEntry);
    },
  };
}

function indexed(filter: CallFilter, before: CallPlace | undefined) {
  const { since, until, userId, operation, status, fault } = filter;
  const conditions: string[] = before === undefined ? ['1'] : ['(at, number) < (?, ?)'];
  const values: Parameter[] = before === undefined ? [] : [before.at, before.number];
  const add = (condition: string, value: Parameter | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('at >= ?', since);
  add('at <= ?', until);
  add('user_id = ?', userId);
  add('operation = ?', operation);
  add('statuses & ?', status === undefined ? undefined : statusBit(status));
  if (fault === 'any') conditions.push('fault IS NOT NULL');
  else if (fault === 'none') conditions.push('fault IS NULL');
  else add('fault = ?', fault);
  return { conditions: conditions.join(' AND '), values };
}
