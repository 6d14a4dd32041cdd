import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leadsOfSet } from '../../src/local/activity-leads.ts';
import { createActivityPages } from '../../src/local/activity-pages.ts';
import { pruneActivities } from '../../src/store/prune-activities.ts';
import { write } from '../store/fixture.ts';
import { overAllStores } from '../store/test-engines.ts';
import { type ActivityFixture, activityFixture, faultOf } from './activity-fixture.ts';
import { type LeadFixture, openLeadFixture } from './lead-fixture.ts';

const noon = '2026-11-24T12:00:00.000Z';
const later = '2026-11-24T12:30:00.500Z';
const byEmail = (keyValue: string) => ({ keyType: 'EMAIL' as const, keyValue });
const start = { offset: '0' };
const typeList = (...activityType: ('NewLead' | 'ChangeDataValue' | 'OpenEmail')[]) => ({ activityType });

await overAllStores((source) => {
  let leads: LeadFixture;
  let read: ActivityFixture;
  beforeEach(async () => {
    leads = await openLeadFixture(source);
    read = activityFixture(leads.store);
    await leads.one({ Email: 'a@example.com' }, { at: noon });
    await leads.one({ Email: 'b@example.com' }, { at: noon });
    await leads.one({ Email: 'a@example.com', attributes: { FirstName: 'Ann' } }, { at: later });
    await leads.one(
      { Email: 'a@example.com', attributes: { FirstName: 'Bo', LastName: 'C' } },
      { at: later },
    );
  });
  afterEach(() => leads.store.close());

  describe('getLeadActivity', () => {
    const shape = async (params: Parameters<typeof read.activity>[0]) => {
      const { newStartPosition, returnCount, remainingCount, activityRecordList } =
        await read.activity(params);
      const ids = activityRecordList?.activityRecord.map(({ id }) => Number(id)) ?? [];
      return { ids, returnCount, remainingCount, offset: newStartPosition.offset };
    };

    it('answers a record as Marketo did', async () => {
      const activityFilter = { includeTypes: typeList('NewLead') };
      const { activityRecordList } = await read.activity({
        leadKey: byEmail('a@example.com'),
        activityFilter,
      });
      expect(activityRecordList?.activityRecord).toEqual([
        {
          id: 1n,
          activityDateTime: '2026-11-24T12:00:00+00:00',
          activityType: 'New Lead',
          mktgAssetName: '',
          activityAttributes: {
            attribute: [
              { attrName: 'Source Type', attrType: null, attrValue: 'Web service API' },
              { attrName: 'Source Info', attrType: null, attrValue: 'Web service API' },
              { attrName: 'Created Date', attrType: null, attrValue: '2026-11-24' },
              { attrName: 'Lead ID', attrType: null, attrValue: '1' },
            ],
          },
          campaign: '',
          personName: null,
          mktPersonId: '1',
          foreignSysId: null,
          orgName: null,
          foreignSysOrgId: null,
        },
      ]);
    });

    it('pages through the activities of a lead, newest first', async () => {
      const leadKey = byEmail('A@example.com');
      const first = await shape({ leadKey, batchSize: 2 });
      expect(first).toEqual({ ids: [5, 4], returnCount: 2, remainingCount: 2, offset: 'ID:4' });
      const startPosition = { offset: 'ID:4' };
      const second = await shape({ leadKey, batchSize: 2, startPosition });
      expect(second).toEqual({ ids: [3, 1], returnCount: 2, remainingCount: 0, offset: 'ID:1' });
      const end = await shape({ leadKey, batchSize: 2, startPosition: { offset: 'ID:1' } });
      expect(end).toEqual({ ids: [], returnCount: 0, remainingCount: 0, offset: 'ID:1' });
    });

    it.each([
      ['a number skips so many', '1', [4, 3, 1]],
      ['0 is the start', '0', [5, 4, 3, 1]],
      ['an empty one is the start', ' ', [5, 4, 3, 1]],
      ['ID in any case', 'id:4', [3, 1]],
    ])('of offsets %s', async (_, offset, ids) => {
      const found = await shape({ leadKey: byEmail('a@example.com'), startPosition: { offset } });
      expect(found.ids).toEqual(ids);
    });

    it('means the newest lead of several with a key', async () => {
      await leads.many([{ Email: 'a@example.com' }], { dedup: false });
      expect((await shape({ leadKey: byEmail('a@example.com') })).ids).toEqual([6]);
    });

    it('fills in the time of the call where a position without latestCreatedAt was sent', async () => {
      const leadKey = byEmail('a@example.com');
      const latest = async (startPosition?: object) =>
        (await read.activity({ leadKey, ...(startPosition && { startPosition }) })).newStartPosition
          .latestCreatedAt;
      expect(await latest({})).toBe('2026-11-23T12:00:00+00:00');
      expect(await latest({ latestCreatedAt: null })).toBe(null);
      expect(await latest({ latestCreatedAt: '2026-11-24' })).toBe('2026-11-24');
      expect(await latest()).toBe(null);
    });

    it.each([
      ['no key', undefined, '20101'],
      ['an unknown lead', byEmail('x@example.com'), '20103 No lead found with EMAIL = x@example.com'],
      ['an unknown owner', { keyType: 'LEADOWNEREMAIL' as const, keyValue: 'x' }, '20108'],
    ])('refuses %s', async (_, leadKey, fault) => {
      expect(await faultOf(read.activity(leadKey === undefined ? {} : { leadKey }))).toContain(fault);
    });
  });

  describe('getLeadChanges', () => {
    type Params = Parameters<typeof read.changes>[0];
    const ids = async (params: Params) =>
      (await read.changes(params)).leadChangeRecordList?.leadChangeRecord.map(({ id }) => Number(id));

    it('answers a record as Marketo did, without campaign where there is none', async () => {
      const { leadChangeRecordList } = await read.changes({
        startPosition: { offset: 'ID:2' },
        batchSize: 1,
      });
      expect(leadChangeRecordList?.leadChangeRecord).toEqual([
        {
          id: 3n,
          activityDateTime: '2026-11-24T12:30:00+00:00',
          activityType: 'Change Data Value',
          mktgAssetName: 'First Name',
          activityAttributes: {
            attribute: [
              { attrName: 'Attribute Name', attrType: null, attrValue: 'First Name' },
              { attrName: 'Old Value', attrType: null, attrValue: '' },
              { attrName: 'New Value', attrType: null, attrValue: 'Ann' },
              { attrName: 'Reason', attrType: null, attrValue: 'SOAP API' },
              { attrName: 'Lead ID', attrType: null, attrValue: '1' },
            ],
          },
          mktPersonId: '1',
        },
      ]);
    });

    it('goes on behind its last position with what came since', async () => {
      const first = await read.changes({ startPosition: start, batchSize: 3 });
      expect(first).toMatchObject({ returnCount: 3, remainingCount: 2 });
      expect(first.newStartPosition).toEqual({
        latestCreatedAt: null,
        oldestCreatedAt: null,
        activityCreatedAt: null,
        offset: 'ID:3',
      });
      await leads.one({ Email: 'c@example.com' });
      const rest = await read.changes({ startPosition: first.newStartPosition });
      expect(rest).toMatchObject({ returnCount: 3, remainingCount: 0, newStartPosition: { offset: 'ID:6' } });
      const none = await read.changes({ startPosition: rest.newStartPosition });
      expect(none).toMatchObject({ returnCount: 0, newStartPosition: { offset: 'ID:6' } });
      await leads.one({ Email: 'd@example.com' });
      expect(await ids({ startPosition: none.newStartPosition })).toEqual([7]);
    });

    it.each<[string, Params, number[]]>([
      [
        'oldestCreatedAt, inclusive',
        { startPosition: { oldestCreatedAt: '2026-11-24T12:30:00Z' } },
        [3, 4, 5],
      ],
      [
        'latestCreatedAt, to its whole second',
        { startPosition: { latestCreatedAt: '2026-11-24 12:30:00' } },
        [1, 2, 3, 4, 5],
      ],
      ['latestCreatedAt before', { startPosition: { latestCreatedAt: '2026-11-24T12:29:59Z' } }, [1, 2]],
      [
        'activityCreatedAt, a further lower bound',
        { startPosition: { oldestCreatedAt: '2026-11-01', activityCreatedAt: '2026-11-24T12:30:01Z' } },
        [],
      ],
      [
        'includeTypes',
        { startPosition: start, activityFilter: { includeTypes: typeList('NewLead') } },
        [1, 2],
      ],
      [
        'types that are never made here',
        { startPosition: start, activityFilter: { includeTypes: typeList('OpenEmail') } },
        [],
      ],
      [
        'excludeTypes',
        { startPosition: start, activityFilter: { excludeTypes: typeList('NewLead') } },
        [3, 4, 5],
      ],
      [
        'empty filters',
        {
          startPosition: start,
          activityFilter: { includeTypes: typeList() },
          activityNameFilter: { stringItem: [] },
        },
        [1, 2, 3, 4, 5],
      ],
      [
        'activityNameFilter',
        { startPosition: start, activityNameFilter: { stringItem: ['new lead', 'nonsense'] } },
        [1, 2],
      ],
      [
        'a name that no type has',
        { startPosition: start, activityNameFilter: { stringItem: ['nonsense'] } },
        [],
      ],
      [
        'both filters, which must hold both',
        {
          startPosition: start,
          activityFilter: { includeTypes: typeList('NewLead') },
          activityNameFilter: { stringItem: ['Change Data Value'] },
        },
        [],
      ],
      ['a batchSize that is too small, as none', { startPosition: start, batchSize: -1 }, [1, 2, 3, 4, 5]],
    ])('filters by %s', async (_, params, found) => {
      expect(await ids(params)).toEqual(found);
    });

    describe('with a leadSelector', () => {
      const emails = (...stringItem: string[]) => ({
        $type: 'LeadKeySelector' as const,
        keyType: 'EMAIL' as const,
        keyValues: { stringItem },
      });

      it('answers the activities of all leads with one of the keys', async () => {
        const leadSelector = emails('B@example.com', 'x@example.com');
        expect(await ids({ startPosition: start, leadSelector })).toEqual([2]);
        expect(await ids({ startPosition: start, leadSelector: emails() })).toEqual([]);
        await leads.many([{ Email: 'b@example.com' }], { dedup: false });
        expect(await ids({ startPosition: start, leadSelector })).toEqual([2, 6]);
      });

      it('answers the activities of the members of a list', async () => {
        await write(leads.store, {
          records: [
            { type: 'StaticList', before: undefined, after: { id: 1, name: 'L', programId: null } },
            { type: 'ListMember', before: undefined, after: { id: 1, listId: 1, leadId: 2, addedAt: noon } },
          ],
        });
        const inList = { $type: 'StaticListSelector' as const, staticListId: 1 };
        expect(await ids({ startPosition: start, leadSelector: inList })).toEqual([2]);
        const named = { $type: 'StaticListSelector' as const, staticListName: 'l' };
        expect(await ids({ startPosition: start, leadSelector: named })).toEqual([2]);
        const large = await leadsOfSet(leads.store, { kind: 'list', listId: 1 }, 0);
        const pages = createActivityPages(leads.store);
        const { activities } = await pages({ window: {}, descending: false, skip: 0, limit: 9 }, large);
        expect(activities.map(({ id }) => id)).toEqual([2]);
      });

      it('takes the ends of a LastUpdateAtSelector for those of the times, and the narrower of both', async () => {
        const leadSelector = {
          $type: 'LastUpdateAtSelector' as const,
          oldestUpdatedAt: '2026-11-24T12:00:00Z',
          latestUpdatedAt: '2026-11-24T12:30:00Z',
        };
        expect(await ids({ startPosition: start, leadSelector })).toEqual([1, 2, 3, 4, 5]);
        const startPosition = { oldestCreatedAt: '2026-11-24T12:00:01Z' };
        expect(await ids({ startPosition, leadSelector })).toEqual([3, 4, 5]);
      });

      it('refuses over 100 keys', async () => {
        const leadSelector = emails(...Array.from({ length: 101 }, (_, index) => `${index}@example.com`));
        const fault = await faultOf(read.changes({ startPosition: start, leadSelector }));
        expect(fault).toContain('20110 leadSelector has 101 keyValues');
      });
    });

    it('takes a type under the name that answers show', async () => {
      const includeTypes = typeList();
      const note = (value: string) =>
        new Map([[includeTypes, [{ element: 'activityType', value, expected: '' }]]]);
      const params = { startPosition: start, activityFilter: { includeTypes } };
      const { leadChangeRecordList } = await read.changes(params, note('New Lead'));
      expect(leadChangeRecordList?.leadChangeRecord).toHaveLength(2);
      expect(await faultOf(read.changes(params, note('Newlead2')))).toMatch(
        /^20107 .*includeTypes.*"Newlead2"/,
      );
    });

    it('finds nothing of a type that only earlier versions had', async () => {
      const includeTypes = typeList();
      const note = { element: 'activityType', value: 'AttendEvent', expected: '' };
      const params = { startPosition: start, activityFilter: { includeTypes } };
      const { leadChangeRecordList } = await read.changes(params, new Map([[includeTypes, [note]]]));
      expect(leadChangeRecordList?.leadChangeRecord).toEqual([]);
    });

    it.each<[string, Params, string]>([
      ['no position', {}, '20109 startPosition'],
      ['an empty position', { startPosition: {} }, '20109 startPosition'],
      ['an unreadable offset', { startPosition: { offset: 'x' } }, '20122 startPosition.offset is "x"'],
      [
        'an unreadable time',
        { startPosition: { oldestCreatedAt: 'x' } },
        '20110 startPosition.oldestCreatedAt: "x"',
      ],
      [
        'both lists of types',
        {
          startPosition: start,
          activityFilter: { includeTypes: typeList('NewLead'), excludeTypes: typeList('NewLead') },
        },
        '20110 activityFilter',
      ],
    ])('refuses %s', async (_, params, fault) => {
      expect(await faultOf(read.changes(params))).toContain(fault);
    });

    it('carries marketoGUID behind the id at endpoints 3_x alone', async () => {
      const keysAt = async (version: number) => {
        const { changes } = activityFixture(leads.store, { version });
        const { leadChangeRecordList } = await changes({ startPosition: start, batchSize: 1 });
        return Object.entries(leadChangeRecordList?.leadChangeRecord[0] ?? {}).slice(0, 2);
      };
      expect((await keysAt(2))[1]?.[0]).toBe('activityDateTime');
      expect((await keysAt(3))[1]).toEqual(['marketoGUID', '1']);
    });
  });

  it('old activities are removed, and the others stay where they were', async () => {
    expect(await pruneActivities(leads.store, later)).toBe(2);
    expect((await leads.all('Activity')).map(({ id }) => id)).toEqual([3, 4, 5]);
    const { remainingCount, leadChangeRecordList } = await read.changes({
      startPosition: start,
      batchSize: 1,
    });
    expect([leadChangeRecordList?.leadChangeRecord[0]?.id, remainingCount]).toEqual([3n, 2]);
    expect(await pruneActivities(leads.store, '2027-01-01T00:00:00.000Z')).toBe(3);
    await leads.one({ Email: 'new@example.com' });
    expect((await leads.all('Activity')).map(({ id }) => id)).toEqual([6]);
  });
});
