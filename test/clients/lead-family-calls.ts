import { expect } from 'vitest';
import type { OperationName } from '../../src/contract/operations.ts';

/** A call that a client makes, and what it reads of the answer: nil left out, a list of one as its only item. */
export interface FamilyCall {
  readonly name: string;
  readonly operation: OperationName;
  readonly params: object;
  readonly expected: unknown;
}

const call = (operation: OperationName, name: string, params: object, expected: unknown): FamilyCall => ({
  name: `${operation} ${name}`,
  operation,
  params,
  expected,
});

const attributes = (values: Readonly<Record<string, string>>) => ({
  attribute: Object.entries(values).map(([attrName, attrValue]) => ({ attrName, attrValue })),
});
const answered = (...values: [name: string, type: string, value: string][]) => ({
  attribute: items(values.map(([attrName, attrType, attrValue]) => ({ attrName, attrType, attrValue }))),
});
const items = (all: unknown[]): unknown => (all.length === 1 ? all[0] : all);
const untyped = (values: Readonly<Record<string, string>>) => ({
  attribute: items(attributes(values).attribute),
});
const by = (keyType: string, keyValue: string | number) => ({ keyType, keyValue: String(keyValue) });
const ann = by('EMAIL', 'ann@example.com');
const fault = (faultstring: string) => expect.objectContaining({ faultstring });

const annAnswered = {
  Id: 20,
  Email: 'ann@example.com',
  leadAttributeList: answered(['Company', 'string', 'ACME'], ['FirstName', 'string', 'Ann <&> 漢字 😀']),
};
const bobAnswered = { Id: 21, Email: 'bob@example.com', ForeignSysPersonId: 'F-1', ForeignSysType: 'SFDC' };
const activity = (activityType: string, mktgAssetName = '') =>
  expect.objectContaining({ activityType, ...(mktgAssetName ? { mktgAssetName } : {}), mktPersonId: '20' });
const roadshowKeys = { MKTOID: '20', rid: 'r1' };
const startPosition = { oldestCreatedAt: '2013-01-01T00:00:00Z' };

