import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Client,
  createClient,
  type FoundOpportunity,
  type MktowsError,
  MktowsFault,
  MktowsNoAnswer,
  type MObject,
} from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows({
    instance: {
      fields: { Opportunity: [{ name: 'ContractId', dataType: 'string' }] },
      tags: { Region: ['North', 'South'] },
      channels: { Webinar: [{ status: 'Registered', step: 20, success: false }] },
      programs: [
        { id: 7, name: 'Summer', channel: 'Webinar', costs: [{ id: 3, month: '2013-06', amount: 1 }] },
      ],
      companies: [{ id: 1, name: 'ACME', externalKeys: { account: 'C1' } }],
      leads: [{ id: 19 }],
    },
  });
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const opportunity = (Name: string): MObject => ({ type: 'Opportunity', attributes: { Name } });

/** All pages of a search. */
async function pagesOf<Page>(search: AsyncIterable<Page>): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of search) pages.push(page);
  return pages;
}

/** Listens and answers each request with this status and body. */
async function otherServer(status: number, headers: Record<string, string>, body: string) {
  const other = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/soap/mktows/2_7`, close: () => other.close() };
}

describe('syncMObjects', () => {
  it('answers a result for each object, in order, with the object that was sent', async () => {
    const objects: MObject[] = [opportunity('One'), { type: 'Opportunity', id: 99 }, opportunity('Two')];
    expect(await client.syncMObjects('UPSERT', objects)).toEqual([
      { status: 'CREATED', id: 1, request: objects[0] },
      { status: 'FAILED', id: 99, error: expect.stringContaining('99'), request: objects[1] },
      { status: 'CREATED', id: 2, request: objects[2] },
    ]);
  });

  it('has a null id where there is none', async () => {
    const [result] = await client.syncMObjects('UPDATE', [{ type: 'Opportunity' }]);
    expect(result).toMatchObject({ status: 'SKIPPED', id: null });
  });

  it('splits more than 100 objects, also if one of them occurs twice, and answers one list', async () => {
    const twice = opportunity('twice');
    const objects = [twice, ...Array.from({ length: 249 }, (_, index) => opportunity(`O${index}`)), twice];
    const results = await client.syncMObjects('INSERT', objects);
    expect(results.map(({ id }) => id)).toEqual(objects.map((_, index) => index + 1));
    expect(results.map(({ request }) => request)).toEqual(objects);
    expect(server.calls().map(({ rows }) => rows.length)).toEqual([100, 100, 51]);
    const names = (await server.objects('Opportunity')).map(({ attributes }) => attributes?.Name);
    expect(names).toEqual(['twice', ...Array.from({ length: 249 }, (_, index) => `O${index}`), 'twice']);
  });

  it('tells the results of the parts before the one that failed', async () => {
    server.failNext({ delay: 0 });
    server.failNext({ fault: 20011 });
    const objects = Array.from({ length: 201 }, (_, index) => opportunity(`O${index}`));
    const error: MktowsError = await client.syncMObjects('INSERT', objects).then(
      () => expect.fail('it is answered'),
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 20011, operation: 'syncMObjects' });
    expect(error.answered.map((result) => 'id' in result && result.id)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(await server.objects('Opportunity')).toHaveLength(100);
  });

  it('sends an empty list', async () => {
    expect(await client.syncMObjects('INSERT', [])).toEqual([]);
    expect(server.calls()).toMatchObject([{ operation: 'syncMObjects', fault: null, rows: [] }]);
  });

  it('writes numbers, booleans, dates and null as the API takes them', async () => {
    const attributes = {
      Name: 'Zoë',
      Amount: 1234.5,
      Probability: '80%',
      FiscalYear: 2014n,
      IsWon: true,
      CloseDate: new Date('2014-03-31T22:00:00Z'),
      ExternalCreatedDate: new Date('2014-03-31T22:00:00Z'),
      Stage: undefined,
      ContractId: 'C-1',
    };
    await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes }]);
    await client.syncMObjects('UPDATE', [{ type: 'Opportunity', id: 1, attributes: { Amount: null } }]);
    expect((await server.objects('Opportunity'))[0]?.attributes).toEqual({
      Name: 'Zoë',
      Probability: 80,
      FiscalYear: 2014,
      IsWon: true,
      CloseDate: '2014-03-31',
      ExternalCreatedDate: '2014-03-31T22:00:00.000Z',
      ContractId: 'C-1',
    });
  });

  it.each([
    ['a number that is none', { Amount: Number.NaN }, /Amount: the number is NaN/],
    ['a date that is none', { CloseDate: new Date('x') }, /CloseDate: the date is invalid/],
    ['an object', { Name: {} as never }, /Name: expected a text/],
  ])('refuses %s before anything is sent', async (_what, attributes, message) => {
    const sent = client.syncMObjects('INSERT', [opportunity('One'), { type: 'Opportunity', attributes }]);
    await expect(sent).rejects.toThrow(message);
    expect(server.calls()).toEqual([]);
  });

  it('changes costs, tags and channel of a program', async () => {
    const costs = [
      { id: 3, month: '2013-06', amount: 2000 },
      { month: '2013-07', amount: '1.5', note: 'new' },
    ];
    const [result] = await client.syncMObjects('UPDATE', [
      { type: 'Program', id: 7, costs, tags: { Region: 'North' }, channel: 'Webinar' },
    ]);
    expect(result?.status).toBe('UPDATED');
    const [page] = await pagesOf(client.getMObjects({ type: 'Program', id: 7 }));
    expect(page?.objects[0]).toMatchObject({
      attributes: { Name: 'Summer' },
      channel: 'Webinar',
      tags: { Region: 'North' },
      costs: [
        { id: 3, month: '2013-06-01', amount: 2000, note: null },
        { id: 4, month: '2013-07-01', amount: 1.5, note: 'new' },
      ],
    });
  });

  it('takes associations by id and by external key', async () => {
    const results = await client.syncMObjects('INSERT', [
      {
        type: 'Opportunity',
        externalKey: { name: 'ContractId', value: 5 },
        associations: [{ type: 'Company', externalKey: { name: 'account', value: 'C1' } }],
      },
      {
        type: 'OpportunityPersonRole',
        attributes: { Role: 'Buyer', IsPrimary: false },
        associations: [
          { type: 'Opportunity', externalKey: { name: 'ContractId', value: 5 } },
          { type: 'Lead', id: 19 },
        ],
      },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['CREATED', 'CREATED']);
  });
});

describe('getMObjects', () => {
  const found = async (pages: AsyncIterable<{ objects: readonly FoundOpportunity[] }>) =>
    (await pagesOf(pages)).map(({ objects }) => objects.map(({ id }) => id));

  it('answers page after page, each only when it is asked for', async () => {
    await client.syncMObjects(
      'INSERT',
      Array.from({ length: 201 }, (_, index) => opportunity(`O${index}`)),
    );
    const before = server.calls().length;
    for await (const page of client.getMObjects({ type: 'Opportunity' })) {
      expect(page.objects).toHaveLength(100);
      break;
    }
    expect(server.calls()).toHaveLength(before + 1);
    const pages = await found(client.getMObjects({ type: 'Opportunity' }));
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 1]);
  });

  it('goes on from a stream position', async () => {
    await client.syncMObjects(
      'INSERT',
      Array.from({ length: 101 }, (_, index) => opportunity(`O${index}`)),
    );
    const { value: first } = await client.getMObjects({ type: 'Opportunity' }).next();
    const { streamPosition } = first;
    expect(await found(client.getMObjects({ type: 'Opportunity', streamPosition }))).toEqual([[101]]);
  });

  it('takes criteria and reads values by their type', async () => {
    await client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Amount: 10 } },
      {
        type: 'Opportunity',
        attributes: {
          Amount: 30.25,
          IsWon: true,
          ExternalCreatedDate: '2014-03-31T22:00:00Z',
          ContractId: '7',
        },
        associations: [{ type: 'Company', id: 1 }],
      },
    ]);
    const criteria = [{ name: 'Amount', comparison: 'GT', value: 20 }] as const;
    const [page] = await pagesOf(client.getMObjects({ type: 'Opportunity', criteria }));
    expect(page?.objects).toEqual([
      {
        type: 'Opportunity',
        id: 2,
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
        attributes: {
          Id: 2,
          CompanyId: 1,
          Amount: 30.25,
          IsWon: true,
          ExternalCreatedDate: new Date('2014-03-31T22:00:00Z'),
          ContractId: '7',
        },
        associations: [{ type: 'Company', id: 1 }],
      },
    ]);
  });
});

describe('the other methods', () => {
  it('delete objects', async () => {
    await client.syncMObjects('INSERT', [opportunity('One')]);
    const results = await client.deleteMObjects([
      { type: 'Opportunity', id: 1 },
      { type: 'Opportunity', id: 1 },
    ]);
    expect(results.map(({ status, id }) => ({ status, id }))).toEqual([
      { status: 'DELETED', id: 1 },
      { status: 'UNCHANGED', id: 1 },
    ]);
  });

  it('describe and list types', async () => {
    const { name, fields } = await client.describeMObject('Opportunity');
    expect(name).toBe('Opportunity');
    expect(fields).toContainEqual(
      expect.objectContaining({ name: 'ContractId', dataType: 'string', isCustom: true }),
    );
    expect(await client.listMObjects()).toContain('Opportunity');
  });

  it('list tags and channels', async () => {
    expect(await client.getTags()).toEqual([{ type: 'Region', values: ['North', 'South'] }]);
    expect(await client.getTags([])).toEqual([]);
    expect(await client.getChannels(['Webinar'])).toEqual([
      { name: 'Webinar', statuses: [{ Status: 'Registered', Step: '20', Success: 'false' }] },
    ]);
  });

  it('call any operation with a message as the WSDL declares it', async () => {
    const { result } = await client.call('listMObjects', {});
    expect(result?.objects).toContain('Opportunity');
  });
});

describe('a call that fails', () => {
  it('rejects with the fault, its code, operation and call id', async () => {
    const stranger = createClient({ ...server, secret: 'another', retries: 0 });
    const fault = await stranger.listMObjects().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(MktowsFault);
    expect(fault).toMatchObject({
      code: 20014,
      operation: 'listMObjects',
      faultstring: '20014 - Authentication failed',
      callId: server.calls()[0]?.callId,
    });
  });

  it('says so when the answer is not SOAP', async () => {
    const other = await otherServer(502, {}, '<h1>Bad Gateway</h1>');
    const call = createClient({ ...server, endpoint: other.endpoint, retries: 0 }).listMObjects();
    await expect(call).rejects.toThrow(/is not SOAP \(HTTP 502\)/);
    await expect(call).rejects.toMatchObject({ reason: 'answer', outcomeUnknown: true });
    other.close();
  });

  it('does not follow redirects, and says where they lead', async () => {
    const other = await otherServer(301, { location: server.endpoint }, '');
    const call = createClient({ ...server, endpoint: other.endpoint, retries: 0 }).listMObjects();
    await expect(call).rejects.toThrow(`it redirects to ${server.endpoint}`);
    expect(server.calls()).toEqual([]);
    other.close();
  });

  it('ends when its signal says so, before or while it is sent', async () => {
    const early = client.listMObjects({ signal: AbortSignal.abort('early') });
    await expect(early).rejects.toMatchObject({ name: 'MktowsNoAnswer', reason: 'aborted', cause: 'early' });
    server.failNext({ delay: 1_000 });
    const ended = new AbortController();
    const late = client.listMObjects({ signal: ended.signal });
    setTimeout(() => ended.abort('late'), 50);
    await expect(late).rejects.toMatchObject({ reason: 'aborted', outcomeUnknown: true, cause: 'late' });
  });

  it('ends when its time is up', async () => {
    server.failNext({ delay: 2_000 });
    const call = client.listMObjects({ timeout: 100 });
    await expect(call).rejects.toThrow(MktowsNoAnswer);
    await expect(call).rejects.toMatchObject({ reason: 'timeout', outcomeUnknown: true });
  });

  it('uses the fetch that it is given', async () => {
    const urls: string[] = [];
    const fetching = createClient({
      ...server,
      fetch(url, request) {
        urls.push(url);
        return fetch(url, request);
      },
    });
    await fetching.listMObjects();
    expect(urls).toEqual([server.endpoint]);
  });
});

it('a client without a secret is refused', () => {
  expect(() => createClient({ ...server, secret: '' })).toThrow('createClient: secret is missing');
});
