import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ActivityPosition, type Client, createClient } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows();
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const past = new Date('2000-01-01T00:00:00Z');
const ann = { keyType: 'EMAIL', keyValue: 'ann@example.com' } as const;

/** Makes a lead with an activity for each city: New Lead, and changes. */
async function moveTo(...cities: string[]): Promise<void> {
  for (const City of cities) await client.syncLead({ email: ann.keyValue, attributes: { City } });
}

/** Ids on each page. */
async function idsOf(search: AsyncIterable<{ activities: readonly { id: number }[] }>) {
  const ids: number[][] = [];
  for await (const { activities } of search) ids.push(activities.map(({ id }) => id));
  return ids;
}

describe('getLeadActivity', () => {
  it('answers activities of a lead, the newest first, page by page', async () => {
    await moveTo('Rome', 'Bonn', 'Oslo');
    const [first, second] = await idsOf(client.getLeadActivity(ann, { batchSize: 2 }));
    expect([first?.length, second?.length]).toEqual([2, 1]);
    const ids = [...(first ?? []), ...(second ?? [])];
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });

  it('reads names and values', async () => {
    await moveTo('Rome', 'Bonn');
    const { value: page } = await client
      .getLeadActivity(ann, { includeTypes: ['ChangeDataValue'], oldestCreatedAt: past })
      .next();
    expect(page).toMatchObject({
      remaining: 0,
      activities: [
        {
          id: expect.any(Number),
          activityDateTime: expect.any(Date),
          activityType: 'Change Data Value',
          assetName: 'City',
          attributes: { 'Attribute Name': 'City', 'Old Value': 'Rome', 'New Value': 'Bonn' },
          campaign: null,
          leadId: 1,
          personName: null,
        },
      ],
    });
  });

  it('rejects with the fault of an unknown lead', async () => {
    await expect(client.getLeadActivity(ann).next()).rejects.toMatchObject({ code: 20103 });
  });
});

describe('getLeadChanges', () => {
  it('answers what came since, from the position of the last page', async () => {
    await moveTo('Rome', 'Bonn');
    let last: ActivityPosition | undefined;
    for await (const page of client.getLeadChanges({ oldestCreatedAt: past, batchSize: 1 })) {
      expect(page.activities).toHaveLength(1);
      last = page.position;
    }
    const position = JSON.parse(JSON.stringify(last)) as ActivityPosition;
    expect(await idsOf(client.getLeadChanges({ position }))).toEqual([[]]);
    await moveTo('Oslo');
    const { value: page } = await client.getLeadChanges({ position }).next();
    expect(page.activities).toMatchObject([{ attributes: { 'New Value': 'Oslo' }, leadId: 1 }]);
  });

  it('answers only those of some types and names', async () => {
    await moveTo('Rome', 'Bonn');
    const query = {
      oldestCreatedAt: past,
      excludeTypes: ['NewLead'] as const,
      activityNames: ['Change Data Value'],
    };
    const { value: changes } = await client.getLeadChanges(query).next();
    expect(changes.activities).toMatchObject([{ leadId: 1 }]);
  });
});