/** Each of the sixteen operations on leads, as clients call them, on the instance of `seeded-leads.ts`. */
export const familyCalls: readonly FamilyCall[] = [
  call(
    'syncLead',
    'makes a lead and returns it',
    {
      leadRecord: {
        Email: 'ann@example.com',
        leadAttributeList: attributes({ FirstName: 'Ann <&> 漢字 😀', Company: 'ACME' }),
      },
      returnLead: true,
    },
    { leadId: 20, syncStatus: { leadId: 20, status: 'CREATED' }, leadRecord: annAnswered },
  ),
  call(
    'syncMultipleLeads',
    'answers a status for each row',
    {
      leadRecordList: {
        leadRecord: [
          { Email: 'bob@example.com', ForeignSysPersonId: 'F-1', ForeignSysType: 'SFDC' },
          { Email: 'cyd@example.com', leadAttributeList: attributes({ FirstNme: 'Cyd' }) },
          { Email: 'ANN@example.com', leadAttributeList: attributes({ LeadScore: '7' }) },
        ],
      },
      dedupEnabled: true,
    },
    {
      syncStatusList: {
        syncStatus: [
          { leadId: 21, status: 'CREATED' },
          { leadId: 0, status: 'FAILED', error: expect.stringMatching(/^20105 - .*FirstName/) },
          { leadId: 20, status: 'UPDATED' },
        ],
      },
    },
  ),
  call(
    'getLead',
    'finds a lead by its e-mail',
    { leadKey: ann },
    {
      count: 1,
      leadRecordList: {
        leadRecord: {
          ...annAnswered,
          leadAttributeList: answered(
            ['Company', 'string', 'ACME'],
            ['FirstName', 'string', 'Ann <&> 漢字 😀'],
            ['LeadScore', 'integer', '7'],
          ),
        },
      },
    },
  ),
  call(
    'getLead',
    'ends in a fault for a lead that is not there',
    { leadKey: by('IDNUM', 999) },
    fault('20103 - Lead not found'),
  ),
  call(
    'getMultipleLeads',
    'finds leads by keys, with the attributes asked for',
    {
      leadSelector: { type: 'LeadKeySelector', keyType: 'IDNUM', keyValues: { stringItem: ['21', '20'] } },
      batchSize: 1,
      includeAttributes: { stringItem: ['LeadScore', 'Company'] },
    },
    {
      returnCount: 1,
      remainingCount: 1,
      newStreamPosition: expect.stringMatching(/\S/),
      leadRecordList: {
        leadRecord: {
          ...annAnswered,
          leadAttributeList: answered(['Company', 'string', 'ACME'], ['LeadScore', 'integer', '7']),
        },
      },
    },
  ),
  call(
    'listOperation',
    'adds members',
    {
      listOperation: 'ADDTOLIST',
      listKey: { keyType: 'MKTOLISTNAME', keyValue: 'Newsletter' },
      listMemberList: { leadKey: [ann, by('IDNUM', 21)] },
    },
    { success: true },
  ),
  call(
    'listOperation',
    'tells members from others',
    {
      listOperation: 'ISMEMBEROFLIST',
      listKey: { keyType: 'MKTOLISTNAME', keyValue: 'Newsletter' },
      listMemberList: { leadKey: [ann, by('IDNUM', 19)] },
      strict: false,
    },
    {
      success: false,
      statusList: {
        leadStatus: [
          { leadKey: ann, status: true },
          { leadKey: by('IDNUM', 19), status: false },
        ],
      },
    },
  ),
  call(
    'getMultipleLeads',
    'finds the members of a list',
    { leadSelector: { type: 'StaticListSelector', staticListName: 'Newsletter' } },
    expect.objectContaining({
      returnCount: 2,
      remainingCount: 0,
      leadRecordList: {
        leadRecord: [expect.objectContaining({ Id: 20 }), expect.objectContaining(bobAnswered)],
      },
    }),
  ),
  call(
    'importToList',
    'imports rows',
    {
      programName: 'Summer event',
      importFileHeader: 'Email Address,First Name',
      importFileRows: { stringItem: ['ann@example.com,Anna', 'dan@example.com,"Dan, the ""Man"""', ',x'] },
      importListMode: 'UPSERTLEADS',
      listName: 'Guests',
      clearList: false,
      campaignName: '',
    },
    { importStatus: 'PROCESSING' },
  ),
  call(
    'getImportToListStatus',
    'says how it went',
    { programName: 'Summer event', listName: 'Guests' },
    expect.objectContaining({
      status: 'COMPLETE',
      estimatedRows: 3,
      rowsImported: 2,
      rowsFailed: 1,
      rowsIgnored: 0,
    }),
  ),
  call(
    'getCampaignsForSource',
    'lists campaigns',
    { source: 'MKTOWS', name: 'welc', exactName: false },
    expect.objectContaining({
      returnCount: 1,
      campaignRecordList: {
        campaignRecord: expect.objectContaining({ id: 51, name: 'Summer event.Welcome' }),
      },
    }),
  ),
  call(
    'requestCampaign',
    'takes leads into a campaign',
    { source: 'MKTOWS', campaignId: 51, leadList: { leadKey: [ann] } },
    { success: true },
  ),
  call(
    'scheduleCampaign',
    'schedules a batch campaign',
    {
      programName: 'Summer event',
      campaignName: 'Blast',
      campaignRunAt: '2036-01-01T00:00:00Z',
      programTokenList: { attrib: [{ name: '{{my.x}}', value: 'y' }] },
    },
    { success: true },
  ),
  call(
    'getLeadActivity',
    'reads the newest first',
    { leadKey: ann, batchSize: 3 },
    {
      returnCount: 3,
      remainingCount: 3,
      newStartPosition: expect.objectContaining({ offset: expect.stringMatching(/^ID:\d+$/) }),
      activityRecordList: {
        activityRecord: [
          activity('Request Campaign', 'Summer event.Welcome'),
          activity('Add to List', 'Summer event.Guests'),
          activity('Change Data Value', 'First Name'),
        ],
      },
    },
  ),
  call(
    'getLeadChanges',
    'reads the oldest first',
    {
      startPosition,
      activityFilter: { includeTypes: { activityType: ['NewLead', 'ChangeDataValue'] } },
      batchSize: 1,
      leadSelector: {
        type: 'LeadKeySelector',
        keyType: 'EMAIL',
        keyValues: { stringItem: ['ann@example.com'] },
      },
    },
    expect.objectContaining({
      returnCount: 1,
      leadChangeRecordList: { leadChangeRecord: activity('New Lead') },
    }),
  ),
  call(
    'syncCustomObjects',
    'writes objects',
    {
      objTypeName: 'RoadShow',
      customObjList: {
        customObj: [
          {
            customObjKeyList: attributes(roadshowKeys),
            customObjAttributeList: attributes({ city: 'San Mateo', seats: '40', isOver: 'true' }),
          },
          { customObjKeyList: attributes({ MKTOID: '20' }) },
        ],
      },
      operation: 'UPSERT',
    },
    {
      syncCustomObjStatusList: {
        syncCustomObjStatus: [
          { objTypeName: 'Roadshow', customObjKeyList: untyped(roadshowKeys), status: 'CREATED' },
          expect.objectContaining({ status: 'FAILED', error: 'Missing key: rid' }),
        ],
      },
    },
  ),
  call(
    'getCustomObjects',
    'finds objects by a key',
    {
      objTypeName: 'Roadshow',
      customObjKeyList: attributes({ MKTOID: '20' }),
      includeAttributes: { stringItem: ['city'] },
    },
    expect.objectContaining({
      objTypeName: 'Roadshow',
      returnCount: 1,
      remainingCount: 0,
      customObjList: {
        customObj: {
          customObjKeyList: expect.objectContaining({ attribute: expect.any(Array) }),
          customObjAttributeList: {
            attribute: expect.objectContaining({ attrName: 'city', attrValue: 'San Mateo' }),
          },
        },
      },
    }),
  ),
  call(
    'deleteCustomObjects',
    'deletes objects',
    { objTypeName: 'Roadshow', customObjKeyLists: { keyList: [attributes(roadshowKeys)] } },
    {
      deleteCustomObjStatusList: {
        syncCustomObjStatus: {
          objTypeName: 'Roadshow',
          customObjKeyList: untyped(roadshowKeys),
          status: 'DELETED',
        },
      },
    },
  ),
  call(
    'mergeLeads',
    'merges leads',
    {
      winningLeadKeyList: attributes({ IDNUM: '20' }),
      losingLeadKeyLists: { keyList: [attributes({ EMAIL: 'bob@example.com' })] },
      mergeInSales: false,
    },
    { mergeStatus: { winningLeadId: 20, losingLeadIdList: { integerItem: 21 }, status: 'MERGED' } },
  ),
  call(
    'getLead',
    'finds the foreign id at the winner',
    { leadKey: by('IDNUM', 20) },
    {
      count: 1,
      leadRecordList: {
        leadRecord: expect.objectContaining({ Id: 20, ForeignSysPersonId: 'F-1', ForeignSysType: 'SFDC' }),
      },
    },
  ),
];

const numbers =
  /^(id|Id|leadId|count|returnCount|remainingCount|estimatedRows|rows\w+|winningLeadId|integerItem)$/;

/** Returns an answer whose values are all texts with numbers and booleans where the schema has such. */
export function typedAnswer(answer: unknown, name = ''): unknown {
  if (Array.isArray(answer)) return answer.map((each) => typedAnswer(each, name));
  if (typeof answer === 'object' && answer !== null) {
    return Object.fromEntries(
      Object.entries(answer).map(([element, part]) => [element, typedAnswer(part, element)]),
    );
  }
  if (answer === 'true' || answer === 'false') return answer === 'true';
  return numbers.test(name) && typeof answer === 'string' ? Number(answer) : answer;
}

/** Reads an answer as `FamilyCall.expected` has it: clients differ in how they show nil and lists of one. */
export function plainAnswer(answer: unknown): unknown {
  if (answer instanceof Date) return answer.toISOString();
  if (Array.isArray(answer)) return items(answer.map(plainAnswer));
  if (typeof answer !== 'object' || answer === null) return answer;
  const parts = Object.entries(answer).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(parts.map(([name, part]) => [name, plainAnswer(part)]));
}
