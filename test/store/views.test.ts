import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import type { Instance } from '../../src/instance/shape.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { copy } from './copy-fixture.ts';
import { earlierDatabases, restore } from './earlier-databases.ts';
import { type EngineDatabase, overBothEngines } from './test-engines.ts';

const fields = {
  Opportunity: [
    { name: 'Deal Size', dataType: 'currency' as const },
    { name: 'Steps', dataType: 'integer' as const },
    { name: 'Hot', dataType: 'boolean' as const },
    { name: 'Since', dataType: 'date' as const },
    { name: 'Seen', dataType: 'datetime' as const },
    { name: 'Note', dataType: 'text' as const },
  ],
};
const attributes = {
  Amount: 5,
  CloseDate: '2026-03-31',
  'Deal Size': 7,
  Steps: 3,
  Hot: true,
  Since: '2026-01-02',
  Seen: '2026-01-02T03:04:05Z',
  Note: "it's",
};
const instance: Instance = { fields, opportunities: [{ id: 1, attributes }, { id: 2 }] };

/** Names that are to be quoted, cut or numbered. */
const hostile = [
  'q"uote',
  "apo'strophe",
  'back\\slash',
  '$.path',
  '$mk$',
  'semi;colon -- /*',
  'close_date',
  'CLOSE_DATE_2',
  'é'.repeat(40),
  `${'é'.repeat(40)}2`,
  '日本 𝄞',
  '%s',
];

