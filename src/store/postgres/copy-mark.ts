import type pg from 'pg';
import { unfinishedCopy } from '../copy-mark.ts';
import { StoreError } from '../store.ts';
import { text, unpackText } from './sql.ts';
import type { Guard, Transaction } from './transaction.ts';

/** This table exists only while a copy into the database is unfinished. Its single row is the mark. */
const TABLE = 'unfinished_copy';
const selectUnfinished = `SELECT to_regclass('${TABLE}') IS NOT NULL`;

/** Throws if the database holds an unfinished copy. Read-only. */
export async function assertFinished(client: pg.ClientBase, location: string): Promise<void> {
  const { rows } = await client.query({ text: selectUnfinished, rowMode: 'array' });
  if (rows[0]?.[0] === true) throw unfinishedCopy('PostgreSQL', location);
}

export async function readMark(guard: Guard): Promise<string | undefined> {
  const [unfinished = []] = await guard.read(selectUnfinished);
  if (unfinished[0]?.[0] !== 't') return undefined;
  const [rows = []] = await guard.read(`SELECT mark FROM ${TABLE}`);
  return unpackText(rows[0]?.[0] ?? '');
}

/** The statements that create the mark and remove it. */
export const beginMark = (mark: string): string[] => [
  `CREATE TABLE ${TABLE} (mark text NOT NULL)`,
  `INSERT INTO ${TABLE} (mark) VALUES (${text(mark)})`,
];
export const finishMark = `DROP TABLE ${TABLE}`;

/** Replaces the mark inside a transaction. Throws if it is no longer `before`. */
export async function moveMark(
  { run }: Transaction,
  location: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  const [moved = []] = await run(
    `UPDATE ${TABLE} SET mark = ${text(after)} WHERE mark = ${text(before)} RETURNING 1`,
  );
  if (moved.length !== 1) {
    throw new StoreError(`PostgreSQL database ${location}: another copy wrote to it meanwhile`);
  }
}
