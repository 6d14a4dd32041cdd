import { removeInBatches } from '../batches.ts';
import type { CallBodies, CallBody } from '../store.ts';
import { bytes, isoTime, type Row, text, unpackText, wholeNumber } from './sql.ts';
import type { Guard } from './transaction.ts';

/** Selects bodies in the form that `toBody` reads. */
export const selectBodies = `SELECT number, call_id, ${isoTime('at')}, encode(request, 'hex'), encode(answer, 'hex') FROM call_body`;

const fromHex = (hex: string | null | undefined) => new Uint8Array(Buffer.from(hex ?? '', 'hex'));

/** Converts a row of `selectBodies`. */
export const toBody = ([number, callId, at, request, answer]: Row): CallBody => ({
  number: Number(number),
  callId: unpackText(callId ?? ''),
  at: at ?? '',
  request: fromHex(request),
  answer: fromHex(answer),
});

/** Returns the statement that inserts bodies. Those that have a number keep it. */
export function insertBody({
  callId,
  at,
  request,
  answer,
  number,
}: Omit<CallBody, 'number'> & Partial<CallBody>): string {
  const isKept = number !== undefined;
  const values = [
    text(callId),
    text(at),
    String(request.length + answer.length),
    bytes(request),
    bytes(answer),
    ...(isKept ? [wholeNumber(number)] : []),
  ];
  return (
    `INSERT INTO call_body (call_id, at, bytes, request, answer${isKept ? ', number' : ''}) ` +
    `${isKept ? 'OVERRIDING SYSTEM VALUE ' : ''}VALUES (${values.join(', ')})`
  );
}

const firstBeyond = (most: number) =>
  'SELECT number FROM (SELECT number, sum(bytes) OVER (ORDER BY number DESC) AS total FROM call_body) AS summed ' +
  `WHERE total > ${wholeNumber(most)} ORDER BY number DESC LIMIT 1`;

/** Accesses the table `call_body`. */
export function bodyTable(guard: Guard): CallBodies {
  const removeUpTo = (number: number, atMost: number) =>
    guard.write(async (transaction) => {
      const oldest = `SELECT number FROM call_body WHERE number <= ${wholeNumber(number)} ORDER BY number LIMIT ${wholeNumber(atMost)}`;
      const [rows = []] = await transaction.commit(
        `WITH gone AS (DELETE FROM call_body WHERE number IN (${oldest}) RETURNING 1) SELECT count(*) FROM gone`,
      );
      return Number(rows[0]?.[0]);
    });

  async function removeTo(query: string): Promise<void> {
    const [rows = []] = await guard.read(query);
    const number = rows[0]?.[0];
    if (number == null) return;
    await removeInBatches((atMost) => removeUpTo(Number(number), atMost), undefined);
  }

  return {
    async add(body) {
      await guard.write((transaction) => transaction.commit(insertBody(body)));
    },
    async find(callId) {
      const [rows = []] = await guard.read(
        `${selectBodies} WHERE call_id = ${text(callId)} ORDER BY number DESC LIMIT 1`,
      );
      return rows.map(toBody)[0];
    },
    async which(callIds) {
      if (callIds.length === 0) return new Set();
      const [rows = []] = await guard.read(
        `SELECT call_id FROM call_body WHERE call_id IN (${callIds.map(text).join(', ')})`,
      );
      return new Set(rows.map(([callId]) => unpackText(callId ?? '')));
    },
    shrink: (most) => removeTo(firstBeyond(most)),
    prune: (at) => removeTo(`SELECT max(number) FROM call_body WHERE at < ${text(at)}`),
  };
}
