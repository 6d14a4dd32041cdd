import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { declarations } from '../../src/records/all.ts';
import type { Declaration, Part } from '../../src/records/declare.ts';
import { columnsOf, ownerColumn, partColumns } from '../../src/store/columns.ts';
import type { Migration } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open.ts';
import { kinds as postgresKinds } from '../../src/store/postgres/kinds.ts';
import { kinds as sqliteKinds } from '../../src/store/sqlite/kinds.ts';
import { type EngineDatabase, overBothEngines, type TestEngine } from './test-engines.ts';

type EngineName = TestEngine['name'];

const sourceFolders = {
  SQLite: new URL('../../src/store/sqlite/migrations/', import.meta.url),
  PostgreSQL: new URL('../../src/store/postgres/migrations/', import.meta.url),
};
const filesOf = (engine: EngineName) => readdirSync(sourceFolders[engine]).sort();

/** SHA-256 of each step's SQL. A step that was released never changes: lines are only added. */
const frozen: Readonly<Record<EngineName, readonly string[]>> = {
  SQLite: [
    'dcf0122348df31e293796f7d962f3e29d6ac42702c14bc995557b54efd398261',
    '3c62dad67de43d96c6a16d0c6c3365baa122eb78ccca485071aeb38d57031306',
    'c9585f5216405f17a9ca519d196daae3c8ecd601912848dc97933c813f1c58aa',
    '8dd7caa8eb3beabb791dfb97606695fc45db2d596885616ab60c1c868432a437',
    '5c3925475e17424e52a6b651ae93815d7929391d1bd484f6eaecb9275b0449ac',
    '48f0b1f2d50a37e0369925fa1cb05448080921731aa3d48697b7c5fdf49c77cd',
    'f56fbaa155b1069b305b9634140d0381eddbc2b28009e0c36bca53457dbe39a7',
    'f3697489f0e0cd6da7e1ebfb3f5cc82a6d6d7bec85ccfa7c965dbd8bb3d734c7',
    'f1c63c515f8e74e49d2a6b584ee9b503dd4213276e878efa5558e934965e467c',
  ],
  PostgreSQL: [
    'ad43f0e4d0f251785d69a814d46a2146f6311b635e500850df7321cfd7214e96',
    '8b4945e89fabe7e760710299e92d396e98ab837c64632a0f7fef1aaa1dbb5347',
    '38cae3aaf99f9e94c8d1d6392e4003e7f8c91503ff8d5b9d61b0073a14ebdd65',
    '2b22a522baded9fcddf3f040193226ac5d82c64e9a7faae189e2f5ae99e936f3',
    'c7516ae7b2b9f063266738e7dbbfde513e47432030eb8f5ce55054c5ac1d6852',
    '1d8543137084845e8a402eaf3fab5dda03860b87d467af7f1d68de2858c0a1c5',
    'f1c63c515f8e74e49d2a6b584ee9b503dd4213276e878efa5558e934965e467c',
  ],
};

const kinds = { SQLite: sqliteKinds, PostgreSQL: postgresKinds };
const text = { kind: 'text', nullable: false } as const;
const owner = (declaration: Declaration) =>
  ({ kind: 'id', nullable: false, name: ownerColumn(declaration) }) as const;

/** The columns of all tables of records, as the declarations have them. */
const declaredTables = declarations.flatMap((declaration: Declaration) => [
  { table: declaration.table, columns: columnsOf(declaration) },
  ...Object.values(declaration.parts).map((part: Part) => ({
    table: part.table,
    columns:
      part.kind === 'rows'
        ? partColumns(part, declaration)
        : [owner(declaration), { ...text, name: part.nameColumn }, { ...text, name: 'value' }],
  })),
]);
const recordTables = declaredTables.map(({ table }) => table);

/** `opportunity.name TEXT`, for a column that is never null ` NOT NULL` after it. */
const declaredColumns = (engine: EngineName): string[] =>
  declaredTables.flatMap(({ table, columns }) =>
    columns.map(
      ({ name, kind, nullable }) =>
        `${table}.${name} ${kinds[engine][kind].sql}${nullable ? '' : ' NOT NULL'}`,
    ),
  );

/** The columns of a database in the same form. */
const columnQueries: Readonly<Record<EngineName, string>> = {
  SQLite: `
SELECT m.name AS "table", m.name || '.' || c.name || ' ' || c.type || iif(c."notnull" OR c.pk, ' NOT NULL', '') AS line
FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'`,
  PostgreSQL: `
SELECT table_name AS table, table_name || '.' || column_name || ' '
  || replace(data_type, 'timestamp with time zone', 'timestamptz')
  || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END AS line
FROM information_schema.columns WHERE table_schema = current_schema()`,
};

/** The whole schema of the migrations as text: SQLite's own, and what PostgreSQL's catalogues say. */
const schemaQueries: Readonly<Record<EngineName, string>> = {
  SQLite: `
SELECT sql || ';' AS line FROM sqlite_master WHERE sql IS NOT NULL AND sql NOT LIKE '%made by mktows%' ORDER BY type, name`,
  PostgreSQL: `
WITH own AS (
  SELECT * FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
), lines (part, number, line) AS (
  SELECT 1, 0, 'table ' || relname || CASE relpersistence WHEN 'u' THEN ' unlogged' ELSE '' END
    || coalesce(' with ' || array_to_string(reloptions, ', '), '') FROM own
  UNION ALL SELECT 2, attnum, 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || coalesce(' collate ' || (SELECT collname FROM pg_collation AS l WHERE l.oid = attcollation AND collname <> 'default'), '')
    || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
    || CASE attidentity WHEN '' THEN '' ELSE ' identity ' || attidentity::text END
    FROM pg_attribute JOIN own ON own.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
  UNION ALL SELECT 3, 0, indexdef FROM pg_indexes WHERE schemaname = current_schema()
  UNION ALL SELECT 4, 0, 'sequence ' || sequencename || ' ' || data_type || ' from ' || start_value
    FROM pg_sequences WHERE schemaname = current_schema()
)
SELECT line FROM lines ORDER BY part, split_part(line, '.', 1) COLLATE "C", number, line COLLATE "C"`,
};

await overBothEngines((engine) => {
  const files = filesOf(engine.name);
  let database: EngineDatabase;
  beforeAll(async () => {
    database = await engine.open(true);
    await (await openStore(database.url)).close();
  });
  afterAll(() => database.remove());

  it.each(files)('migration %s is plain text that never changes', async (file) => {
    const url = new URL(file, sourceFolders[engine.name]);
    expect(readFileSync(url, 'utf8')).not.toContain('${');
    const [migration] = Object.values<Migration>(await import(url.href));
    const number = Number(file.slice(0, 4));
    expect(migration?.number).toBe(number);
    expect(hash('sha256', migration?.sql ?? '')).toBe(frozen[engine.name][number - 1]);
  });

  it('a new database has the schema that it always had', async () => {
    const golden = `databases/${engine.name === 'SQLite' ? 'sqlite' : 'postgres'}-schema.txt`;
    const rows = await database.query(schemaQueries[engine.name]);
    await expect(rows.map(({ line }) => `${line}\n`).join('')).toMatchFileSnapshot(golden);
  });

  it('a migrated database has the columns that the record types declare, and no others', async () => {
    const rows = await database.query(columnQueries[engine.name]);
    const made = rows.filter(({ table }) => recordTables.includes(String(table))).map(({ line }) => line);
    expect(made.sort()).toEqual(declaredColumns(engine.name).sort());
  });
});
