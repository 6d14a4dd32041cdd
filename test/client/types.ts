/**
 * What does and does not compile; `tsc` checks it, nothing runs it.
 */
import type {
  Client,
  CustomObjectSyncResult,
  DeleteResult,
  LeadResult,
  MergeResult,
  MObject,
  SyncResult,
} from '../../src/client/index.ts';
import type { TestServer } from '../../src/testing/index.ts';

export async function types(client: Client, server: TestServer): Promise<void> {
  const objects: MObject[] = [
    { type: 'Opportunity', attributes: { Name: 'A', Amount: 1, CloseDate: new Date(), Custom: true } },
    { type: 'OpportunityPersonRole', attributes: { Role: null, OpportunityId: 64 } },
    { type: 'Program', id: 1, costs: [{ month: '2013-06', amount: 1 }] },
  ];
  const results = await client.syncMObjects('INSERT', objects);

  // @ts-expect-error no such operation
  await client.syncMObjects('DELETE', objects);
  // @ts-expect-error no such type
  await client.syncMObjects('INSERT', [{ type: 'Lead' }]);
  // @ts-expect-error an amount is no boolean
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Amount: true } }]);
  // @ts-expect-error a flag is no date
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { IsWon: new Date() } }]);
  // @ts-expect-error a date is no number
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { CloseDate: 20140331 } }]);
  // @ts-expect-error no field holds an object
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', attributes: { Custom: {} } }]);
  // @ts-expect-error programs are found by id
  await client.syncMObjects('UPDATE', [{ type: 'Program' }]);
  // @ts-expect-error programs have no attributes
  await client.syncMObjects('UPDATE', [{ type: 'Program', id: 1, attributes: { Name: 'A' } }]);
  // @ts-expect-error a misspelt name
  await client.syncMObjects('INSERT', [{ type: 'Opportunity', atributes: { Name: 'A' } }]);
  // @ts-expect-error an id or a key says what is deleted
  await client.deleteMObjects([{ type: 'Opportunity' }]);

  for (const result of results) read(result);
  // @ts-expect-error no such status
  results.filter(({ status }) => status === 'DELETED');

  for await (const { objects: found } of client.getMObjects({ type: 'Opportunity' })) {
    const amount: number | undefined = found[0]?.attributes.Amount;
    const created: Date | undefined = found[0]?.attributes.ExternalCreatedDate;
    // @ts-expect-error an amount is a number
    const text: string | undefined = found[0]?.attributes.Amount;
    // @ts-expect-error only programs have costs
    found[0]?.costs;
    void [amount, created, text];
  }
  // @ts-expect-error no such comparison
  client.getMObjects({ type: 'Opportunity', criteria: [{ name: 'Amount', comparison: 'LIKE', value: 1 }] });
  // @ts-expect-error no such operation
  await client.call('getNothing', {});

  server.failNext({ operation: 'getTags', fault: 20011 });
  // @ts-expect-error no such code
  server.failNext({ fault: 500 });
  // @ts-expect-error no such operation
  server.failNext({ operation: 'syncLeads', delay: 1 });
  const [company] = await server.objects('Company');
  const name: string | undefined = company?.name;
  void name;
}

function read(result: SyncResult): number | null {
  switch (result.status) {
    case 'CREATED':
    case 'UPDATED':
    case 'UNCHANGED': {
      const id: number = result.id;
      // @ts-expect-error only FAILED has an error
      result.error;
      return id;
    }
    case 'SKIPPED':
      // @ts-expect-error may be null
      return result.id satisfies number;
    case 'FAILED':
      return result.error.length;
    default:
      return result satisfies never;
  }
}

export function deleted(result: DeleteResult): string {
  if (result.status === 'FAILED') return result.error;
  // @ts-expect-error nothing is created by a deletion
  if (result.status === 'CREATED') return '';
  return result.request.type;
}

export async function leadTypes(client: Client): Promise<void> {
  const lead = {
    email: 'ann@example.com',
    attributes: { FirstName: 'Ann', LeadScore: 5, DoNotCall: true, DateofBirth: new Date(), Custom: 1n },
  };
  const { status, lead: after } = await client.syncLead(lead, { returnLead: true, workspace: 'EU' });
  status satisfies 'CREATED' | 'UPDATED';
  const score: number | undefined = after?.attributes.LeadScore;
  // @ts-expect-error a score is a number
  const text: string | undefined = after?.attributes.LeadScore;
  void [score, text];

  // @ts-expect-error a flag is no date
  await client.syncLeads([{ email: 'a', attributes: { DoNotCall: new Date() } }]);
  // @ts-expect-error no such system
  await client.syncLeads([{ foreignSysPersonId: '1', foreignSysType: 'OTHER' }]);
  // @ts-expect-error a misspelt name
  await client.syncLeads([{ mail: 'a' }]);
  // @ts-expect-error leads are one object each
  await client.syncLeads({ email: 'a' });
  for (const result of await client.syncLeads([lead], { dedupEnabled: false })) leadId(result);

  // @ts-expect-error no such key type
  await client.getLead({ keyType: 'NAME', keyValue: 'Ann' });
  client.getLeads({ keyType: 'EMAIL', keyValues: ['a'], includeAttributes: ['FirstName'] });
  client.getLeads({ oldestUpdatedAt: new Date(), batchSize: 5 });
  // @ts-expect-error which leads?
  client.getLeads({ batchSize: 5 });

  client.getLeadChanges({ oldestCreatedAt: new Date(), includeTypes: ['NewLead'] });
  // @ts-expect-error from when on?
  client.getLeadChanges({ includeTypes: ['NewLead'] });
  // @ts-expect-error no such type
  client.getLeadActivity({ keyType: 'IDNUM', keyValue: 1 }, { includeTypes: ['Nothing'] });
  for await (const { activities } of client.getLeadActivity({ keyType: 'IDNUM', keyValue: 1 })) {
    const at: Date | undefined = activities[0]?.activityDateTime;
    void at;
  }

  await client.requestCampaign({ campaignId: 1, tokens: { '{{my.a}}': 'b' } }, []);
  // @ts-expect-error a name needs its program
  await client.requestCampaign({ campaignName: 'Welcome' }, []);

  const [object] = await client.syncCustomObjects('UPSERT', 'Car', [{ keys: { vin: 1 } }]);
  if (object !== undefined) reason(object);
  // @ts-expect-error a key is not null
  await client.deleteCustomObjects('Car', [{ vin: null }]);
}

function leadId(result: LeadResult): number {
  if (result.status !== 'FAILED') return result.id;
  // @ts-expect-error may be null
  return result.id satisfies number;
}

export const losers = (result: MergeResult): readonly number[] =>
  result.status === 'MERGED' ? result.loserIds : [];

// @ts-expect-error only FAILED has an error
const reason = (result: CustomObjectSyncResult): string => (result.status === 'FAILED' ? '' : result.error);
