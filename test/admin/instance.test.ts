import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyInstance } from '../../src/instance/apply.ts';
import { openStore } from '../../src/store/open.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const instance = {
  tags: { Product: ['Widget'] },
  programs: [{ id: 5, name: 'Fair', tags: { Product: 'Widget' } }],
};

await overBothEngines((engine) => {
  describe('the instance in the admin API', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    beforeAll(async () => {
      database = await engine.open();
      server = await startAdminServer({ database: database.url });
    });
    afterAll(async () => {
      await server.remove();
      await database.remove();
    });

    const send = (method: string, path: string, body: unknown) => server.ask(path, { method, body });
    const instanceNow = async () => (await server.ask('/instance')).json();

    it('is checked without an effect, then applied', async () => {
      const before = await instanceNow();
      const checked = await send('POST', '/instance/check', { instance });
      expect(checked.json()).toMatchObject({ tags: { created: 1 }, programs: { created: 1 } });
      expect(await instanceNow()).toEqual(before);
      expect((await send('POST', '/instance/apply', { instance })).status).toBe(200);
      expect(await instanceNow()).toMatchObject({
        tags: instance.tags,
        programs: [expect.objectContaining({ id: 5, name: 'Fair' })],
      });
    });

    it('is refused with every mistake and its path', async () => {
      const wrong = {
        programs: [
          { id: 6, name: 'Fair', tags: { Product: 'Gizmo' } },
          { id: 'x', name: 'y' },
        ],
      };
      const asked = await send('POST', '/instance/apply', { instance: wrong });
      expect(asked.status).toBe(400);
      expect(asked.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path)).toContain(
        'programs[1].id',
      );
    });

    it('is refused with its first mistakes if there are very many', async () => {
      const wrong = {
        opportunities: Array.from({ length: 500 }, (_, index) => ({ id: index + 1, name: 'x' })),
      };
      const asked = await send('POST', '/instance/check', { instance: wrong });
      expect(asked.status).toBe(400);
      expect(asked.json<{ errors: unknown[] }>().errors).toHaveLength(100);
    });

    it('is refused with the command to use if it has so many items that calls would wait', async () => {
      const months = Array.from({ length: 500 }, () => ({ month: '2026-03', amount: 1 }));
      for (const [path, command] of [
        ['check', 'mktows instance check'],
        ['apply', 'mktows instance apply'],
      ]) {
        const large = { programs: [{ id: 9, name: 'Large', costs: months }] };
        const asked = await send('POST', `/instance/${path}`, { instance: large });
        expect([asked.status, asked.json().detail]).toEqual([413, expect.stringContaining(`"${command}"`)]);
      }
    });

    it('loses nothing by an exact file, unless the server allows it', async () => {
      const asked = await send('POST', '/instance/apply', { instance: {}, exact: true });
      expect([asked.status, asked.json().detail]).toEqual([403, expect.stringContaining('--allow-reset')]);
    });

    it('gets fields, and changes their descriptions', async () => {
      const field = { name: 'Region', dataType: 'string' };
      expect((await send('POST', '/fields/Opportunity', field)).status).toBe(204);
      expect((await send('POST', '/fields/Opportunity', field)).status).toBe(409);
      expect(
        (await send('PATCH', '/fields/Opportunity/region', { displayName: 'Sales region' })).status,
      ).toBe(204);
      const fields = (await server.ask('/fields')).json<Record<string, unknown>[]>();
      expect(fields).toContainEqual({
        type: 'Opportunity',
        name: 'Region',
        dataType: 'string',
        size: 2000,
        displayName: 'Sales region',
        description: null,
        custom: true,
      });
      expect((await send('PATCH', '/fields/Opportunity/Name', { displayName: 'x' })).status).toBe(404);
    });

    it('refuses a field by the rules of the file', async () => {
      const asked = await send('POST', '/fields/Opportunity', { name: 'createdAt', dataType: 'string' });
      expect([asked.status, asked.json().detail]).toEqual([
        400,
        expect.stringMatching(/^name in the body: /),
      ]);
    });

    it('gets tags and channels', async () => {
      expect((await send('PUT', '/tags/Size', { values: ['Small', 'Large'] })).status).toBe(204);
      const statuses = [{ status: 'Invited', step: 1, success: false, attributes: {} }];
      expect((await send('PUT', '/channels/Event', { statuses })).status).toBe(204);
      expect((await server.ask('/tags')).json()).toContainEqual({ name: 'Size', values: ['Small', 'Large'] });
      expect((await server.ask('/channels')).json()).toContainEqual({ name: 'Event', statuses });
    });

    it('gets objects, and changes of them', async () => {
      const company = { id: 3, name: 'Example Inc' };
      expect((await send('POST', '/objects/Company', company)).json()).toEqual({ id: 3 });
      expect((await send('POST', '/objects/Company', company)).status).toBe(409);
      await send('POST', '/objects/Lead', { id: 8, email: 'ada@example.com', companyId: 3 });
      expect((await send('PATCH', '/objects/Lead/8', { email: 'ada@example.org' })).status).toBe(204);
      expect((await server.ask('/objects/Lead/8')).json()).toMatchObject({
        values: { email: 'ada@example.org', companyId: 3 },
      });
      expect((await send('PATCH', '/objects/Lead/8', { companyId: null })).status).toBe(204);
      expect((await server.ask('/objects/Lead/8')).json().values).not.toHaveProperty('companyId');
    });

    it('keeps the tags and costs of a program whose name is changed', async () => {
      await send('PATCH', '/objects/Program/5', { costs: [{ month: '2026-03', amount: 7 }] });
      await send('PATCH', '/objects/Program/5', { name: 'Big fair' });
      expect((await server.ask('/objects/Program/5')).json()).toMatchObject({
        name: 'Big fair',
        parts: { tags: { Product: 'Widget' }, costs: [{ month: '2026-03-01', amount: 7 }] },
      });
    });

    it('refuses objects by the rules of the file', async () => {
      const asked = await send('PATCH', '/objects/Program/5', { tags: { Product: 'Gizmo' } });
      expect(asked.status).toBe(400);
      expect(asked.json().detail).toContain('in the body');
      expect((await send('PATCH', '/objects/Program/77', { name: 'x' })).status).toBe(404);
    });
  });

  describe('the instance of a database with many objects', () => {
    it('is neither returned nor compared with an exact file, since calls would wait', async () => {
      const database = await engine.open();
      const store = await openStore(database.url);
      const companies = Array.from({ length: 2501 }, (_, index) => ({ id: index + 1, name: 'Example Inc' }));
      await applyInstance(store, { companies }, { mode: 'make', now: new Date(), timeZone: 'UTC' });
      await store.close();
      const server = await startAdminServer({ database: database.url, allowReset: true });
      const exact = { method: 'POST', body: { instance: {}, exact: true } };
      for (const [asked, command] of [
        [await server.ask('/instance'), 'mktows instance export'],
        [await server.ask('/instance/check', exact), 'mktows instance apply --exact'],
        [await server.ask('/instance/apply', exact), 'mktows instance apply --exact'],
      ] as const) {
        expect([asked.status, asked.json().detail]).toEqual([409, expect.stringContaining(`"${command}"`)]);
      }
      await server.remove();
      await database.remove();
    });
  });
});
