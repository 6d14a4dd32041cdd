import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Message } from '../../src/contract/messages.ts';
import type { AnswerTypeOf, OperationName, RequestTypeOf } from '../../src/contract/operations.ts';
import { decodeAnswer } from '../../src/wire/answer-decoder.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { seedLeadFamily } from '../clients/seeded-leads.ts';
import { seededInstance, startSeededServer } from '../clients/seeded-server.ts';
import { header, type TestServer } from '../server/test-server.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';

const instance = {
  ...seededInstance,
  fields: {
    ...seededInstance.fields,
    Lead: [
      { name: 'FSPID', dataType: 'string' },
      { name: 'cAccountFSID', dataType: 'string' },
    ],
  },
};

const attribute = (values: Readonly<Record<string, string>>) => ({
  attribute: Object.entries(values).map(([attrName, attrValue]) => ({
    attrName,
    attrType: null,
    attrValue,
  })),
});
const attrib = (values: Readonly<Record<string, string>>) => ({
  attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
});
const through = (mObjType: string, name: string, value: string) => ({
  mObjType,
  externalKey: { name, value },
});

/** The way of Marketo's customers: a lead, its opportunities and roles by keys of their own, a campaign, a merge. */
await overBothEngines((engine) => {
  let database: EngineDatabase;
  let server: TestServer;
  beforeEach(async () => {
    database = await engine.open();
    server = await startSeededServer(instance, { database: database.url });
    await seedLeadFamily(server.store);
  });
  afterEach(async () => {
    await server.remove();
    await database.remove();
  });

  async function call<Name extends OperationName>(
    name: Name,
    params: Message<RequestTypeOf<Name>>,
  ): Promise<Message<AnswerTypeOf<Name>>> {
    const response = await fetch(server.endpoint, {
      method: 'POST',
      body: encodeCall(name, params, header()),
      headers: { 'content-type': 'text/xml; charset=utf-8' },
    });
    const decoded = decodeAnswer(name, Buffer.from(await response.arrayBuffer()));
    if (decoded.kind === 'fault') throw new Error(decoded.message);
    return decoded.answer as Message<AnswerTypeOf<Name>>;
  }

  const syncLead = async (email: string, foreignId: string, account: string): Promise<number> => {
    const { result } = await call('syncLead', {
      leadRecord: {
        Email: email,
        ForeignSysPersonId: foreignId,
        ForeignSysType: 'SFDC',
        leadAttributeList: attribute({ FSPID: foreignId, cAccountFSID: account }),
      },
      returnLead: false,
    });
    return result.leadId;
  };
  const find = async (type: string, pointer: Message<'MObjAssociation'>) => {
    const { result } = await call('getMObjects', {
      type,
      mObjAssociationList: { mObjAssociation: [pointer] },
    });
    return (result.mObjectList?.mObject ?? []).map(({ attribList }) =>
      Object.fromEntries((attribList?.attrib ?? []).map(({ name, value }) => [name, value])),
    );
  };
  const activities = async (id: number) => {
    const { leadActivityList } = await call('getLeadActivity', {
      leadKey: { keyType: 'IDNUM', keyValue: String(id) },
    });
    return (leadActivityList.activityRecordList?.activityRecord ?? []).map(
      ({ activityType, mktgAssetName }) => `${activityType} ${mktgAssetName ?? ''}`.trim(),
    );
  };

  it('leads, opportunities, roles, a campaign and a merge work together', async () => {
    const ann = await syncLead('ann@example.com', 'A-1', 'ACC-1');
    const bob = await syncLead('bob@example.com', 'B-1', 'ACC-2');

    const opportunity = (key: string, account: string): Message<'MObject'> => ({
      type: 'Opportunity',
      externalKey: { name: 'FSOpportunityID', value: key },
      attribList: attrib({ Name: `Deal ${key}` }),
      associationList: { mObjAssociation: [through('Company', 'cAccountFSID', account)] },
    });
    const role = (opportunityKey: string, personKey: string, name: string): Message<'MObject'> => ({
      type: 'OpportunityPersonRole',
      attribList: attrib({ Role: name }),
      associationList: {
        mObjAssociation: [
          through('Opportunity', 'FSOpportunityID', opportunityKey),
          through('Lead', 'FSPID', personKey),
        ],
      },
    });
    const { result: synced } = await call('syncMObjects', {
      operation: 'UPSERT',
      mObjectList: {
        mObject: [
          opportunity('O-1', 'ACC-1'),
          opportunity('O-2', 'ACC-2'),
          role('O-1', 'A-1', 'Buyer'),
          role('O-1', 'B-1', 'Buyer'),
          role('O-2', 'B-1', 'Champion'),
        ],
      },
    });
    const statuses = synced.mObjStatusList.mObjStatus;
    expect(statuses.map(({ status }) => status)).toEqual(Array(5).fill('CREATED'));

    const { result: requested } = await call('requestCampaign', {
      source: 'MKTOWS',
      campaignId: 51,
      leadList: {
        leadKey: [
          { keyType: 'EMAIL', keyValue: 'ann@example.com' },
          { keyType: 'IDNUM', keyValue: String(bob) },
        ],
      },
    });
    expect(requested.success).toBe(true);
    expect((await activities(bob))[0]).toBe('Request Campaign Summer event.Welcome');

    const { result: merged } = await call('mergeLeads', {
      winningLeadKeyList: attribute({ IDNUM: String(ann) }),
      losingLeadKeyLists: { keyList: [attribute({ EMAIL: 'bob@example.com' })] },
    });
    expect(merged.mergeStatus).toMatchObject({
      winningLeadId: ann,
      losingLeadIdList: { integerItem: [bob] },
      status: 'MERGED',
    });

    const [first, second] = statuses.map(({ id }) => String(id));
    const roles = await find('OpportunityPersonRole', through('Lead', 'FSPID', 'A-1'));
    expect(roles.map(({ OpportunityId, PersonId, Role }) => [OpportunityId, PersonId, Role])).toEqual([
      [first, String(ann), 'Buyer'],
      [second, String(ann), 'Champion'],
    ]);
    const opportunities = await find('Opportunity', { mObjType: 'Lead', id: ann });
    expect(opportunities.map(({ Name }) => Name)).toEqual(['Deal O-1', 'Deal O-2']);
    await expect(activities(bob)).rejects.toThrow('(20103)');
    const all = await activities(ann);
    expect(all[0]).toBe('Merge Leads ann@example.com');
    expect(all.filter((each) => each === 'Request Campaign Summer event.Welcome')).toHaveLength(2);
  });
});
