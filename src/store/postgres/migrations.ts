import type pg from 'pg';
import { foreignDatabase, type History, type Migration, runMigrations, stepsOf } from '../migrations.ts';
import type { MigrationStep } from '../store.ts';
import { migration1 } from './migrations/0001.ts';
import { migration2 } from './migrations/0002.ts';
import { migration3 } from './migrations/0003.ts';
import { migration4 } from './migrations/0004.ts';
import { migration5 } from './migrations/0005.ts';
import { migration6 } from './migrations/0006.ts';
import { migration7 } from './migrations/0007.ts';
import { packText, unpackText } from './sql.ts';
import { dropViews } from './views.ts';

/** Advisory lock that prevents two servers from migrating at once: "mkto". */
const MIGRATION_LOCK = 0x6d6b746f;

/** The steps of PostgreSQL databases. */
export const history: History = {
  engine: 'PostgreSQL',
  replacement: 'another database',
  migrations: [migration1, migration2, migration3, migration4, migration5, migration6, migration7],
};

/** Returns the names of all tables, indexes and sequences that the migrations create. */
export const createdRelations = (): string[] =>
  history.migrations.flatMap(({ sql }) =>
    Array.from(
      sql.matchAll(/^CREATE (?:UNLOGGED )?(?:TABLE|(?:UNIQUE )?INDEX|SEQUENCE) (\w+)/gm),
      ([, name = '']) => name,
    ),
  );

/** Returns the migration steps with their times. Read-only. */
export async function migrationSteps(client: pg.ClientBase, location: string): Promise<MigrationStep[]> {
  return stepsOf(history, location, await appliedSteps(client, location));
}

/**
 * Migrates the database to the current schema version in one transaction. If several servers start at once, one
 * migrates and the others wait. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`.
 */
export async function migrate(client: pg.ClientBase, location: string, now: string): Promise<void> {
  const steps = await migrationSteps(client, location);
  // A role without the right to create tables can still serve.
  if (steps.every(({ appliedAt }) => appliedAt !== null)) return;
  const migrated = {
    location,
    transaction: (work: () => Promise<void>) => inTransaction(client, work),
    applied: () => appliedSteps(client, location),
    async run(sql: string) {
      await client.query(sql);
    },
    async foldAllLetters() {
      await client.query(ownLower());
    },
    async foldAsBefore() {
      await client.query('DROP FUNCTION lower(text)');
    },
    async dropViews() {
      await client.query(dropViews);
    },
    async rows(sql: string) {
      const { rows } = await client.query<[string, string]>({ text: sql, rowMode: 'array' });
      return rows.map(([id, text]) => [Number(id), unpackText(text)] as const);
    },
    async setText(table: string, column: string, id: number, text: string) {
      await client.query(`UPDATE ${table} SET ${column} = $1 WHERE id = $2`, [packText(text), id]);
    },
    async addSecret(name: string, value: Uint8Array) {
      await client.query('INSERT INTO server_secret (name, value) VALUES ($1, $2)', [name, value]);
    },
    async record({ number, name }: Migration, appliedAt: string) {
      await client.query('INSERT INTO migration (number, name, applied_at) VALUES ($1, $2, $3)', [
        number,
        name,
        appliedAt,
      ]);
    },
  };
  await runMigrations(history, migrated, now);
}

/**
 * Returns SQL that puts a function `lower` before PostgreSQL's, which folds only ASCII letters where the database has the
 * locale C.
 */
function ownLower(): string {
  const letters = Array.from({ length: 0x1_f000 }, (_, code) => code)
    .filter((code) => code > 0x7f && (code < 0xd800 || code > 0xdfff))
    .map((code) => String.fromCodePoint(code))
    .filter((letter) => letter.toLowerCase() !== letter && [...letter.toLowerCase()].length === 1);
  const [capitals, small] = [letters.join(''), letters.map((letter) => letter.toLowerCase()).join('')];
  return `
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_catalog', true);
CREATE FUNCTION lower(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN value COLLATE "C" ~ '^[ -~]*$' THEN pg_catalog.lower(value)
    ELSE translate(pg_catalog.lower(value), '${capitals}', '${small}') END
$$`;
}

const prepared = `
SELECT pg_advisory_xact_lock(${MIGRATION_LOCK});
CREATE TABLE IF NOT EXISTS migration (
  number integer PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  applied_at timestamptz NOT NULL
)`;

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(prepared);
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Returns step number → time. Throws if the database belongs to another application. */
async function appliedSteps(client: pg.ClientBase, location: string): Promise<Map<number, string>> {
  const { rows } = await client.query<{ ours: boolean; tables: string }>(
    "SELECT to_regclass('migration') IS NOT NULL AS ours, (SELECT count(*) FROM pg_class AS c WHERE " +
      "c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')) AS tables",
  );
  if (!rows[0]?.ours) {
    if (Number(rows[0]?.tables ?? 0) === 0) return new Map();
    throw foreignDatabase(history, location);
  }
  const steps = await client.query<{ number: number; applied_at: Date }>(
    'SELECT number, applied_at FROM migration',
  );
  return new Map(steps.rows.map(({ number, applied_at }) => [number, applied_at.toISOString()]));
}
