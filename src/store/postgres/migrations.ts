import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { StoredType } from '../../contract/fields.ts';
import { fieldKinds } from '../../records/column.ts';
import { fieldColumns } from '../columns.ts';
import { type MigrationStep, StoreError } from '../store.ts';
import { kinds } from './kinds.ts';

/** A step of the database's history. Never changed once it was released, only followed by another. */
interface Migration {
  readonly number: number;
  readonly name: string;
  sql(): string;
}

/** How many locks there are for objects, keys and role pairs (`locks.ts`): each stands for one slot of their hashes. */
export const LOCK_SLOTS = 65_536;

/** Fills the table of locks. It is unlogged: after a crash of the database it is empty. */
export const fillLocks = `INSERT INTO call_lock (slot) SELECT generate_series(0, ${LOCK_SLOTS - 1}) ON CONFLICT DO NOTHING`;

/** By which PostgreSQL keeps two servers from migrating at once. "mkto". */
const MIGRATION_LOCK = 0x6d6b746f;

const text = 'text COLLATE "C"';

/** By what an external key is found: values can be longer than an entry of an index. */
export const keyHash = (name: string, value: string): string =>
  `hashtextextended(${name} || ':' || ${value}, 0)`;

const standardColumns = (type: StoredType): string =>
  fieldColumns[type]
    .map(({ field, column }) => {
      const columnType = kinds[fieldKinds[field.dataType]].sql;
      return `  ${column} ${columnType === 'text' ? text : columnType},\n`;
    })
    .join('');

/** Table → columns by a range of whose values objects are found (`find.ts`). */
export const rangeColumns: Readonly<Record<string, readonly string[]>> = {
  opportunity: ['name', 'stage', 'type', 'created_at', 'updated_at'],
  opportunity_person_role: ['created_at', 'updated_at'],
};

/** The part of a text that an index holds: an entry of an index has room for some 2,700 bytes. */
export const indexedPart = (of: string): string => `left(${of}, 600)`;

const rangeIndexes = Object.entries(rangeColumns).flatMap(([table, columns]) =>
  columns.map((column) => {
    const indexed = column.endsWith('_at') ? column : `(${indexedPart(column)})`;
    return `CREATE INDEX ${table}_by_${column} ON ${table} (${indexed}) WHERE ${column} IS NOT NULL;\n`;
  }),
);

const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'records, definitions, journal, users',
    sql: () => `
CREATE TABLE opportunity (
  id bigint PRIMARY KEY,
${standardColumns('Opportunity')}  custom jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX opportunity_by_company ON opportunity (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE opportunity_person_role (
  id bigint PRIMARY KEY,
${standardColumns('OpportunityPersonRole')}  custom jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX role_by_opportunity ON opportunity_person_role (opportunity_id, person_id);
CREATE INDEX role_by_person ON opportunity_person_role (person_id);

CREATE TABLE program (
  id bigint PRIMARY KEY,
  name ${text} NOT NULL,
  type ${text} NOT NULL,
  channel ${text},
  workspace_id bigint,
  workspace_name ${text},
  tree_path ${text},
  is_archived boolean NOT NULL,
  start_date ${text},
  end_date ${text},
  crm_id ${text},
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE program_tag (
  program_id bigint NOT NULL,
  type ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (program_id, type)
);
CREATE TABLE program_token (
  program_id bigint NOT NULL,
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (program_id, name)
);
CREATE TABLE program_cost (
  id bigint PRIMARY KEY,
  program_id bigint NOT NULL,
  month date NOT NULL,
  amount double precision NOT NULL,
  note ${text}
);
CREATE INDEX cost_by_program ON program_cost (program_id);

CREATE TABLE lead (
  id bigint PRIMARY KEY,
  email ${text},
  company_id bigint,
  attributes jsonb NOT NULL
);
CREATE INDEX lead_by_company ON lead (company_id) WHERE company_id IS NOT NULL;
CREATE TABLE company (
  id bigint PRIMARY KEY,
  name ${text} NOT NULL,
  external_keys jsonb NOT NULL
);

CREATE TABLE external_key (
  object_type ${text} NOT NULL,
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  object_id bigint NOT NULL,
  loose boolean NOT NULL,
  spelled_name ${text}
);
CREATE INDEX external_key_by_value ON external_key (${keyHash('name', 'value')}, object_id);
CREATE INDEX external_key_by_object ON external_key (object_type, object_id);
CREATE TABLE key_field (
  object_type ${text} NOT NULL,
  name ${text} NOT NULL,
  PRIMARY KEY (object_type, name)
);
CREATE SEQUENCE opportunity_id;
CREATE SEQUENCE opportunity_person_role_id;
CREATE SEQUENCE program_cost_id;

CREATE TABLE field_definition (
  owner ${text} NOT NULL,
  folded_name ${text} NOT NULL,
  name ${text} NOT NULL,
  display_name ${text},
  description ${text},
  data_type ${text} NOT NULL,
  size bigint,
  reference_to ${text},
  defined_at timestamptz,
  PRIMARY KEY (owner, folded_name)
);
CREATE TABLE tag_type (
  name ${text} PRIMARY KEY,
  position integer NOT NULL
);
CREATE TABLE tag_value (
  tag_type ${text} NOT NULL,
  position integer NOT NULL,
  value ${text} NOT NULL,
  PRIMARY KEY (tag_type, position)
);
CREATE TABLE channel (
  name ${text} PRIMARY KEY,
  position integer NOT NULL
);
CREATE TABLE channel_status (
  channel ${text} NOT NULL,
  position integer NOT NULL,
  status ${text} NOT NULL,
  step bigint NOT NULL,
  success boolean NOT NULL,
  attributes jsonb NOT NULL,
  PRIMARY KEY (channel, position)
);

CREATE TABLE journal (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  user_id ${text} NOT NULL,
  operation ${text} NOT NULL,
  mode ${text},
  address ${text},
  fault integer,
  rows jsonb NOT NULL
);
CREATE INDEX journal_by_time ON journal (at);
CREATE TABLE api_user (
  user_id ${text} PRIMARY KEY,
  encrypted_secret bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE meta (
  name ${text} PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO meta (name, value) VALUES ('schema_version', 1);
CREATE TABLE server_secret (
  name ${text} PRIMARY KEY,
  value bytea NOT NULL
);
INSERT INTO server_secret (name, value)
  VALUES ('stream position', '\\x${randomBytes(32).toString('hex')}');
CREATE UNLOGGED TABLE call_lock (slot integer PRIMARY KEY);
${fillLocks};
${rangeIndexes.join('')}`,
  },
  {
    number: 2,
    name: 'calls counted by each server',
    // Rows are rewritten often: room in their page keeps the table small.
    sql: () => `
CREATE TABLE call_count (
  server ${text} PRIMARY KEY,
  written_at timestamptz NOT NULL,
  day timestamptz NOT NULL,
  today bigint NOT NULL,
  under_way integer NOT NULL,
  recent jsonb NOT NULL
) WITH (fillfactor = 50)`,
  },
  {
    number: 3,
    name: 'call ids and unknown outcomes in the journal',
    sql: () => `
ALTER TABLE journal ADD COLUMN call_id ${text} NOT NULL DEFAULT '',
  ADD COLUMN outcome_unknown boolean NOT NULL DEFAULT false`,
  },
];