await overBothEngines((engine) => {
  let database: EngineDatabase;
  let store: Store;
  beforeEach(async () => {
    database = await engine.open();
    store = await openStore(database.url);
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  const isSqlite = engine.name === 'SQLite';
  const apply = async (file: Instance, exact = false) => {
    const options = { mode: 'make', exact, now: new Date(), timeZone: 'UTC' } as const;
    expect(await applyInstance(store, file, options)).toHaveProperty('report');
  };
  const columnsOf = async (view: string): Promise<string[]> => {
    const sql = isSqlite
      ? `SELECT name FROM pragma_table_info('${view}') ORDER BY cid`
      : `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${view}' ORDER BY ordinal_position`;
    return (await database.query(sql)).map(({ name }) => String(name));
  };
  const typesOf = async (columns: readonly string[]) => {
    const name = isSqlite ? 'typeof' : 'pg_typeof';
    const cells = columns.map((column, at) => `CAST(${name}("${column}") AS text) AS c${at}`);
    const [row = {}] = await database.query(`SELECT ${cells.join(', ')} FROM opportunities WHERE id = 1`);
    return columns.map((_, at) => row[`c${at}`]);
  };

  describe('views', () => {
    it('have a typed column for each field', async () => {
      await apply(instance);
      const names = fields.Opportunity.map(({ name }) => name);
      expect((await columnsOf('opportunities')).slice(-6).sort()).toEqual([...names].sort());
      expect(await typesOf(names)).toEqual(
        isSqlite
          ? ['real', 'integer', 'integer', 'text', 'text', 'text']
          : ['double precision', 'bigint', 'boolean', 'date', 'timestamp with time zone', 'text'],
      );
      const found = await database.query(
        'SELECT id FROM opportunities WHERE "Deal Size" = 7 AND "Steps" = 3 AND "Hot" AND "Since" = \'2026-01-02\' ' +
          "AND \"Seen\" = '2026-01-02T03:04:05.000Z' AND \"Note\" = 'it''s' AND close_date = '2026-03-31'",
      );
      expect(found.map(({ id }) => Number(id))).toEqual([1]);
      const empty = await database.query('SELECT "Hot", "Seen" FROM opportunities WHERE id = 2');
      expect(empty).toEqual([{ Hot: null, Seen: null }]);
    });

    it('follow fields that are added, given another type and removed', async () => {
      await apply(instance);
      await apply(
        {
          fields: {
            Opportunity: [
              { name: 'Steps', dataType: 'string' },
              { name: 'New', dataType: 'string' },
            ],
          },
          opportunities: [{ id: 1, attributes: { Steps: 'three' } }],
        },
        true,
      );
      expect((await columnsOf('opportunities')).slice(-2)).toEqual(['Steps', 'New']);
      expect(await typesOf(['Steps'])).toEqual(['text']);
    });

    it('stay as they are where the change of the fields is not committed', async () => {
      const before = await columnsOf('opportunities');
      const more = {
        name: 'More',
        displayName: null,
        description: null,
        dataType: 'string',
        size: 5,
      } as const;
      const field = { ...more, custom: true, references: null };
      const twice = [1, 1].map((id) => ({
        type: 'Company' as const,
        before: undefined,
        after: { id, name: 'x', externalKeys: new Map() },
      }));
      const failing = store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
        changes: { records: twice, looseKeys: [], newFields: [{ owner: 'Opportunity', field }] },
        answer: undefined,
        journal: null,
      }));
      await expect(failing).rejects.toThrow();
      expect(await columnsOf('opportunities')).toEqual(before);
    });

    it('can have fields of any name', async () => {
      await apply({
        fields: { Opportunity: hostile.map((name) => ({ name, dataType: 'string' as const })) },
        opportunities: [
          { id: 1, attributes: Object.fromEntries(hostile.map((name) => [name, `<${name}>`])) },
        ],
      });
      const columns = (await columnsOf('opportunities')).slice(-hostile.length);
      const quoted = columns.map((name, at) => `"${name.replaceAll('"', '""')}" AS c${at}`);
      const [row = {}] = await database.query(`SELECT ${quoted.join(', ')} FROM opportunities`);
      expect(Object.values(row).sort()).toEqual(hostile.map((name) => `<${name}>`).sort());
      expect(columns).toContain('close_date_2');
      const longest = Math.max(...columns.map((name) => Buffer.byteLength(name)));
      expect(longest).toBe(isSqlite ? 81 : 62);
    });

    it('of a database of an earlier version are there once it is opened', async () => {
      for (const earlier of earlierDatabases(engine.name)) {
        const old = await restore(engine, earlier);
        await (await openStore(old.url)).close();
        expect(await old.query('SELECT count(*) AS n FROM opportunities WHERE id > 0')).toHaveLength(1);
        await old.remove();
      }
    });

    it('are there in a copy', async () => {
      await apply(instance);
      const target = await engine.open(true);
      await copy(database.url, target.url);
      expect(await target.query('SELECT "Steps" FROM opportunities WHERE id = 1')).toHaveLength(1);
      await target.remove();
    });

    it('of other people are left alone', async () => {
      await database.run('DROP VIEW leads; CREATE VIEW leads AS SELECT 1 AS own');
      await apply({ fields: { Lead: [{ name: 'score', dataType: 'integer' }] } });
      expect(await columnsOf('leads')).toEqual(['own']);
      await store.close();
      store = await openStore(database.url);
      expect(await columnsOf('leads')).toEqual(['own']);
      await database.run('DROP VIEW leads');
      await store.close();
      store = await openStore(database.url);
      expect(await columnsOf('leads')).toContain('score');
    });
  });

  describe.runIf(!isSqlite)('views on PostgreSQL', () => {
    it('keep their grants, and other views on them, when a field is added; grants when one goes', async () => {
      await database.run('GRANT SELECT ON opportunities TO PUBLIC');
      await apply(instance);
      await database.run('CREATE VIEW mine AS SELECT id, "Steps" FROM opportunities');
      await apply({ fields: { Opportunity: [{ name: 'Aaa', dataType: 'string' }] } });
      expect(await columnsOf('opportunities')).toContain('Aaa');
      const kept: Instance = { fields: { Opportunity: fields.Opportunity.slice(0, 2) } };
      await apply(kept, true);
      expect(await columnsOf('opportunities')).toContain('Aaa');
      await database.run('DROP VIEW mine');
      await store.close();
      store = await openStore(database.url);
      expect(await columnsOf('opportunities')).not.toContain('Aaa');
      const [grant] = await database.query(
        "SELECT has_table_privilege('public', 'opportunities', 'SELECT') AS may",
      );
      expect(grant).toEqual({ may: true });
    });

    it('are not needed by a server that may not make them, which still defines fields', async () => {
      const role = `server_${process.pid}_${Date.now()}`;
      await database.run(
        `CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}; ` +
          `GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC; ` +
          `DROP VIEW roles`,
      );
      const url = new URL(database.url);
      url.username = role;
      url.password = 'x';
      await store.close();
      store = await openStore(url.href);
      await apply({ fields: { Opportunity: [{ name: 'Own', dataType: 'string' }] } });
      expect((await store.schema()).fields.Opportunity.find('Own')).toBeDefined();
      expect(await columnsOf('opportunities')).not.toContain('Own');
      await store.close();
      store = await openStore(database.url);
      expect(await columnsOf('opportunities')).toContain('Own');
      await database.run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });

    it('that a query holds do not keep calls from defining fields', async () => {
      const held = database.query('SELECT pg_sleep(6), count(*) FROM opportunities');
      await wait(500);
      const begun = performance.now();
      await apply({ fields: { Opportunity: [{ name: 'Held', dataType: 'string' }] } });
      expect(performance.now() - begun).toBeLessThan(5000);
      expect(await columnsOf('opportunities')).not.toContain('Held');
      await held;
      await store.close();
      store = await openStore(database.url);
      expect(await columnsOf('opportunities')).toContain('Held');
    });
  });
});
