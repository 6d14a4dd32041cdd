import type { DatabaseSync } from 'node:sqlite';
import { foreignDatabase, type History, runMigrations, stepsOf } from '../migrations.ts';
import type { MigrationStep } from '../store.ts';
import { locationOf } from './location.ts';
import { migration1 } from './migrations/0001.ts';
import { migration2 } from './migrations/0002.ts';
import { migration3 } from './migrations/0003.ts';
import { migration4 } from './migrations/0004.ts';
import { migration5 } from './migrations/0005.ts';
import { migration6 } from './migrations/0006.ts';
import { migration7 } from './migrations/0007.ts';
import { migration8 } from './migrations/0008.ts';
import { migration9 } from './migrations/0009.ts';
import { schemaTables } from './schema.ts';
import { command, rowQuery, valueQuery } from './statements.ts';
import { dropStatements, viewStatements } from './views.ts';

/** Marks the file as an mktows database: "mkto". */
export const APPLICATION_ID = 0x6d6b746f;

/** The steps of SQLite databases. */
export const history: History = {
  engine: 'SQLite',
  replacement: 'another file',
  migrations: [
    migration1,
    migration2,
    migration3,
    migration4,
    migration5,
    migration6,
    migration7,
    migration8,
    migration9,
  ],
};

/** Throws if the file is another application's database. Read-only. */
export function assertOurs(db: DatabaseSync): void {
  // Counted first: another process may create the database meanwhile, tables and id in one transaction.
  if (valueQuery<[], number>(db, 'SELECT count(*) FROM sqlite_master').get() === 0) return;
  if (valueQuery<[], number>(db, 'PRAGMA application_id').get() === APPLICATION_ID) return;
  throw foreignDatabase(history, locationOf(db));
}

/** Returns the migration steps with their times. `db` undefined: the database does not exist. Read-only. */
export function migrationSteps(db: DatabaseSync | undefined): MigrationStep[] {
  if (db === undefined) return stepsOf(history, '', new Map());
  assertOurs(db);
  return stepsOf(history, locationOf(db), appliedSteps(db));
}

function appliedSteps(db: DatabaseSync): Map<number, string> {
  const isOurs = valueQuery<[], number>(db, "SELECT 1 FROM sqlite_master WHERE name = 'migration'").get();
  if (isOurs === undefined) return new Map();
  return new Map(rowQuery<[], [number, string]>(db, 'SELECT number, applied_at FROM migration').all());
}

/** Migrates the database to the current schema version, and makes its views, in one transaction. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function migrate(db: DatabaseSync, now: string): Promise<void> {
  const migrated = {
    location: locationOf(db),
    transaction: (work: () => Promise<void>) =>
      inTransaction(db, async () => {
        await work();
        makeViews(db);
      }),
    applied: async () => appliedSteps(db),
    run: async (sql: string) => db.exec(sql),
    // SQLite has no way back: this connection keeps the function. Queries of people have a connection of their own.
    async foldAllLetters() {
      db.function('lower', { deterministic: true }, (text) =>
        text === null ? null : String(text).toLowerCase(),
      );
    },
    foldAsBefore: async () => {},
    async dropViews() {
      for (const statement of dropStatements(db)) db.exec(statement);
    },
    rows: async (sql: string) => rowQuery<[], [number, string]>(db, sql).all(),
    async setText(table: string, column: string, id: number, text: string) {
      command<[string, number]>(db, `UPDATE ${table} SET ${column} = ? WHERE id = ?`).run(text, id);
    },
    async addSecret(name: string, value: Uint8Array) {
      command<[string, Uint8Array]>(db, 'INSERT INTO server_secret (name, value) VALUES (?, ?)').run(
        name,
        value,
      );
    },
    async record({ number, name }: { number: number; name: string }, appliedAt: string) {
      command<[number, string, string]>(
        db,
        'INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)',
      ).run(number, name, appliedAt);
    },
  };
  return runMigrations(history, migrated, now);
}

/** Makes the views for people, also in a database that a version without them wrote. */
function makeViews(db: DatabaseSync): void {
  for (const statement of viewStatements(db, schemaTables(db).current().schema)) db.exec(statement);
}

const prepared = `
PRAGMA application_id = ${APPLICATION_ID};
CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT`;

/** Some errors, such as a full disk, have already ended the transaction. */
async function inTransaction(db: DatabaseSync, work: () => Promise<void>): Promise<void> {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(prepared);
    await work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