/** The names of all tables, indexes and sequences that the migrations make. */
export const madeRelations = (): string[] =>
  migrations.flatMap(({ sql }) =>
    Array.from(
      sql().matchAll(/^CREATE (?:UNLOGGED )?(?:TABLE|INDEX|SEQUENCE) (\w+)/gm),
      ([, name = '']) => name,
    ),
  );

/** Which migrations were applied. Changes nothing. */
export async function migrationSteps(client: pg.ClientBase, location: string): Promise<MigrationStep[]> {
  const applied = await appliedSteps(client, location);
  return migrations.map(({ number, name }) => ({ number, name, appliedAt: applied.get(number) ?? null }));
}

/**
 * Brings the database to the newest form, in one transaction. Of several servers that begin at once one does it and
 * the others wait; `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`.
 */
export async function migrate(client: pg.ClientBase, location: string, now: string): Promise<void> {
  const known = await appliedSteps(client, location);
  if (migrations.every(({ number }) => known.has(number))) return;
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, name ${text} NOT NULL, applied_at timestamptz NOT NULL)`,
    );
    const applied = await appliedSteps(client, location);
    for (const { number, name, sql } of migrations) {
      if (applied.has(number)) continue;
      await client.query(sql());
      await client.query('INSERT INTO migration (number, name, applied_at) VALUES ($1, $2, $3)', [
        number,
        name,
        now,
      ]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Number → when. Throws if the database is another application's, or of a newer version. */
async function appliedSteps(client: pg.ClientBase, location: string): Promise<Map<number, string>> {
  const { rows } = await client.query<{ ours: boolean; tables: string }>(
    "SELECT to_regclass('migration') IS NOT NULL AS ours, (SELECT count(*) FROM pg_class AS c WHERE " +
      "c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')) AS tables",
  );
  if (!rows[0]?.ours) {
    if (Number(rows[0]?.tables ?? 0) === 0) return new Map();
    throw new StoreError(
      `PostgreSQL database ${location} belongs to another application; use another database`,
      {
        failure: 'unusable',
      },
    );
  }
  const steps = await client.query<{ number: number; applied_at: Date }>(
    'SELECT number, applied_at FROM migration',
  );
  const reached = Math.max(0, ...steps.rows.map(({ number }) => number));
  const newest = migrations.at(-1)?.number ?? 0;
  if (reached > newest) {
    throw new StoreError(
      `PostgreSQL database ${location} was written by a newer version of mktows (its form is ${reached}, ` +
        `this version knows ${newest}); upgrade mktows, or use another database`,
      { failure: 'newer' },
    );
  }
  return new Map(steps.rows.map(({ number, applied_at }) => [number, applied_at.toISOString()]));
}
