import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import { countLeadsOfKeys, leadIdsOfKeys } from '../../src/local/leads-of-keys.ts';
import { leadKeyOf } from '../../src/rules/leads/lead-key.ts';
import { keyRecords } from '../../src/rules/leads/lead-sets.ts';
import { overAllStores } from '../store/test-engines.ts';
import { leadAt, putRecords, START, type Stored } from './put-records.ts';
import { BENCH_TIME, openSyncFixture, type SyncFixture } from './sync-fixture.ts';

type Params = Partial<Received<'ParamsGetMultipleLeads'>>;
type KeySelector = Received<'LeadSelector'> & { $type: 'LeadKeySelector' };

const second = START / 1000;
const timeOf = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const now = BENCH_TIME.getTime() / 1000;

const updated = (oldest: string | undefined, latest?: string): Params => ({
  leadSelector: {
    $type: 'LastUpdateAtSelector',
    ...(oldest === undefined ? {} : { oldestUpdatedAt: oldest }),
    ...(latest === undefined ? {} : { latestUpdatedAt: latest }),
  },
});
const keys = (keyType: KeySelector['keyType'], ...stringItem: string[]): Params => ({
  leadSelector: { $type: 'LeadKeySelector', ...(keyType && { keyType }), keyValues: { stringItem } },
});
const list = (pointer: { staticListId?: number; staticListName?: string }): Params => ({
  leadSelector: { $type: 'StaticListSelector', ...pointer },
});
const member = (id: number, listId: number, leadId: number): Stored => ({
  type: 'ListMember',
  record: { id, listId, leadId, addedAt: timeOf(0) },
});

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, {});
    await putRecords(fixture.store, [
      ...[10, 20, 30, 30, 40].map((at, index) => leadAt(index + 1, at, { email: `a${index % 2}@x.org` })),
      { type: 'StaticList', record: { id: 7, name: 'Visitors', programId: null } },
      member(1, 7, 5),
      member(2, 7, 1),
      member(3, 7, 3),
    ]);
  });
  afterEach(() => fixture.store.close());

  const get = async (params: Params) => (await fixture.call('getMultipleLeads', params)).answer.result;
  const idsOf = (result: Awaited<ReturnType<typeof get>>) =>
    result.leadRecordList?.leadRecord.map(({ Id }) => Id ?? 0) ?? [];
  const ids = async (params: Params) => idsOf(await get(params));

  /** All pages of a query, asked with nothing but the position after the first. */
  async function pages(params: Params, batchSize: number) {
    const found: { ids: number[]; remaining: number; position: string }[] = [];
    let next: Params = params;
    do {
      const result = await get({ ...next, batchSize });
      const { newStreamPosition: position, remainingCount: remaining } = result;
      found.push({ ids: idsOf(result), remaining, position });
      next = { streamPosition: position };
    } while (found.at(-1)?.remaining !== 0);
    return found;
  }

  it('pages through the leads of owners, by the index of each key', async () => {
    const owner = (id: number, leadId: number, value: string): Stored => ({
      type: 'LeadCrmKey',
      record: { id, leadId, type: 'LEADOWNEREMAIL', value, key: value },
    });
    const all = Array.from({ length: 12 }, (_, index) => 100 + index);
    await putRecords(fixture.store, [
      ...all.map((id) => leadAt(id, 0, {})),
      ...all.map((id) => owner(id, id, 'o@x.org')),
      ...all.filter((id) => id % 2 === 0).map((id) => owner(id + 1000, id, 'p@x.org')),
      owner(1, 5, 'p@x.org'),
    ]);
    const found = await pages(keys('LEADOWNEREMAIL', 'o@x.org'), 5);
    expect(found.flatMap((page) => page.ids)).toEqual(all);
    expect(found.map(({ remaining }) => remaining)).toEqual([7, 2, 0]);

    const both = ['p@x.org', 'o@x.org', 'nobody'].map((value) => leadKeyOf('LEADOWNEREMAIL', value));
    const records = keyRecords(both);
    if (records === undefined) throw new Error('keys of CRMs have records of their own');
    const page = (after: number | undefined, descending: boolean) =>
      leadIdsOfKeys(fixture.store, records, { after, limit: 5, descending });
    expect(await page(undefined, false)).toEqual({ ids: [5, 100, 101, 102, 103], hasMore: true });
    expect(await page(108, false)).toEqual({ ids: [109, 110, 111], hasMore: false });
    expect(await page(undefined, true)).toEqual({ ids: [111, 110, 109, 108, 107], hasMore: true });
    expect(await countLeadsOfKeys(fixture.store, records, 4)).toBe(13);
    expect(await countLeadsOfKeys(fixture.store, records, 105)).toBe(6);
  });

  describe('getMultipleLeads finds', () => {
    it.each<[string, Params, number[]]>([
      ['what was updated in a window, both ends included', updated(timeOf(20), timeOf(30)), [2, 3, 4]],
      ['a window in whole seconds', updated(timeOf(20.9), timeOf(29.1)), [2]],
      ['what was updated up to now', updated(timeOf(30)), [3, 4, 5]],
      ['the same by lastUpdatedAt', { lastUpdatedAt: timeOf(30) }, [3, 4, 5]],
      ['nothing in an empty window', updated(timeOf(30), timeOf(20)), []],
      [
        'leads by id, in the order of their ids, and each once',
        keys('IDNUM', '5', ' 2 ', '99', '5', 'x', ''),
        [2, 5],
      ],
      ['leads by address', keys('EMAIL', 'A0@x.org', 'nobody@x.org'), [1, 3, 5]],
      ['nothing for no key', keys('EMAIL'), []],
      ['nothing for keys without leads', keys('COOKIE', 'a', 'b'), []],
      ['the members of a list by id', list({ staticListId: 7 }), [1, 3, 5]],
      ['the members of a list by name', list({ staticListName: ' visitors ' }), [1, 3, 5]],
    ])('%s', async (_case, params, expected) => {
      const result = await get(params);
      expect(idsOf(result)).toEqual(expected);
      expect([result.returnCount, result.remainingCount]).toEqual([expected.length, 0]);
    });

    it('the first 100 keys only', async () => {
      const others = Array.from({ length: 99 }, (_, n) => String(1000 + n));
      expect(await ids(keys('IDNUM', ...others, '1', '2'))).toEqual([1]);
    });

    it('leads in a window that is as wide as times can be, also from its position', async () => {
      const window = updated('0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00');
      const first = await get({ ...window, batchSize: 3 });
      expect([idsOf(first), first.remainingCount]).toEqual([[1, 2, 3], 2]);
      const second = await get({ streamPosition: first.newStreamPosition });
      expect(idsOf(second)).toEqual([4, 5]);
    });

    it('no lead by a key that is longer than any', async () => {
      expect(await ids(keys('EMAIL', `${' '.repeat(5000)}a0@x.org`))).toEqual([]);
    });

    it('leads by keys that belong to them', async () => {
      await putRecords(fixture.store, [
        { type: 'LeadCookie', record: { id: 1, leadId: 4, value: 'c1' } },
        { type: 'LeadCookie', record: { id: 2, leadId: 4, value: 'c2' } },
        { type: 'LeadCrmKey', record: { id: 1, leadId: 2, type: 'SFDCACCOUNTID', value: 'A', key: 'A' } },
        { type: 'LeadCrmKey', record: { id: 2, leadId: 3, type: 'SFDCACCOUNTID', value: 'B', key: 'B' } },
        { type: 'LeadCrmKey', record: { id: 3, leadId: 5, type: 'SFDCOPPTYID', value: 'A', key: 'A' } },
      ]);
      expect(await ids(keys('COOKIE', 'c2', 'c1'))).toEqual([4]);
      expect(await ids(keys('SFDCACCOUNTID', 'B', 'A'))).toEqual([2, 3]);
    });
  });

  describe('the pages of getMultipleLeads', () => {
    it("have Marketo's position, exact counts, and need nothing but the position", async () => {
      const window = `to:${second + 20}:tl:${now}`;
      expect(await pages(updated(timeOf(20)), 3)).toEqual([
        { ids: [2, 3, 4], remaining: 1, position: `id:4:${window}:os:3:rc:1` },
        { ids: [5], remaining: 0, position: `id:5:${window}:os:4:rc:0` },
      ]);
    });

    it('are empty behind the last, with the same place', async () => {
      const streamPosition = `id:5:to:${second}:tl:${now}:os:4:rc:0`;
      expect(await get({ streamPosition })).toMatchObject({
        returnCount: 0,
        remainingCount: 0,
        newStreamPosition: streamPosition,
        leadRecordList: { leadRecord: [] },
      });
    });

    it('of a list and of keys go on by themselves; only that of keys ends in an empty position', async () => {
      const ofList = await pages(list({ staticListName: 'Visitors' }), 2);
      expect(ofList).toEqual([
        { ids: [1, 3], remaining: 1, position: `id:3:to:0:tl:${now}:os:2:rc:1:ls:7` },
        { ids: [5], remaining: 0, position: `id:5:to:0:tl:${now}:os:3:rc:0:ls:7` },
      ]);
      const ofKeys = await pages(keys('EMAIL', 'a0@x.org', 'ä"@x.org'), 1);
      expect(ofKeys.map((page) => page.ids)).toEqual([[1], [3], [5]]);
      expect(ofKeys.map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
      expect(ofKeys.at(-1)?.position).toBe('');
    });

    it("go on from Marketo's own position, with the selector or without, in the position's window", async () => {
      const streamPosition = `id:2:to:${second + 20}:tl:${second + 30}:os:1700:rc:12`;
      const rest = {
        returnCount: 1,
        remainingCount: 1,
        newStreamPosition: `id:3:to:${second + 20}:tl:${second + 30}:os:1701:rc:1`,
      };
      expect(await get({ streamPosition, batchSize: 1 })).toMatchObject(rest);
      expect(await get({ ...updated(timeOf(0)), streamPosition, batchSize: 1 })).toMatchObject(rest);
      expect(await ids({ ...list({ staticListId: 7 }), streamPosition })).toEqual([3, 5]);
      expect(await ids({ ...keys('IDNUM', '1', '5'), streamPosition })).toEqual([5]);
    });

    it('take an empty position as none', async () => {
      expect(await ids({ ...updated(timeOf(40)), streamPosition: ' ' })).toEqual([5]);
    });

    it.each([0, -1, 1001, null])('are of 1,000 leads with batchSize %s', async (batchSize) => {
      await putRecords(
        fixture.store,
        Array.from({ length: 1002 }, (_, n) => leadAt(100 + n, 100)),
      );
      const { returnCount, remainingCount } = await get({ ...updated(timeOf(100)), batchSize });
      expect([returnCount, remainingCount]).toEqual([1000, 2]);
    });

    it('neither repeat nor hide leads that change meanwhile, and count what is left', async () => {
      const first = await get({ ...updated(timeOf(10), timeOf(40)), batchSize: 1 });
      expect([idsOf(first), first.remainingCount]).toEqual([[1], 4]);
      const second = await get({ streamPosition: first.newStreamPosition, batchSize: 1 });
      expect([idsOf(second), second.remainingCount]).toEqual([[2], 3]);
      const touched = (await fixture.store.list({ type: 'Lead', where: [], limit: 9 })).records.filter(
        ({ id }) => id === 1 || id === 4,
      );
      const changes = {
        records: touched.map((lead) => ({
          type: 'Lead' as const,
          before: lead,
          after: { ...lead, updatedAt: new Date().toISOString() },
        })),
        looseKeys: [],
        newFields: [],
      };
      await fixture.store.apply({ ids: { Lead: [1, 4] }, keys: [], newIds: {}, depth: 1 }, () => ({
        changes,
        answer: null,
        journal: null,
      }));
      const third = await get({ streamPosition: second.newStreamPosition, batchSize: 1 });
      expect([idsOf(third), third.remainingCount]).toEqual([[3], 1]);
      const fourth = await get({ streamPosition: third.newStreamPosition, batchSize: 1 });
      expect([idsOf(fourth), fourth.remainingCount]).toEqual([[5], 0]);
    });
  });

  describe('getMultipleLeads answers', () => {
    it('the attributes asked for, in any case, and the elements always', async () => {
      await putRecords(fixture.store, [
        leadAt(50, 0, { email: 'e@x.org', values: { FirstName: 'A', LastName: 'B', City: 'C' } }),
      ]);
      const includeAttributes = { stringItem: ['lastname', ' CITY ', 'nonsense', 'Id'] };
      const result = await get({ ...keys('IDNUM', '50'), includeAttributes });
      expect(result.leadRecordList?.leadRecord).toEqual([
        {
          Id: 50,
          Email: 'e@x.org',
          ForeignSysPersonId: null,
          ForeignSysType: null,
          leadAttributeList: {
            attribute: [
              { attrName: 'City', attrType: 'string', attrValue: 'C' },
              { attrName: 'LastName', attrType: 'string', attrValue: 'B' },
            ],
          },
        },
      ]);
      const all = await get({ ...keys('IDNUM', '50'), includeAttributes: { stringItem: [''] } });
      expect(all.leadRecordList?.leadRecord[0]?.leadAttributeList?.attribute).toHaveLength(3);
    });
  });

  describe('getMultipleLeads refuses', () => {
    it.each<[string, Params, number]>([
      ['nothing at all', {}, 20109],
      ['a window without a beginning', updated(undefined, timeOf(0)), 20109],
      ['a list without id and name', list({ staticListId: 0, staticListName: ' ' }), 20109],
      ['keys without a type', keys(undefined, '1'), 20101],
      ['keys without values', { leadSelector: { $type: 'LeadKeySelector', keyType: 'EMAIL' } }, 20109],
      ['a time that is none', updated('yesterday'), 20110],
      ['an unknown list', list({ staticListName: 'Nobody' }), 20111],
      ['an unknown list id', list({ staticListId: 8 }), 20111],
      ...[
        'x',
        'id:1',
        'id:1:to:2:tl:3:os:4:rc:',
        'id:99999999999:to:1:tl:2:os:0:rc:0',
        'id:1:to:1:tl:999999999999999:os:0:rc:0',
        'id:1:to:0:tl:0:os:0:rc:0:ky:EMAIL:x',
        'id:1:to:0:tl:0:os:0:rc:0:ky:NAME:W10',
        'id:1:to:0:tl:0:os:0:rc:0:ls:99999999999',
      ].map((streamPosition): [string, Params, number] => [
        `the position ${streamPosition}`,
        { streamPosition },
        20122,
      ]),
    ])('%s', async (_case, params, code) => {
      await expect(get(params)).rejects.toMatchObject({ code });
    });

    it.each<[string, Params, string]>([
      ['time', updated('x'.repeat(100_000)), 'a date and time'],
      ['position', { streamPosition: 'x'.repeat(100_000) }, 'of the form id:'],
    ])('a very long %s, and says what was expected', async (_what, params, expected) => {
      await expect(get(params)).rejects.toThrow(expected);
    });

    it('an unknown key type with 20102, another unreadable part with 20110', async () => {
      const leadSelector: KeySelector = { $type: 'LeadKeySelector', keyValues: { stringItem: [] } };
      const params = { leadSelector };
      const note = (element: string) => [{ element, value: 'x', expected: 'y' }];
      await expect(
        fixture.call('getMultipleLeads', params, new Map([[leadSelector, note('keyType')]])),
      ).rejects.toMatchObject({ code: 20102 });
      await expect(
        fixture.call('getMultipleLeads', params, new Map([[params, note('batchSize')]])),
      ).rejects.toMatchObject({ code: 20101 });
      const whole = { ...updated(timeOf(0)) };
      await expect(
        fixture.call('getMultipleLeads', whole, new Map([[whole, note('batchSize')]])),
      ).rejects.toMatchObject({ code: 20110 });
    });

    it("a window of over 30 days with Marketo's limits, if both ends were sent", async () => {
      await fixture.store.close();
      fixture = await openSyncFixture(source, {}, { longRanges: 'refuse' });
      await expect(get(updated(timeOf(0), timeOf(30 * 86_400 + 1)))).rejects.toMatchObject({ code: 20022 });
      expect(await ids(updated(timeOf(0), timeOf(30 * 86_400)))).toEqual([]);
      expect(await ids(updated('2000-01-01T00:00:00Z'))).toEqual([]);
    });
  });
});
