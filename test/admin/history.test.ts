import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { openStore } from '../../src/store/open.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

interface History {
  readonly items: readonly {
    readonly number: number;
    readonly status: string;
    readonly position: number;
    readonly changes: readonly object[];
  }[];
  readonly next: string | null;
}

await overBothEngines((engine) => {
  describe('the history of an object', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      const store = await openStore(database.url);
      const roadShow = { type: 'roadShow', keys: [{ name: 'rid', dataType: 'string' as const }] };
      const fields = [{ name: 'city', dataType: 'string' as const }];
      const instance = { customObjects: [{ ...roadShow, fields }] };
      const options = { mode: 'make', now: new Date('2026-04-01T00:00:00Z'), timeZone: 'UTC' } as const;
      expect(await applyInstance(store, instance, options)).toHaveProperty('report');
      await store.close();
      server = await startAdminServer({ database: database.url });
      const client = server.client();
      const some = Array.from({ length: 15 }, (_, index) => ({
        type: 'Opportunity' as const,
        attributes: { Name: `Opportunity ${index}` },
      }));
      await client.syncMObjects('INSERT', some);
      await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 1, attributes: { Stage: 'Won' } }]);
      await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 12, attributes: { Stage: 'Lost' } }]);
      await client.syncMObjects('INSERT', [{ type: 'Opportunity', id: 1, attributes: { Stage: 'Lost' } }]);
      await client.deleteMObjects([{ type: 'Opportunity', id: 13 }]);
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    const historyOf = async (path: string) => (await server.ask(path)).json<History>();

    it('has what calls did with it, the newest first, and nothing of others', async () => {
      const { items, next } = await historyOf('/objects/Opportunity/1/history');
      expect(items).toMatchObject([
        { status: 'SKIPPED', reason: expect.stringContaining('INSERT skips'), operation: 'syncMObjects' },
        { status: 'UPDATED', changes: [{ name: 'Stage', before: null, after: 'Won', cut: false }] },
        { status: 'CREATED', position: 1 },
      ]);
      expect(next).toBeNull();
    });

    it('goes on page by page', async () => {
      const first = await historyOf('/objects/Opportunity/12/history?limit=1');
      expect(first.items.map(({ status }) => status)).toEqual(['UPDATED']);
      const second = await historyOf(`/objects/Opportunity/12/history?limit=1&after=${first.next}`);
      expect(second.items).toMatchObject([{ status: 'CREATED', position: 12 }]);
    });

    it('shows a change as the call itself does', async () => {
      const [deleted] = (await historyOf('/objects/Opportunity/13/history')).items;
      const call = (await server.ask(`/calls/${deleted?.number}`)).json<{ rowResults: History['items'] }>();
      const { status, changes, position } = call.rowResults[0] as History['items'][number];
      expect(deleted).toMatchObject({ status: 'DELETED', changes: expect.any(Array) });
      expect(deleted).toMatchObject({ status, changes, position });
    });

    it('has the calls of a custom object, which name its type', async () => {
      const client = server.client();
      const keys = { rid: 'R-1' };
      await client.syncCustomObjects('UPSERT', 'roadShow', [{ keys, attributes: { city: 'Boston' } }]);
      await client.syncCustomObjects('UPSERT', 'roadShow', [{ keys, attributes: { city: 'Paris' } }]);
      const { items } = await historyOf('/objects/CustomObject/1/history');
      expect(items.map(({ status }) => status)).toEqual(['UPDATED', 'CREATED']);
    });

    it('is empty of an object that no call named', async () => {
      expect(await historyOf('/objects/OpportunityPersonRole/1/history')).toEqual({ items: [], next: null });
    });
  });
});
