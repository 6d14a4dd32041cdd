import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** What a parameter of a statement can be. */
export type Parameter = string | number | null | Uint8Array;

/** A prepared statement that gives rows. */
export interface Query<Parameters extends readonly Parameter[], Row> {
  all(...parameters: Parameters): Row[];
  get(...parameters: Parameters): Row | undefined;
}

/** A prepared statement that changes something, and gives no rows. */
export interface Command<Parameters extends readonly Parameter[]> {
  /** How many rows it changed. */
  run(...parameters: Parameters): { readonly changes: number };
}

/** A statement whose rows come as arrays, in the order of its columns. */
export function rowQuery<Parameters extends readonly Parameter[], Row extends readonly SQLInputValue[]>(
  db: DatabaseSync,
  sql: string,
): Query<Parameters, Row> {
  return arrays(db, sql) as unknown as Query<Parameters, Row>;
}

/** A statement whose rows come as objects, with a property for each column. */
export function objectQuery<Parameters extends readonly Parameter[], Row extends object>(
  db: DatabaseSync,
  sql: string,
): Query<Parameters, Row> {
  return db.prepare(sql) as unknown as Query<Parameters, Row>;
}

/** A statement of one column, whose rows come as its values. */
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

/** A statement that changes something. */
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
