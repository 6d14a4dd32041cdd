import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { openStore } from '../../src/store/open.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const instance = {
  programs: [
    {
      id: 5,
      name: 'Spring fair',
      costs: [
        { month: '2026-03', amount: 0.1 },
        { month: '2026-03', amount: 0.2 },
        { month: '2026-01', amount: 7 },
      ],
    },
    { id: 6, name: 'Autumn fair', costs: [{ month: '2026-03', amount: 100 }] },
  ],
  opportunities: [
    { id: 1, attributes: { Stage: 'Won', Amount: 10 } },
    { id: 2, attributes: { Stage: 'Won', Amount: 5.5 } },
    { id: 3, attributes: { Stage: 'Lost' } },
    { id: 4, attributes: { Amount: 1 } },
  ],
};

await overBothEngines((engine) => {
  describe('reports in the admin API', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      const store = await openStore(database.url);
      const options = { mode: 'make', now: new Date(), timeZone: 'UTC' } as const;
      expect(await applyInstance(store, instance, options)).toHaveProperty('report');
      await store.close();
      server = await startAdminServer({ database: database.url });
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    it('sum opportunities by stage, with those without a stage last', async () => {
      expect((await server.ask('/reports/pipeline')).json().stages).toEqual([
        { stage: 'Lost', opportunities: 1, amount: 0 },
        { stage: 'Won', opportunities: 2, amount: 15.5 },
        { stage: null, opportunities: 1, amount: 1 },
      ]);
    });

    it('sum the costs of all programs by month', async () => {
      expect((await server.ask('/reports/costs')).json().months).toEqual([
        { month: '2026-01', costs: 1, amount: 7 },
        { month: '2026-03', costs: 3, amount: 100.3 },
      ]);
    });

    it('sum the costs of one program by month', async () => {
      expect((await server.ask('/reports/costs?programId=5')).json().months).toEqual([
        { month: '2026-01', costs: 1, amount: 7 },
        { month: '2026-03', costs: 2, amount: 0.3 },
      ]);
    });
  });
});
