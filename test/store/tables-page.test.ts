import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import type { RecordChange } from '../../src/rules/facts.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { type EngineDatabase, overBothEngines, type TestEngine } from './test-engines.ts';

const page = readFileSync(new URL('../../docs/tables.md', import.meta.url), 'utf8');

/** The statements of the page that are marked `sql` and one of these words. */
const statements = (...kinds: readonly string[]): string[] =>
  Array.from(page.matchAll(/^```sql ?(\w*)\n(.*?)^```$/gms))
    .filter(([, kind = '']) => kinds.includes(kind))
    .map(([, , sql = '']) => sql);

const viewsOnPage = Array.from(
  page.slice(page.indexOf('## Views'), page.indexOf('A view has the columns')).matchAll(/^\| `(\w+)`/gm),
  ([, name = '']) => name,
);

/** `opportunity.name TEXT`, and ` NOT NULL` where the page does not say that it may be null. */
const columnsOnPage = (engine: TestEngine['name']): string[] =>
  page.split(/^### /m).flatMap((section) => {
    const [, table = ''] = /^`(\w+)`/.exec(section) ?? [];
    const rows = section.matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \| (yes)? *\| .+ \|$/gm);
    return Array.from(rows).flatMap(([, column, sqlite = '', postgres = '', nullable]) => {
      const type = engine === 'SQLite' ? sqlite : postgres;
      return type === '–' ? [] : [`${table}.${column} ${type}${nullable ? '' : ' NOT NULL'}`];
    });
  });

const columnQueries: Readonly<Record<TestEngine['name'], string>> = {
  SQLite: `
SELECT m.name || '.' || c.name || ' ' || c.type || iif(c."notnull" OR c.pk, ' NOT NULL', '') AS line
FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`,
  PostgreSQL: `
SELECT table_name || '.' || column_name || ' ' || replace(data_type, 'timestamp with time zone', 'timestamptz')
  || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END AS line
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`,
};

const viewQueries: Readonly<Record<TestEngine['name'], string>> = {
  SQLite: "SELECT name FROM sqlite_master WHERE type = 'view' AND name <> 'external_key'",
  PostgreSQL: 'SELECT viewname AS name FROM pg_views WHERE schemaname = current_schema()',
};

/** A new activity of some days ago. */
const activity = (id: number, leadId: number, days: number): RecordChange<'Activity'> => ({
  type: 'Activity',
  before: undefined,
  after: {
    id,
    leadId,
    type: 'AddToList',
    at: new Date(Date.now() - days * 86_400_000).toISOString(),
    assetName: 'Newsletter',
    campaign: null,
    attributes: [],
  },
});

