import type { DatabaseSync } from 'node:sqlite';
import { removeInBatches } from '../batches.ts';
import type { CallBodies, CallBody } from '../store.ts';
import { command, objectQuery, valueQuery } from './statements.ts';
import type { Guard } from './transaction.ts';

/** A row of the table `call_body`. */
export interface BodyTableRow {
  number: number;
  call_id: string;
  at: string;
  request: Uint8Array;
  answer: Uint8Array;
}

export const toBody = ({ number, call_id: callId, at, request, answer }: BodyTableRow): CallBody => ({
  number,
  callId,
  at,
  request,
  answer,
});

/** Returns a function that inserts bodies, which may have a number already. */
export function bodyWriter(db: DatabaseSync) {
  const insert = command(
    db,
    'INSERT INTO call_body (number, call_id, at, bytes, request, answer) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return ({ callId, at, request, answer, ...kept }: Omit<CallBody, 'number'> & Partial<CallBody>): void => {
    insert.run(kept.number ?? null, callId, at, request.length + answer.length, request, answer);
  };
}

/** Accesses the table `call_body`. */
export function bodyTable(db: DatabaseSync, guard: Guard): CallBodies {
  const insert = bodyWriter(db);
  const find = objectQuery<[string], BodyTableRow>(
    db,
    'SELECT number, call_id, at, request, answer FROM call_body WHERE call_id = ? ORDER BY number DESC LIMIT 1',
  );
  const which = valueQuery<[string], string>(
    db,
    'SELECT call_id FROM call_body WHERE call_id IN (SELECT value FROM json_each(?))',
  );
  const firstBeyond = valueQuery<[number], number>(
    db,
    'SELECT number FROM (SELECT number, sum(bytes) OVER (ORDER BY number DESC) AS total ' +
      'FROM call_body INDEXED BY call_body_by_size) WHERE total > ? ORDER BY number DESC LIMIT 1',
  );
  const removeUpTo = command<[number, number]>(
    db,
    'DELETE FROM call_body WHERE number IN (SELECT number FROM call_body WHERE number <= ? ORDER BY number LIMIT ?)',
  );
  const lastBefore = valueQuery<[string], number | null>(
    db,
    'SELECT max(number) FROM call_body WHERE at < ?',
  );

  const removeTo = async (number: number | null | undefined): Promise<void> => {
    if (number == null) return;
    await removeInBatches(
      async (atMost) => (await guard.write(() => removeUpTo.run(number, atMost))).changes,
      undefined,
    );
  };

  return {
    async add(body) {
      await guard.write(() => insert(body));
    },
    find: async (callId) => guard.read(() => find.all(callId).map(toBody)[0]),
    which: async (callIds) => new Set(guard.read(() => which.all(JSON.stringify(callIds)))),
    shrink: (bytes) => removeTo(guard.read(() => firstBeyond.get(bytes))),
    prune: (at) => removeTo(guard.read(() => lastBefore.get(at))),
  };
}
