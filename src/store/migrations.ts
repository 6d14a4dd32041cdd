import { randomBytes } from 'node:crypto';
import { type MigrationStep, StoreError } from './store.ts';

/** One step of a database's history. Frozen: its text never changes, a later step changes what it made. */
export interface Migration {
  /** From 1, without gaps: the schema version that the step leads to. */
  readonly number: number;
  readonly name: string;
  /** Plain SQL, without anything inserted. */
  readonly sql: string;
  /** The row of `server_secret` to which the step adds 32 random bytes. */
  readonly secret?: string;
}

/** All steps of an engine, and how messages call its databases. */
export interface History {
  readonly engine: 'SQLite' | 'PostgreSQL';
  /** What to use instead of a database that cannot be used. */
  readonly replacement: 'another file' | 'another database';
  readonly migrations: readonly Migration[];
}

/** What the runner needs of an engine. All but `transaction` is called inside of a transaction. */
export interface MigratedDatabase {
  readonly location: string;
  /** Runs the work in one transaction, in which no other process migrates, with a table `migration` made if needed. */
  transaction(work: () => Promise<void>): Promise<void>;
  /** The rows of the table `migration`: number → when, UTC. */
  applied(): Promise<ReadonlyMap<number, string>>;
  run(sql: string): Promise<void>;
  addSecret(name: string, value: Uint8Array): Promise<void>;
  /** Adds a row to the table `migration`. */
  record(migration: Migration, appliedAt: string): Promise<void>;
}

/**
 * Brings the database to the newest schema version, in one transaction. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. Throws a
 * `StoreError` if a newer version of mktows wrote it.
 */
export async function runMigrations(history: History, db: MigratedDatabase, now: string): Promise<void> {
  await db.transaction(async () => {
    const applied = await db.applied();
    assertKnown(history, db.location, applied);
    for (const migration of history.migrations) {
      if (applied.has(migration.number)) continue;
      await db.run(migration.sql);
      if (migration.secret !== undefined) await db.addSecret(migration.secret, randomBytes(32));
      await db.record(migration, now);
    }
  });
}

/** All steps, with the time of those that were applied. Throws if a newer version of mktows wrote the database. */
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
    `${history.engine} database ${location} was written by a newer version of mktows (its form is ${reached}, ` +
      `this version knows ${newest}); upgrade mktows, or use ${history.replacement}`,
    { failure: 'newer' },
  );
}

/** Says that a database holds something, and nothing of ours. */
export const foreignDatabase = ({ engine, replacement }: History, location: string): StoreError =>
  new StoreError(`${engine} database ${location} belongs to another application; use ${replacement}`, {
    failure: 'unusable',
  });
