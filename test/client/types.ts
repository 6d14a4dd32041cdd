/**
 * What does and does not compile; `tsc` checks it, nothing runs it.
 */
import type {
  ActivityPage,
  Campaign,
  Channel,
  Client,
  CustomObjectDeleteResult,
  CustomObjectPage,
  CustomObjectSyncResult,
  DeleteResult,
  FoundLead,
  ImportState,
  ImportStatus,
  LeadChange,
  LeadKey,
  LeadPage,
  LeadResult,
  ListResult,
  MergeResult,
  MObject,
  MObjectDescription,
  MObjectPage,
  OperationName,
  SyncedLead,
  SyncResult,
  Tag,
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

const key: LeadKey = { keyType: 'EMAIL', keyValue: 'ann@example.com' };
const list = { programName: 'Spring', listName: 'Guests' };

/** A call of each operation, and what it resolves to. */
export const everyOperation = (client: Client) =>
  ({
    deleteMObjects: client.deleteMObjects([{ type: 'Opportunity', id: 1 }]) satisfies Promise<DeleteResult[]>,
    describeMObject: client.describeMObject('LeadRecord') satisfies Promise<MObjectDescription>,
    getMObjects: client.getMObjects({ type: 'Program' }) satisfies AsyncIterable<MObjectPage<'Program'>>,
    syncMObjects: client.syncMObjects('UPSERT', []) satisfies Promise<SyncResult[]>,
    getCampaignsForSource: client.getCampaigns({ source: 'MKTOWS' }) satisfies Promise<Campaign[]>,
    getImportToListStatus: client.getImportToListStatus(list) satisfies Promise<ImportStatus>,
    getLead: client.getLead(key) satisfies Promise<FoundLead[]>,
    getLeadActivity: client.getLeadActivity(key) satisfies AsyncIterable<ActivityPage>,
    getLeadChanges: client.getLeadChanges({
      oldestCreatedAt: '2026-01-01T00:00:00Z',
    }) satisfies AsyncIterable<ActivityPage<LeadChange>>,
    getMultipleLeads: client.getLeads({ staticListName: 'Guests' }) satisfies AsyncIterable<LeadPage>,
    importToList: client.importToList({
      ...list,
      columns: ['Email Address'],
      rows: [['a@example.com']],
    }) satisfies Promise<ImportState>,
    listMObjects: client.listMObjects() satisfies Promise<string[]>,
    listOperation: client.addToList('Guests', [key]) satisfies Promise<ListResult[]>,
    requestCampaign: client.requestCampaign({ campaignId: 1 }, [key]) satisfies Promise<boolean>,
    scheduleCampaign: client.scheduleCampaign({
      programName: 'Spring',
      campaignName: 'Invite',
      campaignRunAt: new Date(),
    }) satisfies Promise<boolean>,
    syncLead: client.syncLead({ email: 'ann@example.com' }) satisfies Promise<SyncedLead>,
    syncMultipleLeads: client.syncLeads([{ email: 'ann@example.com' }]) satisfies Promise<LeadResult[]>,
    syncCustomObjects: client.syncCustomObjects('UPSERT', 'Car', []) satisfies Promise<
      CustomObjectSyncResult[]
    >,
    deleteCustomObjects: client.deleteCustomObjects('Car', []) satisfies Promise<CustomObjectDeleteResult[]>,
    getCustomObjects: client.getCustomObjects({ type: 'Car' }) satisfies AsyncIterable<CustomObjectPage>,
    mergeLeads: client.mergeLeads(key, [key]) satisfies Promise<MergeResult>,
    getChannels: client.getChannels() satisfies Promise<Channel[]>,
    getTags: client.getTags() satisfies Promise<Tag[]>,
  }) satisfies Record<OperationName, unknown>;
