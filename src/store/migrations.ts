import { randomBytes } from 'node:crypto';
import { declarationOf } from '../records/all.ts';
import { columnName } from '../records/column.ts';
import { foldedText } from '../rules/lookups.ts';
import { type MigrationStep, StoreError } from './store.ts';

/** A migration step. Frozen: its text never changes; later steps change what it created. */
export interface Migration {
  /** The schema version that the step leads to; from 1, without gaps. */
  readonly number: number;
  readonly name: string;
  /** Plain SQL, without interpolation. */
  readonly sql: string;
  /** The row of `server_secret` to which the step adds 32 random bytes. */
  readonly secret?: string;
}

/** The steps of an engine, and the name of its databases in messages. */
export interface History {
  readonly engine: 'SQLite' | 'PostgreSQL';
  /** Suggested replacement for an unusable database. */
  readonly replacement: 'another file' | 'another database';
  readonly migrations: readonly Migration[];
}

/** The engine's part of the runner. All methods but `transaction` are called within a transaction. */
export interface MigratedDatabase {
  readonly location: string;
  /**
   * Runs the work in one transaction while no other process migrates. Creates the table `migration` if needed.
   */
  transaction(work: () => Promise<void>): Promise<void>;
  /** Returns the rows of the table `migration`: number → time, UTC. */
  applied(): Promise<ReadonlyMap<number, string>>;
  run(sql: string): Promise<void>;
  /** Makes SQL's `lower` fold the case of all letters, as `foldName` does, until the migration ends. */
  foldAllLetters(): Promise<void>;
  /** Undoes `foldAllLetters`. */
  foldAsBefore(): Promise<void>;
  /** Drops the views that follow from the definitions: tables under views cannot change. They are made again later. */
  dropViews(): Promise<void>;
  /** Returns rows of an id and a text. */
  rows(sql: string): Promise<readonly (readonly [id: number, text: string])[]>;
  setText(table: string, column: string, id: number, text: string): Promise<void>;
  addSecret(name: string, value: Uint8Array): Promise<void>;
  /** Adds a row to the table `migration`. */
  record(migration: Migration, appliedAt: string): Promise<void>;
}

/**
 * Migrates the database to the newest schema version in one transaction. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`.
 * Throws a `StoreError` if a newer version of mktows wrote it.
 */
export async function runMigrations(history: History, db: MigratedDatabase, now: string): Promise<void> {
  await db.transaction(async () => {
    const applied = await db.applied();
    assertKnown(history, db.location, applied);
    const pending = history.migrations.filter(({ number }) => !applied.has(number));
    if (pending.length === 0) return;
    await db.dropViews();
    await db.foldAllLetters();
    for (const migration of pending) {
      await db.run(migration.sql);
      if (migration.secret !== undefined) await db.addSecret(migration.secret, randomBytes(32));
      await db.record(migration, now);
    }
    await db.foldAsBefore();
    await foldTexts(db);
  });
}

const PAGE = 1000;

/** Fills the folded columns that the steps left empty: those of long texts and of other letters than ASCII's. */
async function foldTexts(db: MigratedDatabase): Promise<void> {
  for (const declaration of Object.values(declarationOf)) {
    for (const [property, { name = columnName(property), foldedOf }] of Object.entries(declaration.columns)) {
      if (foldedOf === undefined) continue;
      const { table } = declaration;
      const text = columnName(foldedOf);
      for (let after = 0; ; ) {
        const rows = await db.rows(
          `SELECT id, ${text} FROM ${table} WHERE id > ${after} AND ${text} IS NOT NULL AND ${name} IS NULL ` +
            `ORDER BY id LIMIT ${PAGE}`,
        );
        for (const [id, value] of rows) await db.setText(table, name, id, foldedText(value));
        const last = rows.at(-1)?.[0];
        if (last === undefined) break;
        after = last;
      }
    }
  }
}

/**
 * Returns all steps with the times of those that were applied. Throws if a newer version of mktows wrote the
 * database.
 */
export function stepsOf(
  history: History,
  location: string,
  applied: ReadonlyMap<number, string>,
): MigrationStep[] {
  assertKnown(history, location, applied);
  return history.migrations.map(({ number, name }) => ({
    number,
    name,
    appliedAt: applied.get(number) ?? null,
  }));
}

function assertKnown(history: History, location: string, applied: ReadonlyMap<number, string>): void {
  const reached = Math.max(0, ...applied.keys());
  const newest = history.migrations.length;
  if (reached <= newest) return;
  throw new StoreError(
    `${history.engine} database ${location} was written by a newer version of mktows (its schema version is ${reached}, ` +
      `this version knows ${newest}); upgrade mktows, or use ${history.replacement}`,
    { failure: 'newer' },
  );
}

/** Creates the error for a database of another application. */
export const foreignDatabase = ({ engine, replacement }: History, location: string): StoreError =>
  new StoreError(`${engine} database ${location} belongs to another application; use ${replacement}`, {
    failure: 'unusable',
  });
