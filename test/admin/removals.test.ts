import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referrersOf } from '../../src/admin/referrers.ts';
import { recordTypes } from '../../src/records/all.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { leadAt, putRecords } from '../operations/put-records.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

const instance = {
  tags: { Product: ['Widget', 'Gizmo'], Size: ['Small'] },
  channels: { Event: [], Webinar: [] },
  programs: [
    {
      id: 1,
      name: 'Fair',
      channel: 'Event',
      tags: { Product: 'Widget' },
      costs: [{ month: '2026-03', amount: 7 }],
    },
    { id: 2, name: 'Tour' },
  ],
  lists: [{ name: 'Guests', program: 2 }],
  leads: [
    { id: 5, email: 'ada@example.com', cookies: ['c'], foreignIds: [{ type: 'CUSTOM', id: '9' }] },
    { id: 6, email: 'bob@example.com' },
  ],
  opportunities: [{ id: 1, attributes: { Name: 'A' } }],
  roles: [{ id: 1, opportunityId: 1, leadId: 6, role: 'Buyer' }],
};

await overBothEngines((engine) => {
  describe('removing single things', () => {
    let database: EngineDatabase;
    let server: AdminServer;
    let store: Store;
    beforeAll(async () => {
      database = await engine.open();
      server = await startAdminServer({ database: database.url, allowReset: true });
      store = await openStore(database.url);
      const applied = await server.ask('/instance/apply', { method: 'POST', body: { instance } });
      expect([applied.status, applied.text]).toEqual([200, expect.any(String)]);
    });
    afterAll(async () => {
      await store.close();
      await server.remove();
      await database.remove();
    });

    /** A lead that another one was merged into by a server that was killed then: an activity has yet to move. */
    const putMerged = (leadId: number, fromId: number) =>
      putRecords(store, [
        leadAt(leadId, 0),
        { type: 'ActivityMove', record: { id: 1, leadId, fromId } },
        {
          type: 'Activity',
          record: {
            id: 1000,
            leadId: fromId,
            type: 'NewLead',
            at: '2026-11-01T00:00:00.000Z',
            assetName: null,
            campaign: null,
            attributes: [],
          },
        },
      ]);

    const remove = async (path: string) => {
      const { status, text } = await server.ask(path, { method: 'DELETE' });
      return [status, text === '' ? '' : JSON.parse(text).detail];
    };

    it('takes a lead away with what belongs to it', async () => {
      expect(await remove('/objects/Lead/5')).toEqual([204, '']);
      expect(await remove('/objects/Lead/5')).toEqual([404, 'There is no Lead 5']);
      for (const type of ['LeadCookie', 'LeadForeignId'])
        expect((await server.ask(`/objects/${type}`)).json().items).toEqual([]);
      const again = { id: 7, email: 'ada@example.com', cookies: ['c'] };
      expect((await server.ask('/objects/Lead', { method: 'POST', body: again })).status).toBe(200);
    });

    it.each(['DELETE /objects/Lead/8', 'an exact file'])(
      'takes the activities away that have yet to move to a lead: %s',
      async (way) => {
        await putMerged(8, 999);
        const { leads, ...others } = (await server.ask('/instance')).json<{ leads: { id: number }[] }>();
        const removed =
          way === 'an exact file'
            ? await server.ask('/instance/apply', {
                method: 'POST',
                body: { instance: { ...others, leads: leads.filter(({ id }) => id !== 8) }, exact: true },
              })
            : await server.ask('/objects/Lead/8', { method: 'DELETE' });
        expect([removed.status, removed.text]).toEqual([
          way === 'an exact file' ? 200 : 204,
          expect.any(String),
        ]);
        const left = (await store.list({ type: 'Activity', where: [], limit: 100 })).records;
        expect(left.filter(({ leadId }) => leadId === 8 || leadId === 999)).toEqual([]);
      },
    );

    it('is refused while others refer to it', async () => {
      expect(await remove('/objects/Lead/6')).toEqual([
        409,
        expect.stringContaining('OpportunityPersonRole 1'),
      ]);
      expect(await remove('/objects/Program/2')).toEqual([409, expect.stringContaining('StaticList')]);
      expect(await remove('/tags/Product')).toEqual([409, expect.stringContaining('Program 1')]);
      expect(await remove('/tags/Product/widget')).toEqual([409, expect.stringContaining('Program 1')]);
      expect(await remove('/channels/Event')).toEqual([409, expect.stringContaining('Program 1')]);
      expect((await server.ask('/objects/Lead/6')).status).toBe(200);
      expect((await server.ask('/instance')).json()).toMatchObject({ tags: instance.tags });
    });

    it('takes unused definitions away', async () => {
      expect(await remove('/tags/product/gizmo')).toEqual([204, '']);
      expect(await remove('/tags/Size')).toEqual([204, '']);
      expect(await remove('/channels/webinar')).toEqual([204, '']);
      expect((await server.ask('/tags')).json()).toEqual([{ name: 'Product', values: ['Widget'] }]);
      expect((await server.ask('/channels')).json()).toEqual([{ name: 'Event', statuses: [] }]);
      expect(await remove('/tags/Size')).toEqual([404, 'There is no tag type "Size"']);
    });

    it('takes a program away with its costs and tags', async () => {
      expect(await remove('/objects/Program/1')).toEqual([204, '']);
      expect((await server.ask('/reports/costs')).json().months).toEqual([]);
      expect(await remove('/tags/Product')).toEqual([204, '']);
    });

    it('is not offered for what calls remove, or what many can refer to', async () => {
      for (const type of ['Opportunity', 'Company'])
        expect(await remove(`/objects/${type}/1`)).toEqual([400, expect.any(String)]);
    });
  });
});

it('objects are not removed without --allow-reset', async () => {
  const server = await startAdminServer();
  const asked = await server.ask('/objects/Lead/1', { method: 'DELETE' });
  expect([asked.status, asked.json().detail]).toEqual([403, expect.stringContaining('--allow-reset')]);
  await server.remove();
});

it('the records that refer to a removable type are found by lookups', () => {
  expect(recordTypes.filter((type) => referrersOf(type) !== undefined)).toEqual(
    expect.arrayContaining(['Program', 'Lead']),
  );
  expect(referrersOf('Company')).toBeUndefined();
});
