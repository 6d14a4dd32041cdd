import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient, type Lead, type MktowsError } from '../../src/client/index.ts';
import { startMktows, type TestServer } from '../../src/testing/index.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startMktows({ instance: { fields: { Lead: [{ name: 'Visits', dataType: 'integer' }] } } });
  client = createClient({ ...server, retries: 0 });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const lead = (number: number): Lead => ({ email: `lead${number}@example.com` });
const leads = (count: number) => Array.from({ length: count }, (_, index) => lead(index + 1));

describe('syncLead', () => {
  it('answers status, id and the lead if it is asked for', async () => {
    const created = await client.syncLead({ email: 'ann@example.com', attributes: { FirstName: 'Ann' } });
    expect(created).toEqual({ status: 'CREATED', id: 1, lead: null });
    const updated = await client.syncLead(
      { email: 'ANN@example.com', foreignSysPersonId: 'C-1', attributes: { LeadScore: 5 } },
      { returnLead: true },
    );
    expect(updated).toEqual({
      status: 'UPDATED',
      id: 1,
      lead: {
        id: 1,
        email: 'ann@example.com',
        foreignSysPersonId: 'C-1',
        foreignSysType: 'CUSTOM',
        attributes: { FirstName: 'Ann', LeadScore: 5 },
      },
    });
  });

  it('writes values as the API takes them, and reads them by their type', async () => {
    const attributes = {
      LastName: 'Zoë',
      AnnualRevenue: 1234.5,
      NumberOfEmployees: 12n,
      DoNotCall: true,
      Unsubscribed: false,
      DateofBirth: new Date('1980-03-31T22:00:00Z'),
      City: undefined,
      Visits: 7,
    };
    const { lead: found } = await client.syncLead({ ...lead(1), attributes }, { returnLead: true });
    expect(found?.attributes).toEqual({
      LastName: 'Zoë',
      AnnualRevenue: 1234.5,
      NumberOfEmployees: 12,
      DoNotCall: true,
      DateofBirth: '1980-03-31',
      Visits: 7,
    });
  });

  it('clears a field by null', async () => {
    await client.syncLead({ ...lead(1), attributes: { City: 'Rome' } });
    const { lead: found } = await client.syncLead(
      { id: 1, email: null, attributes: { City: null } },
      { returnLead: true },
    );
    expect(found).toMatchObject({ email: null, attributes: {} });
  });

  it('finds the lead of a cookie', async () => {
    const cookie = 'id:123-ABC-456&token:_mch-example.com-1';
    const { id } = await client.syncLead({}, { cookie });
    expect(await client.syncLead(lead(1), { cookie })).toMatchObject({ status: 'UPDATED', id });
  });

  it('names the workspace in the header', async () => {
    const call = client.syncLead(lead(1), { workspace: 'No such workspace' });
    await expect(call).rejects.toMatchObject({ code: 20110, message: expect.stringContaining('workspace') });
  });

  it('rejects with the fault of a lead that is not accepted', async () => {
    await expect(client.syncLead({ id: 99 })).rejects.toMatchObject({ code: 20103, operation: 'syncLead' });
  });

  it('refuses a value that the API cannot take before anything is sent', async () => {
    const call = client.syncLead({ ...lead(1), attributes: { LeadScore: Number.NaN } });
    await expect(call).rejects.toThrow('LeadScore: the number is NaN');
    expect(server.calls()).toEqual([]);
  });
});

describe('syncLeads', () => {
  it('answers a result for each lead, in order, with the lead that was sent', async () => {
    const sent: Lead[] = [lead(1), { id: 99 }, { email: 'LEAD1@example.com', attributes: { City: 'Rome' } }];
    expect(await client.syncLeads(sent)).toEqual([
      { status: 'CREATED', id: 1, request: sent[0] },
      { status: 'FAILED', id: 99, error: expect.stringMatching(/^20103 - /), request: sent[1] },
      { status: 'UPDATED', id: 1, request: sent[2] },
    ]);
  });

  it('has a null id for a failed lead without one', async () => {
    expect(await client.syncLeads([{}])).toMatchObject([{ status: 'FAILED', id: null }]);
  });

  it('splits more than 300 leads, and answers one list', async () => {
    const results = await client.syncLeads(leads(601));
    expect(results.map(({ id }) => id)).toEqual(Array.from({ length: 601 }, (_, index) => index + 1));
    expect(server.calls().map(({ operation }) => operation)).toEqual(Array(3).fill('syncMultipleLeads'));
  });

  it('tells the results of the parts before the one that failed', async () => {
    server.failNext({ delay: 0 });
    server.failNext({ fault: 20011 });
    const error: MktowsError = await client.syncLeads(leads(301)).then(
      () => expect.fail('it is answered'),
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: 20011, operation: 'syncMultipleLeads' });
    expect(error.answered).toHaveLength(300);
  });

  it('makes leads of known addresses if they are not to be matched', async () => {
    await client.syncLeads([lead(1)]);
    expect(await client.syncLeads([lead(1)], { dedupEnabled: false })).toMatchObject([
      { status: 'CREATED', id: 2 },
    ]);
  });

  it('sends an empty list', async () => {
    expect(await client.syncLeads([])).toEqual([]);
    expect(server.calls()).toMatchObject([{ operation: 'syncMultipleLeads', fault: null }]);
  });
});
