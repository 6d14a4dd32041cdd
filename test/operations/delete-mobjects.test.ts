import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import { overAllStores } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

const instance = {
  fields: { Opportunity: [{ name: 'oppKey', dataType: 'string' }] },
  programs: [{ id: 1, name: 'P', type: 'Marketing Event' }],
  leads: [{ id: 1 }],
  opportunities: [
    { id: 1, attributes: { oppKey: 'K' } },
    { id: 2, attributes: { oppKey: 'K' } },
    { id: 3, attributes: {} },
  ],
  roles: [
    { id: 1, opportunityId: 2, leadId: 1, role: 'a' },
    { id: 2, opportunityId: 2, leadId: 1, role: 'b' },
    { id: 3, opportunityId: 3, leadId: 1, role: 'a' },
  ],
};

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, instance);
  });
  afterEach(() => fixture.store.close());

  async function remove(...mObject: Received<'MObject'>[]) {
    const { answer } = await fixture.call('deleteMObjects', { mObjectList: { mObject } });
    return answer.result.mObjStatusList.mObjStatus;
  }
  const left = async () => {
    const { opportunities, roles } = await fixture.store.contents();
    return [opportunities.map(({ id }) => id), roles.map(({ id }) => id)];
  };
  const key = { name: 'oppKey', value: 'K' };

  describe('deleteMObjects', () => {
    it('deletes by id, in any mix of types, and leaves the roles of an opportunity', async () => {
      const rows = await remove({ type: 'OpportunityPersonRole', id: 1 }, { type: 'Opportunity', id: 2 });
      expect(rows).toEqual([
        { id: 1, status: 'DELETED' },
        { id: 2, status: 'DELETED' },
      ]);
      expect(await left()).toEqual([
        [1, 3],
        [2, 3],
      ]);
    });

    it('deletes the newest that has the external key, then the next', async () => {
      const sent = { type: 'Opportunity', externalKey: key };
      expect(await remove(sent, sent, sent)).toEqual([
        { id: 2, externalKey: key, status: 'DELETED' },
        { id: 1, externalKey: key, status: 'DELETED' },
        { id: null, externalKey: key, status: 'UNCHANGED' },
      ]);
    });

    it('answers UNCHANGED where nothing is there, also for the second of two', async () => {
      const sent = { type: 'Opportunity', id: 1 };
      expect(await remove(sent, sent, { type: 'Opportunity', id: 99 })).toEqual([
        { id: 1, status: 'DELETED' },
        { id: 1, status: 'UNCHANGED' },
        { id: 99, status: 'UNCHANGED' },
      ]);
    });

    it.each<[Received<'MObject'>, number | null, string]>([
      [{ type: 'Program', id: 1 }, 1, 'cannot be deleted'],
      [{ type: 'Bogus', id: 1 }, 1, '"Bogus"'],
      [{ type: 'Opportunity' }, null, 'id: is missing'],
      [{ type: 'Opportunity', externalKey: { name: 'Zorg', value: 'x' } }, null, 'Opportunity has no field'],
    ])('fails the row %j', async (sent, id, text) => {
      const [row] = await remove(sent);
      expect(row).toMatchObject({ id, status: 'FAILED', error: expect.stringContaining(text) });
    });

    it('takes the roles along under deleteRoles: cascade', async () => {
      await fixture.store.close();
      fixture = await openSyncFixture(source, instance, { deleteRoles: 'cascade' });
      expect(await remove({ type: 'Opportunity', id: 2 })).toEqual([{ id: 2, status: 'DELETED' }]);
      expect(await left()).toEqual([[1, 3], [3]]);
    });

    it('finds the older role of a key when those that had it, too, went along', async () => {
      await fixture.store.close();
      const opportunities = [{ id: 1 }, { id: 2 }];
      const leads = [{ id: 1 }];
      const roles = Array.from({ length: 8 }, (_, index) => ({
        id: index + 1,
        opportunityId: index === 0 ? 2 : 1,
        leadId: 1,
        role: `Role ${index}`,
        attributes: { Kind: 'x' },
      }));
      const fields = { OpportunityPersonRole: [{ name: 'Kind', dataType: 'string' as const }] };
      fixture = await openSyncFixture(
        source,
        { fields, opportunities, leads, roles },
        { deleteRoles: 'cascade' },
      );
      const byKind = { type: 'OpportunityPersonRole', externalKey: { name: 'Kind', value: 'x' } };
      expect(await remove({ type: 'Opportunity', id: 1 }, byKind, byKind)).toEqual([
        { id: 1, status: 'DELETED' },
        { id: 1, externalKey: byKind.externalKey, status: 'DELETED' },
        { id: null, externalKey: byKind.externalKey, status: 'UNCHANGED' },
      ]);
      expect(await left()).toEqual([[2], []]);
    });

    it('never gives a deleted id out again', async () => {
      await remove({ type: 'Opportunity', id: 3 });
      expect(await fixture.sync('INSERT', [{ type: 'Opportunity' }])).toEqual([{ id: 4, status: 'CREATED' }]);
    });

    it('refuses more than 100 mObjects, and no list', async () => {
      await expect(remove(...Array(101).fill({ type: 'Opportunity', id: 1 }))).rejects.toMatchObject({
        code: 20110,
      });
      await expect(fixture.call('deleteMObjects', {})).rejects.toMatchObject({ code: 20109 });
      expect((await left())[0]).toHaveLength(3);
    });

    it('leaves a trace in the journal', async () => {
      await remove({ type: 'Opportunity', id: 1 }, { type: 'Opportunity', id: 99 });
      expect((await fixture.store.journal.newest(1))[0]).toMatchObject({
        operation: 'deleteMObjects',
        rows: [
          { type: 'Opportunity', id: 1, status: 'DELETED' },
          { id: 99, status: 'UNCHANGED', because: 'there is no Opportunity 99' },
        ],
      });
    });
  });

  it('answers FAILED in the place of a row that is nil', async () => {
    const nil = {} as Received<'MObject'>;
    const unreadable = new Map([[nil, [{ element: 'mObject', value: 'nil', expected: 'an object' }]]]);
    const mObject = [
      { type: 'Opportunity', id: 1 },
      nil,
      { type: 'Opportunity', id: 3 },
    ] as Received<'MObject'>[];
    const { answer } = await fixture.call('deleteMObjects', { mObjectList: { mObject } }, unreadable);
    expect(answer.result.mObjStatusList.mObjStatus).toEqual([
      { id: 1, status: 'DELETED' },
      { id: null, status: 'FAILED', error: 'mObject: "nil"; expected an object' },
      { id: 3, status: 'DELETED' },
    ]);
  });
});
