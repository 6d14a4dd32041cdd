import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import type { RecordType } from '../../src/records/all.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import { objectKey } from '../../src/rules/custom-objects/object-key.ts';
import { finishMerges } from '../../src/server/interrupted-merges.ts';
import { createLogger } from '../../src/server/log.ts';
import { moveActivities } from '../../src/store/move-activities.ts';
import { overAllStores } from '../store/test-engines.ts';
import { leadAt, putRecords, type Stored } from './put-records.ts';
import { BENCH_TIME, openSyncFixture, type SyncFixture } from './sync-fixture.ts';

type Keys = readonly (readonly [attrName: string, attrValue: string])[];

const listOf = (keys: Keys): Received<'ArrayOfAttribute'> => ({
  attribute: keys.map(([attrName, attrValue]) => ({ attrName, attrValue })),
});
const paramsOf = (winner: Keys, ...losers: Keys[]): Received<'ParamsMergeLeads'> => ({
  winningLeadKeyList: listOf(winner),
  losingLeadKeyLists: { keyList: losers.map(listOf) },
});
const id = (leadId: number): Keys => [['IDNUM', String(leadId)]];

const at = BENCH_TIME.toISOString();
const activityOf = (number: number, leadId: number): Stored => ({
  type: 'Activity',
  record: {
    id: number,
    leadId,
    type: 'NewLead',
    at: '2026-11-01T00:00:00.000Z',
    assetName: null,
    campaign: null,
    attributes: [],
  },
});
const roleOf = (number: number, OpportunityId: number, PersonId: number, Role?: string): Stored => ({
  type: 'OpportunityPersonRole',
  record: {
    id: number,
    createdAt: at,
    updatedAt: at,
    values: fieldValues('OpportunityPersonRole', [
      ['OpportunityId', OpportunityId],
      ['PersonId', PersonId],
      ...(Role === undefined ? [] : [['Role', Role] as const]),
    ]),
  },
});

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, {
      companies: [
        { id: 1, name: 'ACME' },
        { id: 2, name: 'Umbrella' },
      ],
      opportunities: [{ id: 1 }, { id: 2 }],
    });
    await putRecords(fixture.store, [
      leadAt(1, 0, { values: { FirstName: 'Ann', DoNotCall: false } }),
      leadAt(2, 0, {
        email: 'b@x.org',
        values: { FirstName: 'Bob', City: 'Bonn', DoNotCall: true },
        companyId: 1,
      }),
      leadAt(3, 0, { email: 'c@x.org', values: { City: 'Rome', Title: 'Boss' }, companyId: 2 }),
    ]);
  });
  afterEach(() => fixture.store.close());

  const merge = async (...keys: Parameters<typeof paramsOf>) =>
    (await fixture.call('mergeLeads', paramsOf(...keys))).answer.result.mergeStatus;
  const all = async <Type extends RecordType>(type: Type) =>
    (await fixture.store.list({ type, where: [], limit: 1000 })).records;
  const lead = async (leadId: number) => (await all('Lead')).find((each) => each.id === leadId);
  const merged = (winningLeadId: number, ...integerItem: number[]) => ({
    winningLeadId,
    losingLeadIdList: { integerItem },
    status: 'MERGED',
    error: null,
  });

  describe('mergeLeads', () => {
    it('keeps the values of the winner, and fills empty fields from the losers in the order asked', async () => {
      expect(await merge(id(1), id(3), id(2))).toEqual(merged(1, 3, 2));
      const winner = await lead(1);
      expect([winner?.email, winner?.companyId, winner?.updatedAt]).toEqual(['c@x.org', 2, at]);
      expect(Object.fromEntries(winner?.values.entries() ?? [])).toEqual({
        FirstName: 'Ann',
        DoNotCall: false,
        City: 'Rome',
        Title: 'Boss',
      });
      expect((await all('Lead')).map((each) => each.id)).toEqual([1]);
    });

    it('refuses leads with more records of a kind than one transaction should move', async () => {
      const cookies = Array.from(
        { length: 5001 },
        (_, n): Stored => ({ type: 'LeadCookie', record: { id: n + 1, leadId: 2, value: `c${n}` } }),
      );
      await putRecords(fixture.store, cookies);
      expect(await merge(id(1), id(2))).toMatchObject({
        status: 'FAILED',
        error: '20110 - lead 2 has over 5000 records of type LeadCookie, too many to merge at once',
      });
      expect(await lead(2)).toBeDefined();
    });

    it('moves what belongs to the losers, and drops what the winner already has', async () => {
      await putRecords(fixture.store, [
        ...[7, 8].map(
          (listId): Stored => ({
            type: 'StaticList',
            record: { id: listId, name: `L${listId}`, programId: null },
          }),
        ),
        ...[
          [1, 7, 1],
          [2, 7, 2],
          [3, 8, 2],
          [4, 8, 3],
        ].map(
          ([number = 0, listId = 0, leadId = 0]): Stored => ({
            type: 'ListMember',
            record: { id: number, listId, leadId, addedAt: at },
          }),
        ),
        { type: 'LeadForeignId', record: { id: 1, leadId: 1, type: 'CUSTOM', value: 'w' } },
        { type: 'LeadForeignId', record: { id: 2, leadId: 2, type: 'CUSTOM', value: 'l' } },
        { type: 'LeadCookie', record: { id: 1, leadId: 3, value: 'c' } },
        ...[
          [1, 1, 'SFDCLEADID', 'W'],
          [2, 2, 'SFDCLEADID', 'L'],
          [3, 2, 'SFDCCONTACTID', 'B'],
          [4, 3, 'SFDCCONTACTID', 'C'],
        ].map(
          ([number, leadId, type, key]) =>
            ({ type: 'LeadCrmKey', record: { id: number, leadId, type, value: key, key } }) as Stored,
        ),
        activityOf(1, 2),
        activityOf(2, 1),
        activityOf(3, 3),
        roleOf(1, 1, 1, 'Buyer'),
        roleOf(2, 1, 2, 'Buyer'),
        roleOf(3, 1, 2),
        roleOf(4, 1, 3),
        roleOf(5, 2, 3, 'Buyer'),
      ]);
      expect(await merge(id(1), id(2), id(3))).toEqual(merged(1, 2, 3));
      const pairs = async <Type extends RecordType>(type: Type, ...names: string[]) =>
        (await all(type)).map((record) =>
          ['id', 'leadId', ...names].map((name) => Reflect.get(record, name)),
        );
      expect(await pairs('ListMember', 'listId')).toEqual([
        [1, 1, 7],
        [3, 1, 8],
      ]);
      expect(await pairs('LeadForeignId', 'value')).toEqual([
        [2, 1, 'l'],
        [3, 1, 'w'],
      ]);
      expect(await pairs('LeadCookie')).toEqual([[1, 1]]);
      expect(await pairs('LeadCrmKey', 'key')).toEqual([
        [1, 1, 'W'],
        [3, 1, 'B'],
      ]);
      expect(await pairs('Activity')).toEqual([
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
      ]);
      const roles = await all('OpportunityPersonRole');
      expect(roles.map((role) => [role.id, role.values.get('PersonId')])).toEqual([
        [1, 1],
        [3, 1],
        [5, 1],
      ]);
    });

    it('serves other calls while very many activities move to the winner', async () => {
      await putRecords(
        fixture.store,
        Array.from({ length: 5000 }, (_, index) => activityOf(index + 1, 2)),
      );
      let isMerged = false;
      const merging = merge(id(1), id(2)).then(() => {
        isMerged = true;
      });
      let answered = 0;
      for (; !isMerged; answered++) {
        const title = { attribute: [{ attrName: 'Title', attrValue: `${answered}` }] };
        await fixture.call('syncLead', {
          leadRecord: { Id: 3, leadAttributeList: title },
          returnLead: false,
        });
      }
      await merging;
      expect(answered).toBeGreaterThan(3);
      expect(
        await fixture.store.count({ type: 'Activity', where: [{ property: 'leadId', equals: 1 }] }),
      ).toBe(5001);
      expect((await all('ActivityMove')).length).toBe(0);
    });

    describe('interrupted before all activities have moved', () => {
      const interrupted = (winner: number) =>
        putRecords(fixture.store, [
          ...[1, 2, 3].map((number) => activityOf(number, 9)),
          { type: 'ActivityMove', record: { id: 1, leadId: winner, fromId: 9 } },
        ]);
      const holders = async () => (await all('Activity')).map((each) => [each.id, each.leadId]);

      it('goes on with the next call that reads activities, which finds them with the winner', async () => {
        await interrupted(1);
        const leadKey = { keyType: 'IDNUM', keyValue: '1' } as const;
        const { answer } = await fixture.call('getLeadActivity', { leadKey });
        expect(answer.leadActivityList.returnCount).toBe(3);
        expect(await all('ActivityMove')).toEqual([]);
        expect(await holders()).toEqual([1, 2, 3].map((number) => [number, 1]));
      });

      it('goes on when a server starts', async () => {
        await interrupted(1);
        const end = finishMerges(fixture.store, createLogger('silent'));
        await expect.poll(() => all('ActivityMove')).toEqual([]);
        end();
        expect(await holders()).toEqual([1, 2, 3].map((number) => [number, 1]));
      });

      it('goes on in steps', async () => {
        await interrupted(1);
        await moveActivities(fixture.store, { atOnce: 2 });
        expect(await all('ActivityMove')).toEqual([]);
        expect(await holders()).toEqual([1, 2, 3].map((number) => [number, 1]));
      });

      it('gives the activities to the winner of the next merge, if that one is merged, too', async () => {
        await interrupted(2);
        await merge(id(1), id(2));
        expect(await holders()).toEqual([1, 2, 3, 4].map((number) => [number, 1]));
      });
    });

    it('moves custom objects, with MKTOID in their attributes and keys; of clashing keys the one of the winner stays', async () => {
      const object = (
        number: number,
        typeId: number,
        leadId: number,
        values: Record<string, string | number>,
      ): Stored => ({
        type: 'CustomObject',
        record: {
          id: number,
          typeId,
          leadId,
          key: objectKey(typeId === 1 ? [leadId, values.rid ?? ''] : [values.rid ?? '']),
          createdAt: at,
          updatedAt: '2026-11-01T00:00:00.000Z',
          attributes: { MKTOID: leadId, ...values },
        },
      });
      const leadIdKey = { name: 'MKTOID', dataType: 'integer' } as const;
      const rid = { name: 'rid', dataType: 'string' } as const;
      await putRecords(fixture.store, [
        { type: 'CustomObjectType', record: { id: 1, name: 'Visit', keys: [leadIdKey, rid], fields: [] } },
        { type: 'CustomObjectType', record: { id: 2, name: 'Car', keys: [rid], fields: [leadIdKey] } },
        object(1, 1, 1, { rid: 'a', city: 'kept' }),
        object(2, 1, 2, { rid: 'a', city: 'dropped' }),
        object(3, 1, 2, { rid: 'b' }),
        object(4, 1, 3, { rid: 'b' }),
        object(5, 2, 3, { rid: 'a' }),
      ]);
      await merge(id(1), id(2), id(3));
      const found = (await all('CustomObject')).map((each) => [
        each.id,
        each.leadId,
        each.key,
        each.attributes,
      ]);
      expect(found).toEqual([
        [1, 1, objectKey([1, 'a']), { MKTOID: 1, rid: 'a', city: 'kept' }],
        [3, 1, objectKey([1, 'b']), { MKTOID: 1, rid: 'b' }],
        [5, 1, objectKey(['a']), { MKTOID: 1, rid: 'a' }],
      ]);
    });

    it('adds one activity, which names the losers once each', async () => {
      expect(await merge([['Id', '1']], [['Email', 'B@x.org']], id(2))).toEqual(merged(1, 2));
      expect(await all('Activity')).toEqual([
        {
          id: 1,
          leadId: 1,
          type: 'MergeLeads',
          at,
          assetName: 'b@x.org',
          campaign: null,
          attributes: [
            ['Merge IDs', '2'],
            ['Master Updated', 'true'],
            ['Merged in Sales', 'false'],
            ['Merge Source', 'Web service API'],
            ['Lead ID', '1'],
          ],
        },
      ]);
      await putRecords(fixture.store, [leadAt(50, 0)]);
      expect(await merge(id(1), id(50))).toEqual(merged(1, 50));
      expect((await all('Activity')).at(-1)?.attributes[1]).toEqual(['Master Updated', 'false']);
    });

    it('takes several keys of a lead that mean the same one', async () => {
      expect(await merge([...id(3), ['EMAIL', ' C@x.org ']], id(1))).toEqual(merged(3, 1));
    });

    it('has a journal row for each lead', async () => {
      await merge(id(1), id(2));
      const [entry] = await fixture.store.journal.newest(1);
      expect(entry).toMatchObject({
        operation: 'mergeLeads',
        rows: [
          { type: 'Lead', id: 1, status: 'MERGED' },
          { type: 'Lead', id: 2, status: 'MERGED', because: 'merged into lead 1' },
        ],
      });
    });

    it('leaves no trace of the losers', async () => {
      await merge(id(1), id(2));
      expect(await merge(id(1), id(2))).toMatchObject({
        status: 'FAILED',
        error: '20103 - No lead found with IDNUM = 2',
      });
      await expect(
        fixture.call('getLead', { leadKey: { keyType: 'EMAIL', keyValue: 'b@x.org' } }),
      ).resolves.toMatchObject({
        answer: { result: { leadRecordList: { leadRecord: [{ Id: 1 }] } } },
      });
    });
  });

  describe('mergeLeads fails, and changes nothing, for', () => {
    it.each<[string, Keys, Keys[], string]>([
      ['an unknown winner', id(9), [id(1)], '20103 - No lead found with IDNUM = 9'],
      ['an unknown loser', id(1), [id(2), [['EMAIL', 'x@y.z']]], '20103 - No lead found with EMAIL = x@y.z'],
      [
        'an unknown owner',
        id(1),
        [[['SFDCLEADOWNERID', 'x']]],
        '20108 - No lead owner found with SFDCLEADOWNERID = x',
      ],
      ['a key type that is none', id(1), [[['NAME', 'x']]], '20102 - '],
      ['a winner among the losers', id(1), [id(2), id(1)], '20110 - lead 1 is both'],
      ['no loser', id(1), [], '20110 - losingLeadKeyLists names no lead'],
      ['no key', [], [id(1)], '20101 - '],
      [
        'keys that mean different leads',
        [...id(1), ['EMAIL', 'b@x.org']],
        [id(3)],
        '20110 - the keys of a lead mean different leads',
      ],
    ])('%s', async (_case, winner, losers, error) => {
      const before = await all('Lead');
      expect(await merge(winner, ...losers)).toEqual({
        winningLeadId: null,
        losingLeadIdList: null,
        status: 'FAILED',
        error: expect.stringContaining(error),
      });
      expect(await all('Lead')).toEqual(before);
      expect(await all('Activity')).toEqual([]);
      const [entry] = await fixture.store.journal.newest(1);
      expect(entry?.rows).toMatchObject([{ status: 'FAILED', because: expect.stringContaining(error) }]);
    });
  });

  it('mergeLeads refuses calls without lists, and over 100 losers', async () => {
    await expect(fixture.call('mergeLeads', {})).rejects.toMatchObject({ code: 20109 });
    await expect(fixture.call('mergeLeads', { winningLeadKeyList: listOf(id(1)) })).rejects.toMatchObject({
      code: 20109,
    });
    const losers = Array.from({ length: 101 }, () => id(2));
    await expect(merge(id(1), ...losers)).rejects.toMatchObject({ code: 20110 });
    expect(await merge(id(1), ...losers.slice(1))).toEqual(merged(1, 2));
  });
});
