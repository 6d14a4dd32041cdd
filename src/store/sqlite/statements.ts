import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** The value of a statement parameter. */
export type Parameter = string | number | null | Uint8Array;

/** A prepared statement that returns rows. */
export interface Query<Parameters extends readonly Parameter[], Row> {
  all(...parameters: Parameters): Row[];
  get(...parameters: Parameters): Row | undefined;
}

/** A prepared statement that changes data and returns no rows. */
export interface Command<Parameters extends readonly Parameter[]> {
  /** Returns the number of changed rows. */
  run(...parameters: Parameters): { readonly changes: number };
}

/** Prepares a statement that returns rows as arrays, in column order. */
export function rowQuery<Parameters extends readonly Parameter[], Row extends readonly SQLInputValue[]>(
  db: DatabaseSync,
  sql: string,
): Query<Parameters, Row> {
  return arrays(db, sql) as unknown as Query<Parameters, Row>;
}

/** Prepares a statement that returns rows as objects, with a property for each column. */
export function objectQuery<Parameters extends readonly Parameter[], Row extends object>(
  db: DatabaseSync,
  sql: string,
): Query<Parameters, Row> {
  return db.prepare(sql) as unknown as Query<Parameters, Row>;
}

/** Prepares a statement with one column and returns its values. */
export function valueQuery<Parameters extends readonly Parameter[], Value>(
  db: DatabaseSync,
  sql: string,
): Query<Parameters, Value> {
  const statement = arrays(db, sql) as unknown as Query<Parameters, [Value]>;
  return {
    all: (...parameters) => statement.all(...parameters).map(([value]) => value),
    get: (...parameters) => statement.get(...parameters)?.[0],
  };
}

/** Prepares a statement that changes data. */
export function command<Parameters extends readonly Parameter[]>(
  db: DatabaseSync,
  sql: string,
): Command<Parameters> {
  return db.prepare(sql) as unknown as Command<Parameters>;
}

function arrays(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}
