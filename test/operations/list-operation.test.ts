import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EnumerationValue } from '../../src/contract/enumerations.ts';
import type { Received } from '../../src/contract/messages.ts';
import { createLocalBackend } from '../../src/local/local-backend.ts';
import { listOperation } from '../../src/operations/list-operation.ts';
import { defaultSettings, type MObjectSettings } from '../../src/rules/settings.ts';
import { program } from '../store/fixture.ts';
import { overAllStores } from '../store/test-engines.ts';
import { type ListFixture, openListFixture } from './list-fixture.ts';
import { leadAt, putRecords, type Stored } from './put-records.ts';
import { BENCH_TIME } from './sync-fixture.ts';

type Key = Received<'LeadKey'>;
const id = (keyValue: string): Key => ({ keyType: 'IDNUM', keyValue });
const email = (keyValue: string): Key => ({ keyType: 'EMAIL', keyValue });

const params = (
  listOperation: EnumerationValue<'ListOperationType'>,
  name: string,
  keys: readonly Key[],
  strict?: boolean,
): Received<'ParamsListOperation'> => ({
  listOperation,
  listKey: { keyType: 'MKTOLISTNAME', keyValue: name },
  listMemberList: { leadKey: [...keys] },
  ...(strict === undefined ? {} : { strict }),
});