await overBothEngines((engine) => {
  const isSqlite = engine.name === 'SQLite';
  let database: EngineDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await engine.open();
    store = await openStore(database.url);
    const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
    await applyInstance(
      store,
      {
        leads: [
          { id: 19, email: 'lead@example.com' },
          { id: 20, email: 'b@example.com' },
        ],
        programs: [
          {
            id: 1,
            name: 'Spring',
            costs: [
              { month: '2026-01', amount: 2 },
              { month: '2026-01', amount: 3.5 },
            ],
          },
        ],
        opportunities: [
          { id: 1, attributes: { Name: 'One', Stage: 'Open', Amount: 10 } },
          { id: 2, attributes: { Name: 'Two', Stage: 'Open', Amount: 5, IsClosed: false } },
          { id: 3, attributes: { Stage: 'Won', Amount: 99, IsClosed: true } },
        ],
        roles: [{ id: 1, opportunityId: 1, leadId: 19, role: 'Buyer' }],
        customObjects: [
          {
            type: 'roadShow',
            keys: [
              { name: 'MKTOID', dataType: 'integer' },
              { name: 'rid', dataType: 'string' },
            ],
            fields: [{ name: 'city', dataType: 'string' }],
            objects: [{ attributes: { MKTOID: 19, rid: 'R-1', city: 'Boston' } }],
          },
        ],
        lists: [
          { name: 'Newsletter', members: [19] },
          { name: 'Visitors', members: [20] },
        ],
      },
      options,
    );
    await store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
      changes: {
        records: [activity(1, 19, 1), activity(2, 19, 8), activity(3, 20, 1)],
        looseKeys: [],
        newFields: [],
      },
      answer: undefined,
      journal: {
        callId: 'c',
        at: new Date().toISOString(),
        userId: 'u',
        operation: 'syncMObjects',
        mode: 'UPSERT',
        address: null,
        fault: null,
        outcomeUnknown: false,
        rows: ['no name', 'no name', 'no id'].map((because) => ({
          type: 'Opportunity',
          id: null,
          status: 'FAILED',
          because,
        })),
      },
    }));
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
  });

  describe('docs/tables.md', () => {
    it('describes every column of every table, and no other', async () => {
      const lines = (await database.query(columnQueries[engine.name])).map(({ line }) => String(line));
      expect(columnsOnPage(engine.name).sort()).toEqual(lines.sort());
    });

    it('names every view', async () => {
      const names = (await database.query(viewQueries[engine.name])).map(({ name }) => String(name));
      expect([...viewsOnPage].sort()).toEqual(names.sort());
    });

    it('has queries that answer what they say', async () => {
      const [pipeline = '', costs = '', people = '', members = '', cities = '', failed = '', week = ''] = [
        ...statements(''),
        ...statements(isSqlite ? 'sqlite' : 'postgresql'),
      ];
      const numbers = (rows: Record<string, unknown>[], ...names: string[]) =>
        rows.map((row) =>
          names.map((name) => (/^[\d.]+$/.test(String(row[name])) ? Number(row[name]) : row[name])),
        );
      expect(numbers(await database.query(pipeline), 'stage', 'opportunities', 'amount')).toEqual([
        ['Open', 2, 15],
      ]);
      expect(numbers(await database.query(costs), 'name', 'amount')).toEqual([['Spring', 5.5]]);
      expect(numbers(await database.query(people), 'name', 'role', 'email')).toEqual([
        ['One', 'Buyer', 'lead@example.com'],
      ]);
      expect(numbers(await database.query(members), 'id', 'email')).toEqual([[19, 'lead@example.com']]);
      expect(numbers(await database.query(cities), 'lead_id', 'city')).toEqual([[19, 'Boston']]);
      expect(numbers(await database.query(week), 'type', 'asset_name')).toEqual([
        ['AddToList', 'Newsletter'],
      ]);
      expect(numbers(await database.query(failed), 'reason', 'failed')).toEqual([
        ['no name', 2],
        ['no id', 1],
      ]);
    });

    it.runIf(isSqlite)(
      'is right that the file can be read while the store writes, and not written',
      async () => {
        const url = new URL(`file:${database.url.replace(/^sqlite:/, '')}?mode=ro`);
        const reader = new DatabaseSync(url);
        reader.exec('BEGIN');
        const count = () => reader.prepare('SELECT count(*) AS n FROM companies').get()?.n;
        expect(count()).toBe(0);
        const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
        await applyInstance(store, { companies: [{ id: 1, name: 'ACME' }] }, options);
        expect(count()).toBe(0);
        reader.exec('COMMIT');
        expect(count()).toBe(1);
        expect(() => reader.exec('DELETE FROM company')).toThrow('readonly');
        reader.close();
      },
    );

    it.runIf(!isSqlite)('makes a role that reads the views and nothing else', async () => {
      const role = `bi_${process.pid}_${Date.now()}`;
      const [sql = ''] = statements('role');
      const [{ schema } = {}] = await database.query('SELECT current_schema() AS schema');
      await database.run(sql.replaceAll(/\bbi\b/g, role).replace('SCHEMA public', `SCHEMA ${schema}`));
      try {
        const as = (query: string) => database.query(`SET ROLE ${role}; ${query}`);
        for (const view of viewsOnPage) await as(`SELECT count(*) FROM ${view}`);
        for (const table of ['lead', 'api_user', 'server_secret', 'journal'])
          await expect(as(`SELECT count(*) FROM ${table}`)).rejects.toThrow('permission denied');
        await expect(as('UPDATE leads SET email = NULL')).rejects.toThrow('permission denied');
        const settings = await database.query(
          `SELECT setconfig::text AS set FROM pg_db_role_setting WHERE setrole = '${role}'::regrole`,
        );
        expect(settings).toEqual([{ set: '{statement_timeout=30s,default_transaction_read_only=on}' }]);
      } finally {
        await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });
  });
});
