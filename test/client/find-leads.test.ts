import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows({ schema: 'open' });
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const address = (number: number) => `lead${number}@example.com`;
const byId = (keyValue: number) => ({ keyType: 'IDNUM', keyValue }) as const;

/** Makes leads with the ids 1 to `count`. */
const makeLeads = (count: number) =>
  client.syncLeads(
    Array.from({ length: count }, (_, index) => ({
      email: address(index + 1),
      attributes: { City: 'Rome', LeadScore: index },
    })),
  );

/** Ids on each page. */
async function idsOf(search: ReturnType<Client['getLeads']>): Promise<number[][]> {
  const ids: number[][] = [];
  for await (const { leads } of search) ids.push(leads.map(({ id }) => id));
  return ids;
}

describe('getLead', () => {
  it('answers all leads of a key, the newest first', async () => {
    await makeLeads(1);
    await client.syncLeads([{ email: address(1) }], { dedupEnabled: false });
    const found = await client.getLead({ keyType: 'EMAIL', keyValue: address(1) });
    expect(found).toMatchObject([
      { id: 2, attributes: {} },
      { id: 1, email: address(1), attributes: { City: 'Rome', LeadScore: 0 } },
    ]);
  });

  it('rejects with the fault of an unknown lead', async () => {
    await expect(client.getLead(byId(1))).rejects.toMatchObject({ code: 20103, operation: 'getLead' });
  });
});

describe('getLeads', () => {
  it('answers page after page, each only when it is asked for', async () => {
    await makeLeads(5);
    const before = server.calls().length;
    const search = client.getLeads({ oldestUpdatedAt: new Date('2000-01-01'), batchSize: 2 });
    expect((await search.next()).value).toMatchObject({ remaining: 3 });
    expect(server.calls()).toHaveLength(before + 1);
    expect(await idsOf(search)).toEqual([[3, 4], [5]]);
  });

  it('goes on from a stream position', async () => {
    await makeLeads(3);
    const query = { oldestUpdatedAt: '2000-01-01T00:00:00Z', batchSize: 2 };
    const { value: first } = await client.getLeads(query).next();
    expect(await idsOf(client.getLeads({ ...query, streamPosition: first.streamPosition }))).toEqual([[3]]);
  });

  it('finds leads by more keys than a call takes', async () => {
    await makeLeads(250);
    const keyValues = Array.from({ length: 251 }, (_, index) => address(index + 1));
    const pages = await idsOf(client.getLeads({ keyType: 'EMAIL', keyValues }));
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(pages.flat()).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  it('does not continue a search by more keys than a call takes', async () => {
    const keyValues = Array.from({ length: 101 }, (_, index) => index + 1);
    const search = client.getLeads({ keyType: 'IDNUM', keyValues, streamPosition: 'x' });
    await expect(search.next()).rejects.toThrow('a search of 101 keys cannot be continued');
  });

  it('finds the members of a list, with the attributes that are asked for', async () => {
    await makeLeads(3);
    await client.addToList('News', [byId(1), byId(3)]);
    const { value: page } = await client
      .getLeads({ staticListName: 'News', includeAttributes: ['LeadScore'] })
      .next();
    expect(page.leads).toMatchObject([{ id: 1, email: address(1) }, { id: 3 }]);
    expect(page.leads[1]?.attributes).toEqual({ LeadScore: 2 });
  });
});

describe('mergeLeads', () => {
  it('answers winner and losers', async () => {
    await makeLeads(3);
    const losers = [byId(2), { keyType: 'EMAIL', keyValue: address(3) }] as const;
    expect(await client.mergeLeads(byId(1), losers)).toEqual({
      status: 'MERGED',
      winnerId: 1,
      loserIds: [2, 3],
    });
    await expect(client.getLead(byId(2))).rejects.toMatchObject({ code: 20103 });
  });

  it('says why nothing was merged', async () => {
    await makeLeads(1);
    expect(await client.mergeLeads(byId(1), [byId(9)])).toEqual({
      status: 'FAILED',
      error: expect.stringMatching(/^20103 - /),
    });
  });
});

it('getLeadChanges answers the activities of some leads', async () => {
  await makeLeads(3);
  const leads = { keyType: 'IDNUM', keyValues: [2] } as const;
  const { value: page } = await client
    .getLeadChanges({ oldestCreatedAt: new Date('2000-01-01'), leads })
    .next();
  expect(page.activities).toMatchObject([{ activityType: 'New Lead', leadId: 2 }]);
});