await overAllStores((source) => {
  let fixture: ListFixture;
  const open = async (settings: Partial<MObjectSettings>) => {
    await fixture.store.close();
    fixture = await openListFixture(source, settings);
  };
  beforeEach(async () => {
    fixture = await openListFixture(source);
  });
  afterEach(() => fixture.store.close());
  const run = async (...given: Parameters<typeof params>) =>
    (await fixture.call('listOperation', params(...given))).answer.result;
  const fault = (...given: Parameters<typeof params>) => fixture.fault('listOperation', params(...given));

  it('ADDTOLIST adds leads by any key, members stay, and all is well', async () => {
    const result = await run('ADDTOLIST', 'newsletter', [id('1'), email(' BOB@example.com '), id('3')]);
    expect(result).toEqual({ success: true, statusList: null });
    expect(await fixture.members(21)).toEqual([1, 2, 3]);
    expect(await fixture.activities()).toEqual([
      '2 AddToList Newsletter List ID=21; Source=Web service API; Lead ID=2',
      '3 AddToList Newsletter List ID=21; Source=Web service API; Lead ID=3',
    ]);
  });

  it('a list is found by its program, however many programs have a list of the name', async () => {
    const ids = Array.from({ length: 1100 }, (_, n) => 1000 + n);
    await putRecords(fixture.store, [
      ...ids.map((programId): Stored => {
        const name = `Show ${programId - 1000}`;
        return { type: 'Program', record: program(programId, { name }) };
      }),
      ...ids.map((programId): Stored => {
        const record = { id: programId, name: 'Members', programId };
        return { type: 'StaticList', record };
      }),
    ]);
    await run('ADDTOLIST', 'show 1099.members', [id('1')]);
    expect(await fixture.members(2099)).toEqual([1]);
    expect(await fixture.members(1000)).toEqual([]);
    expect(await fault('ADDTOLIST', 'members', [id('1')])).toContain('20111 The list "members" could be');
  }, 60_000);

  it('a key that over 1,000 leads have is refused', async () => {
    const crmKey = { type: 'LEADOWNEREMAIL', value: 'o@x.org', key: 'o@x.org' };
    const ids = Array.from({ length: 1001 }, (_, n) => 100 + n);
    await putRecords(fixture.store, [
      ...ids.map((leadId) => leadAt(leadId, 0)),
      ...ids.map((leadId): Stored => ({ type: 'LeadCrmKey', record: { id: leadId, leadId, ...crmKey } })),
    ]);
    const keys = [{ keyType: 'LEADOWNEREMAIL', keyValue: 'o@x.org' } as const];
    expect(await fault('ADDTOLIST', 'Newsletter', keys)).toContain(
      '20110 over 1000 leads have LEADOWNEREMAIL',
    );
  });

  it('ADDTOLIST adds the newest lead of an address', async () => {
    await run('ADDTOLIST', 'Spring Show.Guests', [email('ann@example.com')]);
    expect(await fixture.members(22)).toEqual([4]);
    expect(await fixture.activities()).toEqual([
      '4 AddToList Spring Show.Guests List ID=22; Source=Web service API; Lead ID=4',
    ]);
  });

  it('an unknown lead has status false, and the others are carried out', async () => {
    const keys = [id('99'), id('2'), email('')];
    const statuses = [false, true, false];
    expect(await run('ADDTOLIST', 'Newsletter', keys)).toEqual({
      success: false,
      statusList: { leadStatus: keys.map((leadKey, index) => ({ leadKey, status: statuses[index] })) },
    });
    expect(await fixture.members(21)).toEqual([1, 2]);
  });

  it('REMOVEFROMLIST removes members, each once', async () => {
    const keys = [id('1'), id('1'), id('2')];
    const result = await run('REMOVEFROMLIST', 'Newsletter', keys);
    expect(result.success).toBe(false);
    expect(result.statusList?.leadStatus?.map(({ status }) => status)).toEqual([true, false, false]);
    expect(await fixture.members(21)).toEqual([]);
    expect(await fixture.activities()).toEqual([
      '1 RemoveFromList Newsletter List ID=21; Source=Web service API; Lead ID=1',
    ]);
    await run('ADDTOLIST', 'Newsletter', [id('1')]);
    expect(await run('REMOVEFROMLIST', 'Newsletter', [id('1')])).toEqual({ success: true, statusList: null });
  });

  it('ISMEMBEROFLIST always lists statuses, and changes nothing', async () => {
    const keys = [id('1')];
    expect(await run('ISMEMBEROFLIST', 'Newsletter', keys)).toEqual({
      success: true,
      statusList: { leadStatus: [{ leadKey: keys[0], status: true }] },
    });
    const both = await run('ISMEMBEROFLIST', 'Newsletter', [id('2'), id('1'), id('99')]);
    expect(both.success).toBe(false);
    expect(both.statusList?.leadStatus?.map(({ status }) => status)).toEqual([false, true, false]);
    expect(await fixture.all('Activity')).toEqual([]);
  });

  it('no keys at all are a success', async () => {
    expect(await run('ADDTOLIST', 'Newsletter', [])).toEqual({ success: true, statusList: null });
  });

  it('strict: an unknown lead is a fault, and nothing is applied', async () => {
    expect(await fault('ADDTOLIST', 'Newsletter', [id('2'), email('x@example.com')], true)).toBe(
      '20103 No lead found with EMAIL = x@example.com',
    );
    const owner: Key = { keyType: 'LEADOWNEREMAIL', keyValue: 'nobody@example.com' };
    expect(await fault('ADDTOLIST', 'Newsletter', [owner], true)).toContain('20108 ');
    expect(await fixture.members(21)).toEqual([1]);
  });

  it('strict: removing a lead that is no member is a fault, and nothing is applied', async () => {
    expect(await fault('REMOVEFROMLIST', 'Newsletter', [id('1'), id('2')], true)).toBe(
      '20110 Lead 2 (IDNUM = 2) is not in the list Newsletter; nothing was changed, as strict is true',
    );
    expect(await fixture.members(21)).toEqual([1]);
  });

  it('a plain name means the list of no program, else the one list of that name', async () => {
    await run('ADDTOLIST', 'NEWSLETTER', [id('2')]);
    await run('ADDTOLIST', 'guests', [id('2')]);
    await run('ADDTOLIST', 'Web.Site.Both', [id('2')]);
    await run('ADDTOLIST', 'Spring Show.Newsletter', [id('3')]);
    expect(await Promise.all([21, 22, 24, 25].map(fixture.members))).toEqual([[1, 2], [2], [2], [3]]);
  });

  it('a plain name of several lists is 20111 and names them', async () => {
    expect(await fault('ADDTOLIST', 'Both', [id('1')])).toBe(
      '20111 The list "Both" could be any of "Spring Show.Both" (id 23), "Web.Site.Both" (id 24); name its program too',
    );
  });

  it('an unknown list is 20111, as is a list of sales users', async () => {
    expect(await fault('ADDTOLIST', 'Nobody.Guests', [id('1')])).toContain('20111 There is no static list');
    const sales = {
      ...params('ADDTOLIST', 'Newsletter', []),
      listKey: { keyType: 'MKTOSALESUSERID' as const, keyValue: '1' },
    };
    expect(await fixture.fault('listOperation', sales)).toContain('20111 ');
  });

  it('with an open schema an unknown list is created, in its program if that is known', async () => {
    await open({ undefinedNames: 'create' });
    await run('ADDTOLIST', 'Spring Show.New', [id('1')]);
    await run('ADDTOLIST', 'Nowhere.New', [id('2')]);
    await run('ADDTOLIST', 'spring show.NEW', [id('2')]);
    const lists = (await fixture.all('StaticList')).filter((list) => list.id > 25);
    expect(lists.map(({ name, programId }) => [name, programId])).toEqual([
      ['New', 101],
      ['Nowhere.New', null],
    ]);
    expect(await fixture.members(lists[0]?.id ?? 0)).toEqual([1, 2]);
  });

  it('two calls at once create one list and one membership', async () => {
    await open({ undefinedNames: 'create' });
    await Promise.all([1, 2, 3, 4].map(() => run('ADDTOLIST', 'New', [id('1')])));
    const lists = (await fixture.all('StaticList')).filter((list) => list.id > 25);
    expect(lists).toHaveLength(1);
    expect(await fixture.members(lists[0]?.id ?? 0)).toEqual([1]);
  });

  it('missing parameters are 20109, an unknown operation 20110, a bad key type 20102', async () => {
    const { listMemberList: _, ...noMembers } = params('ADDTOLIST', 'Newsletter', []);
    expect(await fixture.fault('listOperation', noMembers)).toContain('20109 listMemberList');
    const { listKey: __, ...noList } = params('ADDTOLIST', 'Newsletter', []);
    expect(await fixture.fault('listOperation', noList)).toContain('20109 listKey');
    const { listOperation: ___, ...unknown } = params('ADDTOLIST', 'Newsletter', []);
    const operation = { element: 'listOperation', value: 'CLEARLIST', expected: 'another' };
    expect(await fixture.fault('listOperation', unknown, new Map([[unknown, [operation]]]))).toContain(
      '20110 listOperation "CLEARLIST"',
    );
    const key = { keyValue: '1' };
    const badKey = params('ADDTOLIST', 'Newsletter', [key]);
    const keyType = { element: 'keyType', value: 'NAME', expected: 'another' };
    expect(await fixture.fault('listOperation', badKey, new Map([[key, [keyType]]]))).toContain('20102 ');
  });

  it('over 1,000 keys are 20110', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => id(String(index)));
    expect(await fault('ADDTOLIST', 'Newsletter', keys)).toContain('20110 listMemberList has 1001 lead keys');
  });

  it('the journal names each lead', async () => {
    const cookie = { keyType: 'COOKIE' as const, keyValue: 'token:x' };
    await run('ADDTOLIST', 'Newsletter', [id('1'), email('bob@example.com'), id('99'), cookie]);
    const [entry] = await fixture.store.journal.newest(1);
    expect(entry).toMatchObject({ operation: 'listOperation', mode: 'ADDTOLIST' });
    expect(entry?.rows).toMatchObject([
      { type: 'Lead', id: 1, status: 'UNCHANGED', because: 'is in the list already' },
      { type: 'Lead', id: 2, status: 'UPDATED', name: 'bob@example.com' },
      { type: 'Lead', id: null, status: 'FAILED', because: '20103 - No lead found with IDNUM = 99' },
      { type: 'Lead', id: null, status: 'FAILED', externalKey: { name: 'COOKIE', value: 'token:x' } },
    ]);
  });

  it('the journal without values names no address', async () => {
    const backend = createLocalBackend(fixture.store, { hasValues: false })({
      callId: 'c',
      userId: 'u',
      address: null,
      began: 0,
    });
    const context = { backend, settings: defaultSettings, now: BENCH_TIME };
    const added = params('ADDTOLIST', 'Newsletter', [email('bob@example.com')]);
    await listOperation({ params: added, unreadable: new Map() }, context);
    const [entry] = await fixture.store.journal.newest(1);
    expect(entry?.rows).toEqual([{ type: 'Lead', id: 2, status: 'UPDATED' }]);
  });
});
