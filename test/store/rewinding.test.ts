import { readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { exportInstance } from '../../src/instance/export.ts';
import { openStore } from '../../src/store/open.ts';
import { restoredTables, withDependents } from '../../src/store/rewinding.ts';
import type { Store } from '../../src/store/store.ts';
import { makeWorkspace, type Workspace } from '../cli/mktows.ts';
import { done, entry, wanted, write } from './fixture.ts';
import { type EngineDatabase, overBothEngines } from './test-engines.ts';

const instance = {
  fields: { Opportunity: [{ name: 'Region', dataType: 'string' as const }] },
  tags: { Product: ['Widget'] },
  channels: { Event: [{ status: 'Invited', step: 1, success: false }] },
  programs: [{ id: 5, name: 'Fair', tags: { Product: 'Widget' }, costs: [{ month: '2026-03', amount: 1 }] }],
  companies: [{ id: 3, name: 'Example Inc' }],
  leads: [{ id: 8, email: 'ada@example.com', companyId: 3 }],
  opportunities: [
    { id: 1, companyId: 3, attributes: { Name: 'First', Region: 'North' }, externalKeys: { legacy: 'L1' } },
  ],
  roles: [{ id: 4, opportunityId: 1, leadId: 8, role: 'Buyer' }],
};
const other = {
  fields: { Opportunity: [{ name: 'Size', dataType: 'integer' as const }] },
  opportunities: [{ id: 2, attributes: { Name: 'Second', Size: 7 } }],
};

/** Tables that a snapshot leaves out. */
const kept = /^(migration|meta|server_secret|api_user|journal|journal_.*|traffic|call_.*|sqlite_.*)$/;

await overBothEngines((engine) => {
  describe('a database that is taken back', () => {
    let database: EngineDatabase;
    let store: Store;
    beforeEach(async () => {
      database = await engine.open();
      store = await openStore(database.url);
      await apply(instance, false);
    });
    afterEach(async () => {
      for (const { name } of await store.rewinding.snapshots()) await store.rewinding.remove(name);
      await store.close();
      await database.remove();
    });

    async function apply(content: object, exact: boolean): Promise<void> {
      const options = {
        mode: 'make',
        exact,
        now: new Date('2026-04-01T00:00:00Z'),
        timeZone: 'UTC',
      } as const;
      expect(await applyInstance(store, content, options)).toHaveProperty('report');
    }

    const nextId = () =>
      store.apply(wanted({ newIds: { Opportunity: 1 } }), ({ newIds }) => done(newIds.Opportunity[0]));

    it('has the objects, definitions and ids of the snapshot again', async () => {
      const before = await exportInstance(store);
      await store.rewinding.take('first');
      await apply(other, true);
      expect(await exportInstance(store)).not.toEqual(before);
      await store.rewinding.restore('first');
      expect(await exportInstance(store)).toEqual(before);
      expect(await nextId()).toBe(2);
    });

    it('shows it to others that have it open', async () => {
      await store.rewinding.take('first');
      await apply(other, true);
      const second = await openStore(database.url);
      try {
        expect((await second.schema()).fields.Opportunity.find('Size')).toBeDefined();
        await store.rewinding.restore('first');
        expect((await second.schema()).fields.Opportunity.find('Size')).toBeUndefined();
        expect(await exportInstance(second)).toEqual(await exportInstance(store));
      } finally {
        await second.close();
      }
    });

    it('keeps users and journal', async () => {
      await store.rewinding.take('first');
      await store.users.put({ userId: 'u', encryptedSecret: new Uint8Array([1]), createdAt: entry().at });
      await write(
        store,
        {},
        entry({ callId: 'later', rows: [{ type: 'Opportunity', id: 1, status: 'FAILED' }] }),
      );
      await store.rewinding.restore('first');
      expect(await store.users.find('u')).toBeDefined();
      expect((await store.journal.newest(1))[0]?.callId).toBe('later');
    });

    it('can be taken back more than once, also after it was opened anew', async () => {
      const before = await exportInstance(store);
      await store.rewinding.take('first');
      for (let time = 0; time < 2; time += 1) {
        await apply(other, true);
        await store.close();
        store = await openStore(database.url);
        await store.rewinding.restore('first');
        expect(await exportInstance(store)).toEqual(before);
      }
    });

    it('keeps a snapshot when another one is to have its name', async () => {
      const taken = await store.rewinding.take('first');
      const before = await exportInstance(store);
      await apply(other, true);
      await expect(store.rewinding.take('first')).rejects.toMatchObject({ reason: 'exists' });
      await store.rewinding.restore('first');
      expect(await exportInstance(store)).toEqual(before);
      expect(await store.rewinding.snapshots()).toEqual([taken]);
    });

    it('refuses a snapshot that is not there', async () => {
      await expect(store.rewinding.restore('none')).rejects.toMatchObject({ reason: 'missing' });
      expect(await store.rewinding.remove('none')).toBe(false);
    });

    it('is not found, or whole, while it is being removed', async () => {
      for (let times = 0; times < 5; times += 1) {
        await store.rewinding.take('first');
        const [removed, ...restored] = await Promise.allSettled([
          store.rewinding.remove('first'),
          ...Array.from({ length: 4 }, () => store.rewinding.restore('first')),
        ]);
        expect(removed).toMatchObject({ value: true });
        for (const each of restored)
          if (each.status === 'rejected') expect(each.reason).toMatchObject({ reason: 'missing' });
      }
    });

    it('loses the objects of a type in a reset, and counts their ids from where it is told', async () => {
      const types = withDependents(['Opportunity']);
      expect(types).toEqual(['Opportunity', 'OpportunityPersonRole']);
      expect(await store.rewinding.reset(types, { Opportunity: 500 })).toEqual({
        Opportunity: 1,
        OpportunityPersonRole: 1,
      });
      const { opportunities, roles, ...rest } = {
        opportunities: [],
        roles: [],
        ...(await exportInstance(store)),
      };
      expect([opportunities, roles]).toEqual([[], []]);
      expect(Object.keys(rest).sort()).toEqual([
        'channels',
        'companies',
        'fields',
        'leads',
        'programs',
        'tags',
      ]);
      expect(await nextId()).toBe(500);
    });

    it('counts ids from 1 again after a reset', async () => {
      await store.rewinding.reset(withDependents(['Opportunity']), {});
      expect(await nextId()).toBe(1);
    });

    it('has no table that a snapshot would forget', async () => {
      const query =
        engine.name === 'SQLite'
          ? "SELECT name FROM sqlite_master WHERE type = 'table'"
          : "SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
      const own = engine.name === 'SQLite' ? ['key_name', 'key_entry', 'counter'] : ['external_key'];
      const names = (await database.query(query)).map(({ name }) => String(name));
      expect(names.filter((name) => !kept.test(name)).sort()).toEqual([...restoredTables, ...own].sort());
    });
  });
});

describe('the folder of snapshots', () => {
  let workspace: Workspace;
  let store: Store;
  const inFolder = (name: string) => workspace.path(`test.db.snapshots/${name}`);
  beforeEach(async () => {
    workspace = await makeWorkspace();
    store = await openStore(workspace.database);
    await store.rewinding.take('first');
  });
  afterEach(async () => {
    await store.close();
    await workspace.remove();
  });

  it('loses what a server left that was killed while it took a snapshot', async () => {
    for (const name of ['old.db.00ff.part', 'old.db.00ff.part-journal'])
      await writeFile(inFolder(name), 'half');
    await store.rewinding.take('second');
    expect((await readdir(inFolder('.'))).sort()).toEqual(['first.db', 'second.db']);
  });

  it.each(['', 'no database'.repeat(1000)])(
    'can hold a file that is no snapshot: it is named',
    async (text) => {
      await writeFile(inFolder('other.db'), text);
      await expect(store.rewinding.restore('other')).rejects.toMatchObject({
        reason: 'unfit',
        message: expect.stringMatching(/^The snapshot "other" cannot be read: .*; nothing was changed$/),
      });
      await store.rewinding.restore('first');
    },
  );
});
