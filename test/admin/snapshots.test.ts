import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

await overBothEngines((engine) => {
  describe('snapshots in the admin API', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      server = await startAdminServer({ database: database.url, allowReset: true });
    });
    afterAll(async () => {
      for (const { name } of await list()) await server.ask(`/snapshots/${name}`, { method: 'DELETE' });
      await server.remove();
      await database.remove();
    });

    const list = async () => (await server.ask('/snapshots')).json<{ items: { name: string }[] }>().items;
    const post = (path: string, body?: unknown) =>
      server.ask(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
    const insert = async (Name: string) =>
      (await server.client().syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Name } }]))[0]?.id;
    const names = async () =>
      (await server.ask('/objects/Opportunity?sort=id'))
        .json<{ items: { name: string }[] }>()
        .items.map(({ name }) => name);

    it('are taken, and bring back what was there', async () => {
      const id = await insert('before');
      expect((await post('/snapshots', { name: 'one' })).json()).toMatchObject({ name: 'one' });
      const next = await insert('after');
      expect((await post('/snapshots/one/restore')).status).toBe(204);
      expect(await names()).toEqual(['before']);
      expect(await insert('again')).toBe(next);
      expect(next).toBe(Number(id) + 1);
      expect((await list()).map(({ name }) => name)).toEqual(['one']);
    });

    it('are taken by a request without a body, and named by the time', async () => {
      const asked = await server.ask('/snapshots', { method: 'POST', headers: { 'content-length': '0' } });
      expect([asked.status, asked.json().name]).toEqual([200, expect.stringMatching(/^\d{4}-\d\d-\d\dT/)]);
      await server.ask(`/snapshots/${asked.json().name}`, { method: 'DELETE' });
    });

    it('are not overwritten', async () => {
      const asked = await post('/snapshots', { name: 'one' });
      expect([asked.status, asked.json().detail]).toEqual([
        409,
        'There is a snapshot "one" already; give this one another name, or remove that one first',
      ]);
    });

    it('have names that lead to no other file', async () => {
      expect((await post('/snapshots', { name: '../one' })).status).toBe(400);
      expect((await post('/snapshots/..%2Fone/restore')).status).toBe(400);
    });

    it('that are not there are not restored', async () => {
      expect((await post('/snapshots/none/restore')).status).toBe(404);
    });

    it('are beside a reset of some types, with ids from a given start', async () => {
      await insert('lost');
      const asked = await post('/reset', { types: ['Opportunity'], firstIds: { Opportunity: 100 } });
      expect(asked.json()).toEqual({
        removed: { Opportunity: expect.any(Number), OpportunityPersonRole: 0 },
      });
      expect(await names()).toEqual([]);
      expect(await insert('first')).toBe(100);
    });
  });
});

await overBothEngines((engine) => {
  it('snapshots are refused above --max-snapshots, and those there are stay', async () => {
    const database = await engine.open();
    const server = await startAdminServer({ database: database.url, allowReset: true, maxSnapshots: 2 });
    const take = (name: string) => server.ask('/snapshots', { method: 'POST', body: { name } });
    const all = await Promise.all(['one', 'two', 'three', 'four'].map(take));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    const refused = all.find(({ status }) => status === 409);
    expect(refused?.json().detail).toContain('--max-snapshots');
    const { items } = (await server.ask('/snapshots')).json<{ items: { name: string }[] }>();
    expect(items).toHaveLength(2);
    for (const { name } of items) {
      expect((await server.ask(`/snapshots/${name}/restore`, { method: 'POST' })).status).toBe(204);
      expect((await server.ask(`/snapshots/${name}`, { method: 'DELETE' })).status).toBe(204);
    }
    expect((await take('five')).status).toBe(200);
    await server.ask('/snapshots/five', { method: 'DELETE' });
    await server.remove();
    await database.remove();
  });
});

it('a server without --allow-reset takes snapshots, and loses nothing', async () => {
  const server = await startAdminServer();
  try {
    expect((await server.ask('/snapshots', { method: 'POST', body: { name: 'one' } })).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '/snapshots/one/restore', undefined],
      ['DELETE', '/snapshots/one', undefined],
      ['POST', '/reset', {}],
    ] as const) {
      const asked = await server.ask(path, { method, ...(body && { body }) });
      expect([asked.status, asked.json().detail]).toEqual([403, expect.stringContaining('--allow-reset')]);
    }
  } finally {
    await server.remove();
  }
});
