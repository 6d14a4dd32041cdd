import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EnumerationValue } from '../../src/contract/enumerations.ts';
import { overAllStores } from '../store/test-engines.ts';
import { leadAt, putRecords } from './put-records.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, { companies: [{ id: 1, name: 'ACME' }] });
    await putRecords(fixture.store, [
      leadAt(1, 0, { email: 'a@example.com' }),
      leadAt(2, 0, { email: 'A@Example.com', values: { FirstName: 'Ann', Company: 'acme' }, companyId: 1 }),
      leadAt(3, 0),
      { type: 'LeadForeignId', record: { id: 1, leadId: 2, type: 'CUSTOM', value: 'old' } },
      { type: 'LeadForeignId', record: { id: 2, leadId: 2, type: 'SFDC', value: 'new' } },
      { type: 'LeadCookie', record: { id: 1, leadId: 3, value: 'token:_mch-x-1-2' } },
      {
        type: 'LeadCrmKey',
        record: { id: 1, leadId: 1, type: 'SFDCLEADID', value: '00Q000000000001AAA', key: '00Q000000000001' },
      },
      {
        type: 'LeadCrmKey',
        record: { id: 2, leadId: 3, type: 'SFDCLEADID', value: '00Q000000000001', key: '00Q000000000001' },
      },
      {
        type: 'LeadCrmKey',
        record: { id: 3, leadId: 2, type: 'LEADOWNEREMAIL', value: 'Own@x.org', key: 'own@x.org' },
      },
    ]);
  });
  afterEach(() => fixture.store.close());

  type KeyType = EnumerationValue<'LeadKeyRef'>;
  const get = async (keyType: KeyType | undefined, keyValue: string | undefined) => {
    const leadKey = { ...(keyType && { keyType }), ...(keyValue !== undefined && { keyValue }) };
    return (await fixture.call('getLead', { leadKey })).answer.result;
  };
  const ids = async (keyType: KeyType, keyValue: string) =>
    (await get(keyType, keyValue)).leadRecordList?.leadRecord.map(({ Id }) => Id);

  it.each<[string, KeyType, string, number[]]>([
    ['by id', 'IDNUM', ' 2 ', [2]],
    ['all of an address, newest first, trimmed and without case', 'EMAIL', ' a@EXAMPLE.com ', [2, 1]],
    ['by cookie', 'COOKIE', 'token:_mch-x-1-2', [3]],
    ['by cookie, encoded and with the id part', 'COOKIE', 'id:287-GTJ-838%26token%3A_mch-x-1-2', [3]],
    ['all of a CRM id, by its first 15 characters', 'SFDCLEADID', '00Q000000000001ZZZ', [3, 1]],
    ['by the address of the owner', 'LEADOWNEREMAIL', 'own@X.org', [2]],
  ])('getLead finds %s', async (_case, keyType, keyValue, expected) => {
    expect(await ids(keyType, keyValue)).toEqual(expected);
    expect((await get(keyType, keyValue)).count).toBe(expected.length);
  });

  it('answers the newest foreign id, and the company as its record spells it', async () => {
    const { leadRecordList } = await get('IDNUM', '2');
    expect(leadRecordList?.leadRecord).toEqual([
      {
        Id: 2,
        Email: 'A@Example.com',
        ForeignSysPersonId: 'new',
        ForeignSysType: 'SFDC',
        leadAttributeList: {
          attribute: [
            { attrName: 'Company', attrType: 'string', attrValue: 'ACME' },
            { attrName: 'FirstName', attrType: 'string', attrValue: 'Ann' },
          ],
        },
      },
    ]);
  });

  it.each<[string, KeyType | undefined, string | undefined, number, string]>([
    ['an unknown id', 'IDNUM', '9', 20103, 'No lead found with IDNUM = 9'],
    ['an unknown address', 'EMAIL', 'x@y.z', 20103, 'No lead found with EMAIL = x@y.z'],
    ['an empty value', 'EMAIL', '', 20103, 'No lead found with EMAIL = '],
    ['no value', 'COOKIE', undefined, 20103, 'No lead found with COOKIE = '],
    ['a text as id', 'IDNUM', 'x', 20103, 'No lead found with IDNUM = x'],
    ['an unknown owner', 'SFDCLEADOWNERID', '1', 20108, 'SFDCLEADOWNERID = 1'],
    ['no key type', undefined, 'x', 20101, 'keyType'],
  ])('getLead refuses %s', async (_case, keyType, keyValue, code, message) => {
    await expect(get(keyType, keyValue)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('getLead refuses a missing key and an unknown key type', async () => {
    await expect(fixture.call('getLead', {})).rejects.toMatchObject({ code: 20101 });
    const leadKey = { keyValue: '1' };
    const unreadable = new Map([[leadKey, [{ element: 'keyType', value: 'NAME', expected: 'one' }]]]);
    await expect(fixture.call('getLead', { leadKey }, unreadable)).rejects.toMatchObject({ code: 20102 });
  });

  it('getLead answers at most 1,000 leads, the newest', async () => {
    await putRecords(
      fixture.store,
      Array.from({ length: 1005 }, (_, n) => leadAt(1000 + n, 0, { email: 'many@x.org' })),
    );
    const found = await ids('EMAIL', 'many@x.org');
    expect([found?.length, found?.[0], found?.at(-1)]).toEqual([1000, 2004, 1005]);
  });
});
