import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient, type MObject } from '../../src/client/index.ts';
import { isRepeatable } from '../../src/client/repeatable.ts';
import type { Message } from '../../src/contract/messages.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows();
  client = createClient({ ...server, retryDelay: 1 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const insert = (who = client) => who.syncMObjects('INSERT', [{ type: 'Opportunity' }]);
const upsert = (who = client) =>
  who.syncMObjects('UPSERT', [{ type: 'Opportunity', externalKey: { name: 'Name', value: 'A' } }]);

describe('a call is sent again', () => {
  it.each([20023, 20024] as const)('after fault %i, whatever it does', async (fault) => {
    server.failNext({ fault, times: 2 });
    expect((await insert())[0]?.status).toBe('CREATED');
    expect(server.calls().map((call) => call.fault?.code)).toEqual([fault, fault, undefined]);
  });

  it('after fault 20011, if it may be applied twice', async () => {
    server.failNext({ fault: 20011 });
    expect((await upsert())[0]?.status).toBe('CREATED');
  });

  it('after it was applied and the answer was lost, if it may be applied twice', async () => {
    server.failNext({ drop: 'after' });
    expect((await upsert())[0]?.status).toBe('UNCHANGED');
    expect(await server.objects('Opportunity')).toHaveLength(1);
  });

  it('when nobody listens yet', async () => {
    const { port, endpoint } = server;
    await server.close();
    const waiting = insert(createClient({ ...server, endpoint, retryDelay: 200 }));
    server = await startMktows({ port });
    client = createClient({ ...server, retryDelay: 1 });
    expect((await waiting)[0]?.status).toBe('CREATED');
  });

  it('as often as was asked for, and each time signed anew', async () => {
    server.failNext({ fault: 20024, times: 10 });
    await expect(insert(createClient({ ...server, retries: 2, retryDelay: 1 }))).rejects.toMatchObject({
      code: 20024,
    });
    expect(server.calls()).toHaveLength(3);
  });

  it('even an insert of unknown outcome, if that is asked for', async () => {
    server.failNext({ drop: 'after' });
    await insert(createClient({ ...server, retryDelay: 1, retryUnsafe: true }));
    expect(await server.objects('Opportunity')).toHaveLength(2);
  });
});

describe('the outcome of a call is unknown', () => {
  /** A client whose attempts end in this order. */
  const failing = (...attempts: ('lost' | 'refused')[]) => {
    const left = attempts.values();
    return createClient({
      ...server,
      retries: attempts.length - 1,
      retryDelay: 1,
      async fetch() {
        const code = left.next().value === 'refused' ? 'ECONNREFUSED' : 'ECONNRESET';
        throw Object.assign(new Error('fetch failed'), { cause: { code } });
      },
    });
  };

  it('if any attempt may have been applied, also if the last one reached nobody', async () => {
    await expect(upsert(failing('lost', 'refused'))).rejects.toMatchObject({ outcomeUnknown: true });
    await expect(upsert(failing('refused', 'refused'))).rejects.toMatchObject({ outcomeUnknown: false });
  });

  it('not if its signal had ended it before it was sent', async () => {
    const signal = AbortSignal.abort();
    await expect(client.listMObjects({ signal })).rejects.toMatchObject({ outcomeUnknown: false });
  });
});

describe('the timeout of a call', () => {
  it.each([Number.POSITIVE_INFINITY, 2 ** 32])('can be %d milliseconds', async (timeout) => {
    server.failNext({ delay: 100 });
    expect(await createClient({ ...server, timeout, retries: 0 }).listMObjects()).toContain('Opportunity');
  });

  it.each([Number.NaN, 0, -1])('cannot be %d milliseconds', async (timeout) => {
    await expect(client.listMObjects({ timeout })).rejects.toThrow(TypeError);
  });
});

describe('a call is not sent again', () => {
  it.each(['before', 'after'] as const)(
    'if it is an insert whose connection ended %s it was applied',
    async (drop) => {
      server.failNext({ drop });
      await expect(insert()).rejects.toMatchObject({ reason: 'connection', outcomeUnknown: true });
      expect(server.calls()).toHaveLength(1);
    },
  );

  it('if it is an insert that ended in fault 20011', async () => {
    server.failNext({ fault: 20011 });
    await expect(insert()).rejects.toMatchObject({ code: 20011 });
  });

  it.each([20014, 20015, 20110] as const)('after fault %i', async (fault) => {
    server.failNext({ fault });
    await expect(upsert()).rejects.toMatchObject({ code: fault });
    expect(server.calls()).toHaveLength(1);
  });

  it('once its signal has ended it', async () => {
    server.failNext({ fault: 20024, times: 5 });
    const slow = createClient({ ...server, retryDelay: 60_000 });
    const signal = AbortSignal.timeout(100);
    await expect(slow.listMObjects({ signal })).rejects.toMatchObject({ reason: 'aborted' });
    expect(server.calls()).toHaveLength(1);
  });
});

describe('may be applied twice', () => {
  const sync = (operation: 'INSERT' | 'UPDATE' | 'UPSERT', ...mObject: Message<'MObject'>[]) =>
    isRepeatable('syncMObjects', { operation, mObjectList: { mObject } });
  const key = { name: 'Name', value: 'A' };
  const cost = (...names: string[]) => ({
    typeAttribList: {
      typeAttrib: [{ attrType: 'Cost', attrList: { attrib: names.map((name) => ({ name, value: '1' })) } }],
    },
  });
  const attribute = (name: string, value: string) => ({ attribList: { attrib: [{ name, value }] } });
  const type = 'Opportunity' satisfies MObject['type'];

  it.each([
    ['a call that reads', isRepeatable('getMObjects', { type }), true],
    ['an operation that writes lists', isRepeatable('mergeLeads', {} as never), false],
    ['an insert, even with a key', sync('INSERT', { type, externalKey: key }), false],
    ['an upsert by id', sync('UPSERT', { type, id: 1 }), true],
    ['an upsert by key', sync('UPSERT', { type, externalKey: key }), true],
    ['an upsert of a role', sync('UPSERT', { type: 'OpportunityPersonRole' }), true],
    ['an upsert without id and key', sync('UPSERT', { type, id: 1 }, { type }), false],
    ['an upsert by an empty key', sync('UPSERT', { type, externalKey: { name: 'Name', value: ' ' } }), false],
    [
      'an update that changes its own key',
      sync('UPDATE', { type, externalKey: key, attribList: { attrib: [{ name: 'NAME', value: 'B' }] } }),
      false,
    ],
    [
      'an upsert that repeats its own key',
      sync('UPSERT', { type, externalKey: key, ...attribute('Name', 'A') }),
      true,
    ],
    [
      'an object that gets the key of another one',
      sync('UPSERT', { type, externalKey: key }, { type, id: 1, ...attribute('name', 'B') }),
      false,
    ],
    [
      'an object that gets another key, by which the call finds one',
      sync(
        'UPSERT',
        { type, externalKey: key, ...attribute('K', 'B') },
        { type, externalKey: { name: 'K', value: 'A' } },
      ),
      false,
    ],
    [
      'an object that gets the key by which a role finds it',
      sync(
        'UPDATE',
        {
          type: 'OpportunityPersonRole',
          id: 1,
          associationList: { mObjAssociation: [{ mObjType: 'Opportunity', externalKey: key }] },
        },
        { type, id: 1, ...attribute('Name', 'B') },
      ),
      false,
    ],
    [
      'roles of which only some have an id',
      sync('UPSERT', { type: 'OpportunityPersonRole' }, { type: 'OpportunityPersonRole', id: 1 }),
      false,
    ],
    ['a cost with an id', sync('UPDATE', { type: 'Program', id: 7, ...cost('Month', 'Id') }), true],
    ['a cost without an id', sync('UPDATE', { type: 'Program', id: 7, ...cost('Month') }), false],
    [
      'a deletion by id',
      isRepeatable('deleteMObjects', { mObjectList: { mObject: [{ type, id: 1 }] } }),
      true,
    ],
    [
      'a deletion by key',
      isRepeatable('deleteMObjects', { mObjectList: { mObject: [{ type, externalKey: key }] } }),
      false,
    ],
  ])('%s: %s', (_what, answered, expected) => expect(answered).toBe(expected));
});

describe('a call on leads may be applied twice', () => {
  type LeadRecord = Message<'LeadRecord'>;
  const attribute = (attrName: string, attrValue: string): Pick<LeadRecord, 'leadAttributeList'> => ({
    leadAttributeList: { attribute: [{ attrName, attrValue }] },
  });
  const sync = (leadRecord: LeadRecord, marketoCookie?: string) =>
    isRepeatable('syncLead', { leadRecord, returnLead: false, ...(marketoCookie && { marketoCookie }) });
  const syncAll = (dedupEnabled: boolean, ...leadRecord: LeadRecord[]) =>
    isRepeatable('syncMultipleLeads', { leadRecordList: { leadRecord }, dedupEnabled });
  const listOperation = (operation: 'ADDTOLIST' | 'ISMEMBEROFLIST' | 'REMOVEFROMLIST') =>
    isRepeatable('listOperation', { listOperation: operation } as never);

  it.each([
    ['a lead by id', sync({ Id: 1, ...attribute('Email', 'b') }), true],
    ['a lead by foreign id', sync({ ForeignSysPersonId: 'x', Email: 'a' }), true],
    ['a lead by address', sync({ Email: 'a', ...attribute('City', 'Rome') }), true],
    ['a lead by an address that changes', sync({ Email: 'a', ...attribute('EMAIL', 'b') }), false],
    [
      'a lead by an address that a second attribute changes',
      sync({
        Email: 'a',
        leadAttributeList: {
          attribute: [
            { attrName: 'Email', attrValue: 'a' },
            { attrName: 'email', attrValue: 'b' },
          ],
        },
      }),
      false,
    ],
    ['a lead by an empty address', sync({ Email: ' ' }), false],
    ['a lead by cookie', sync({}, 'token:1'), true],
    ['a lead by cookie that gets an address', sync(attribute('Email', 'b'), 'token:1'), false],
    ['a lead without key', sync(attribute('City', 'Rome')), false],
    ['leads by address', syncAll(true, { Email: 'a' }, { Email: 'b' }), true],
    ['leads by address that are not matched', syncAll(false, { Email: 'a' }), false],
    ['leads by id', syncAll(false, { Id: 1 }, { Id: 2 }), true],
    ['leads by id and by address', syncAll(true, { Id: 1 }, { Email: 'b' }), false],
    ['leads of which one has no key', syncAll(true, { Email: 'a' }, {}), false],
    ['adding to a list', listOperation('ADDTOLIST'), true],
    ['asking for members', listOperation('ISMEMBEROFLIST'), true],
    ['removing from a list', listOperation('REMOVEFROMLIST'), false],
    ['a campaign', isRepeatable('requestCampaign', {} as never), false],
    ['an import', isRepeatable('importToList', {} as never), false],
  ])('%s: %s', (_what, answered, expected) => expect(answered).toBe(expected));
});
