import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows({
    schema: 'open',
    instance: {
      programs: [{ id: 7, name: 'Summer' }],
      leads: [
        { id: 1, email: 'ann@example.com' },
        { id: 2, email: 'bob@example.com' },
      ],
    },
  });
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const ann = { keyType: 'EMAIL', keyValue: 'ann@example.com' } as const;
const bob = { keyType: 'IDNUM', keyValue: 2 } as const;
const nobody = { keyType: 'IDNUM', keyValue: 99 } as const;

describe('leads are', () => {
  it('added to a list and removed from it, with a result for each, in order', async () => {
    expect(await client.addToList('News', [ann, bob])).toEqual([
      { success: true, request: ann },
      { success: true, request: bob },
    ]);
    expect(await client.removeFromList('News', [nobody, bob])).toEqual([
      { success: false, request: nobody },
      { success: true, request: bob },
    ]);
    expect(await client.isMemberOfList('News', [ann, bob])).toEqual([
      { success: true, request: ann },
      { success: false, request: bob },
    ]);
  });

  it('not changed by a strict call that has an unknown lead', async () => {
    await client.addToList('News', [bob]);
    const call = client.addToList('News', [ann, nobody], { strict: true });
    await expect(call).rejects.toMatchObject({ code: 20103, operation: 'listOperation' });
    expect(await client.isMemberOfList('News', [ann])).toMatchObject([{ success: false }]);
  });

  it('sent in calls of 1,000', async () => {
    const results = await client.addToList('News', Array(1001).fill(ann));
    expect(results).toHaveLength(1001);
    expect(server.calls()).toHaveLength(2);
  });
});

describe('importToList', () => {
  const rows = { programName: 'Summer', listName: 'Guests' };

  it('writes rows and puts the leads on the list', async () => {
    const state = await client.importToList({
      ...rows,
      columns: ['Email Address', 'First Name', 'LeadScore', 'City'],
      rows: [
        ['ann@example.com', 'Ann "A", the first', 5, null],
        ['new@example.com', undefined, 7n, 'Rome'],
        [null, 'Nobody'],
      ],
    });
    expect(state).toBe('PROCESSING');
    expect(await client.getImportToListStatus(rows)).toEqual({
      status: 'COMPLETE',
      estimatedRows: 3,
      rowsImported: 2,
      rowsFailed: 1,
      rowsIgnored: 0,
      summary: expect.any(String),
    });
    expect(await client.isMemberOfList('Summer.Guests', [ann, bob])).toMatchObject([
      { success: true },
      { success: false },
    ]);
    const written = await server.objects('Lead');
    expect(written.map(({ attributes = {} }) => attributes)).toMatchObject([
      { FirstName: 'Ann "A", the first', LeadScore: 5 },
      {},
      { LeadScore: 7, City: 'Rome' },
    ]);
  });

  it('only fills the list, after removing its members, if that is asked for', async () => {
    await client.addToList('Summer.Guests', [ann]);
    await client.importToList({
      ...rows,
      columns: ['Email Address'],
      rows: [['bob@example.com'], ['stranger@example.com']],
      importListMode: 'LISTONLY',
      clearList: true,
    });
    expect(await client.getImportToListStatus(rows)).toMatchObject({ rowsImported: 1, rowsIgnored: 1 });
    expect(await client.isMemberOfList('Summer.Guests', [ann, bob])).toMatchObject([
      { success: false },
      { success: true },
    ]);
  });
});

describe('campaigns are', () => {
  it('listed by source and name', async () => {
    await client.requestCampaign({ programName: 'Summer', campaignName: 'Welcome' }, []);
    const [campaign, ...others] = await client.getCampaigns({ name: 'welc' });
    expect(campaign).toEqual({ id: expect.any(Number), name: 'Summer.Welcome', description: '' });
    expect(others).toEqual([]);
    expect(await client.getCampaigns({ name: 'welc', exactName: true })).toEqual([]);
  });

  it('requested for leads, by name and by id, with tokens', async () => {
    const tokens = { '{{my.subject}}': 'Hello' };
    const named = { programName: 'Summer', campaignName: 'Welcome', tokens };
    expect(await client.requestCampaign(named, [ann, bob])).toBe(true);
    const [campaign] = await client.getCampaigns();
    expect(await client.requestCampaign({ campaignId: campaign?.id ?? 0 }, [bob])).toBe(true);
    const { value: page } = await client.getLeadActivity(bob, { includeTypes: ['RequestCampaign'] }).next();
    expect(page.activities).toMatchObject([{ leadId: 2 }, { leadId: 2 }]);
  });

  it('not requested for more leads than a server looks at', async () => {
    const call = client.requestCampaign({ campaignId: 1 }, Array(101).fill(ann));
    await expect(call).rejects.toThrow('101 leads; expected at most 100');
    expect(server.calls()).toEqual([]);
  });

  it('scheduled at a time, with tokens', async () => {
    const campaignRunAt = new Date('2030-01-01T08:00:00Z');
    const campaign = { programName: 'Summer', campaignName: 'Blast', campaignRunAt };
    expect(await client.scheduleCampaign({ ...campaign, tokens: { '{{my.a}}': 'b' } })).toBe(true);
  });

  it('scheduled in a copy of their program', async () => {
    const campaign = { programName: 'Summer', campaignName: 'Blast' };
    await client.scheduleCampaign({ ...campaign, cloneToProgramName: 'Autumn' });
    const call = client.scheduleCampaign({ ...campaign, cloneToProgramName: 'Autumn' });
    await expect(call).rejects.toMatchObject({ code: 20110 });
  });
});
