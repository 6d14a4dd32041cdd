import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/rules/settings.ts';
import { startSeededServer } from '../clients/seeded-server.ts';
import { putRecords, type Stored } from '../operations/put-records.ts';
import type { TestServer } from '../server/test-server.ts';
import { infoset } from './infoset.ts';
import { answer, post } from './published.ts';

const named = (Company: string, FirstName: string, LastName: string) => ({ Company, FirstName, LastName });

/** What the published answers show of the instances that gave them. Addresses and names of people are replaced. */
const instance = {
  fields: { Lead: [{ name: 'Date_of_purchase', dataType: 'date' }] },
  workspaces: ['Futures Institute'],
  programs: [
    { id: 1, name: 'Trav-Demo-Program', type: 'Default' },
    { id: 2, name: 'ER Demo', type: 'Default' },
  ],
  lists: [
    { id: 1, name: 'Trav-Test-List', members: [1089946] },
    { id: 2, name: 'Trav-Test-List', program: 'Trav-Demo-Program' },
    { id: 3, name: 'foo_list', members: [1001086] },
  ],
  campaigns: [
    { id: 4496, name: 'Welcome', kind: 'trigger', sources: ['SALES', 'MKTOWS'] },
    { id: 3374, name: 'Triggered Campaign', program: 'ER Demo', kind: 'trigger', sources: ['MKTOWS'] },
    { id: 4038, name: 'Email Trigger for Social App: 398', kind: 'trigger', sources: ['MKTOWS'] },
    { id: 4242, name: 'Email Trigger for Social App: 442', kind: 'trigger', sources: ['MKTOWS'] },
    { id: 4240, name: 'Email Trigger for Social App:', kind: 'trigger', sources: ['MKTOWS'] },
    { id: 4500, name: 'Batch Campaign Example', program: 'Trav-Demo-Program', kind: 'batch' },
  ],
  leads: [
    { id: 2, email: 'winner@example.com' },
    { id: 15, email: 'loser@example.com' },
    { id: 16, email: 'loser@example.com' },
    {
      id: 65835,
      email: 'formtest1@example.com',
      attributes: {
        ...named('Marketo Test', 'FnameForm1', 'LnameForm1'),
        LeadScore: '16',
        Website: 'marketo.com',
        DoNotCall: 'false',
      },
    },
    {
      id: 67508,
      email: 'joe@example.com',
      attributes: { ...named('Marketo', 'Joe', 'Doe'), Date_of_purchase: '2012-04-04', LeadScore: '11' },
    },
    { id: 87710, email: 'no.member@example.com' },
    {
      id: 1001081,
      email: 'foo@example.com',
      attributes: { ...named('foo', 'foo', 'foo'), LeadStatus: 'Inactive' },
    },
    { id: 1001084, email: 'foo@example.com', attributes: named('The Price is Right', 'Bob', 'Roe') },
    { id: 1001086, email: 'member@example.com' },
    { id: 1089946, email: 'other.member@example.com' },
    {
      id: 1089965,
      email: 'rufus@example.com',
      attributes: {
        ...named('Marketo', 'Rufus', 'Roe'),
        AnonymousIP: '192.0.2.240',
        InferredCompany: 'Time Warner Cable',
        InferredCountry: 'United States',
        LeadScore: '62',
        Website: 'gmail.com',
      },
    },
    { id: 1090239, email: 'em1001@example.com' },
    { id: 1090240, email: 'em1000@example.com' },
  ],
};

let server: TestServer;
beforeEach(async () => {
  server = await startSeededServer(instance, {
    settings: { ...defaultSettings, timeZone: 'America/Chicago' },
  });
});
afterEach(() => server.remove());

const ask = async (body: string, options?: { version?: string; context?: string }) =>
  infoset(await post(server, body, options));

const leadKey = (keyType: string, keyValue: string | number) =>
  `<leadKey><keyType>${keyType}</keyType><keyValue>${keyValue}</keyValue></leadKey>`;

const attribute = (name: string, value: string, type = '<attrType xsi:nil="true"/>') =>
  `<attribute><attrName>${name}</attrName>${type}<attrValue>${value}</attrValue></attribute>`;

/** A lead of an answer; each attribute as `name:type:value`. */
const lead = (id: number | string, email: string, attributes: readonly string[], element = 'leadRecord') =>
  `<${element}><Id>${id}</Id><Email>${email}</Email><ForeignSysPersonId xsi:nil="true"/>` +
  `<ForeignSysType xsi:nil="true"/><leadAttributeList>${attributes
    .map((each) => each.split(':') as [string, string, string])
    .map(([name, type, value]) => attribute(name, value, `<attrType>${type}</attrType>`))
    .join('')}</leadAttributeList></${element}>`;

const foo = lead(1001081, 'foo@example.com', [
  'Company:string:foo',
  'FirstName:string:foo',
  'LastName:string:foo',
  'LeadStatus:string:Inactive',
]);

const fault = (faultstring: string, message: string, code: number) =>
  answer(
    `<SOAP-ENV:Fault><faultcode>SOAP-ENV:Client</faultcode><faultstring>${faultstring}</faultstring><detail>` +
      `<ns1:serviceException><name>mktServiceException</name><message>${message}</message><code>${code}</code>` +
      '</ns1:serviceException></detail></SOAP-ENV:Fault>',
  );

describe('the published example of getLead', () => {
  const getLead = (keyType: string, value: string) =>
    ask(`<ns1:paramsGetLead>${leadKey(keyType, value)}</ns1:paramsGetLead>`);
  const found = (count: number, leads: string) =>
    answer(
      `<ns1:successGetLead><result><count>${count}</count><leadRecordList>${leads}</leadRecordList></result>` +
        '</ns1:successGetLead>',
    );

  it('that finds a lead', async () => {
    const rufus = lead(1089965, 'rufus@example.com', [
      'AnonymousIP:string:192.0.2.240',
      'Company:string:Marketo',
      'FirstName:string:Rufus',
      'InferredCompany:string:Time Warner Cable',
      'InferredCountry:string:United States',
      'LastName:string:Roe',
      'LeadScore:integer:62',
      'Website:url:gmail.com',
    ]);
    expect(await getLead('EMAIL', 'rufus@example.com')).toEqual(found(1, rufus));
  });

  it('that finds two leads of one address', async () => {
    const newest = lead(1001084, 'foo@example.com', [
      'Company:string:The Price is Right',
      'FirstName:string:Bob',
      'LastName:string:Roe',
    ]);
    expect(await getLead('EMAIL', 'foo@example.com')).toEqual(found(2, newest + foo));
  });

  it('that finds none', async () => {
    const message = 'No lead found with EMAIL = pants@example.com (20103)';
    expect(await getLead('EMAIL', 'pants@example.com')).toEqual(
      fault('20103 - Lead not found', message, 20103),
    );
  });
});

it('the published example of getMultipleLeads', async () => {
  const request =
    '<ns1:paramsGetMultipleLeads><leadSelector xsi:type="ns1:LeadKeySelector"><keyType>EMAIL</keyType><keyValues>' +
    '<stringItem>formtest1@example.com</stringItem><stringItem>joe@example.com</stringItem></keyValues>' +
    '</leadSelector><batchSize>100</batchSize></ns1:paramsGetMultipleLeads>';
  const formtest = lead(65835, 'formtest1@example.com', [
    'Company:string:Marketo Test',
    'FirstName:string:FnameForm1',
    'LastName:string:LnameForm1',
    'LeadScore:integer:16',
    'Website:url:marketo.com',
  ]);
  const joe = lead(67508, 'joe@example.com', [
    'Company:string:Marketo',
    'Date_of_purchase:date:2012-04-04',
    'FirstName:string:Joe',
    'LastName:string:Doe',
    'LeadScore:integer:11',
  ]);
  expect(await ask(request)).toEqual(
    answer(
      '<ns1:successGetMultipleLeads><result><returnCount>2</returnCount><remainingCount>0</remainingCount>' +
        `<newStreamPosition/><leadRecordList>${formtest}${joe}</leadRecordList></result>` +
        '</ns1:successGetMultipleLeads>',
    ),
  );
});

describe('the published example of syncLead', () => {
  const syncLead = (elements: string, values: readonly [string, string][], returnLead: boolean) =>
    '<ns1:paramsSyncLead><leadRecord>' +
    `${elements}<leadAttributeList>${values.map(([name, value]) => attribute(name, value, '')).join('')}` +
    `</leadAttributeList></leadRecord><returnLead>${returnLead}</returnLead></ns1:paramsSyncLead>`;
  const synced = (id: string | number, status: string, record: string) =>
    answer(
      `<ns1:successSyncLead><result><leadId>${id}</leadId><syncStatus><leadId>${id}</leadId>` +
        `<status>${status}</status><error xsi:nil="true"/></syncStatus>${record}</result></ns1:successSyncLead>`,
    );
  const context =
    '<ns1:MktowsContextHeader><targetWorkspace>Futures Institute</targetWorkspace></ns1:MktowsContextHeader>';

  it('that updates a lead', async () => {
    const values: [string, string][] = [
      ['FirstName', 'George'],
      ['LastName', 'of the Jungle'],
    ];
    expect(await ask(syncLead('<Email>rufus@example.com</Email>', values, false))).toEqual(
      synced(1089965, 'UPDATED', '<leadRecord xsi:nil="true"/>'),
    );
  });

  // Marketo's answer has the Website example.com, too, which it had inferred from the address.
  it('that creates a lead and returns it, and ignores an element in wrong case', async () => {
    const elements = '<foreignSysPersonId>-1</foreignSysPersonId><Email>spiderman@example.com</Email>';
    const values: [string, string][] = [
      ['FirstName', 'Peter'],
      ['LastName', 'Parker'],
    ];
    const record = lead(1090241, 'spiderman@example.com', [
      'FirstName:string:Peter',
      'LastName:string:Parker',
    ]);
    expect(await ask(syncLead(elements, values, true), { version: '2_4', context })).toEqual(
      synced(1090241, 'CREATED', record),
    );
  });

  it('with an unknown field', async () => {
    const elements = '<foreignSysPersonId>-2</foreignSysPersonId><Email>starlord@example.com</Email>';
    const values: [string, string][] = [
      ['FirstName', 'Peter'],
      ['LastName', 'Quill'],
      ['pants', 'corduroy'],
    ];
    const message = 'syncLead operation failed: unknown fields for import: pants (20105)';
    expect(await ask(syncLead(elements, values, true), { version: '2_4', context })).toEqual(
      fault('20105 - Unknown lead field', message, 20105),
    );
  });
});

it('the published example of syncMultipleLeads', async () => {
  const row = (n: number) =>
    `<leadRecord><Email>em${n}@example.com</Email><leadAttributeList>` +
    `${attribute('Company', `Marketo${n}`, '')}${attribute('Phone', `650-555-${n}`, '')}` +
    '</leadAttributeList></leadRecord>';
  const request =
    `<ns1:paramsSyncMultipleLeads><leadRecordList>${row(1000)}${row(1001)}</leadRecordList>` +
    '<dedupEnabled>true</dedupEnabled></ns1:paramsSyncMultipleLeads>';
  const status = (id: number) =>
    `<syncStatus><leadId>${id}</leadId><status>UPDATED</status><error xsi:nil="true"/></syncStatus>`;
  expect(await ask(request)).toEqual(
    answer(
      `<ns1:successSyncMultipleLeads><result><syncStatusList>${status(1090240)}${status(1090239)}` +
        '</syncStatusList></result></ns1:successSyncMultipleLeads>',
    ),
  );
});

describe('the published example of', () => {
  const activity = (id: number, parts: Partial<Extract<Stored, { type: 'Activity' }>['record']>): Stored => ({
    type: 'Activity',
    record: {
      id,
      leadId: 1089965,
      type: 'VisitWebpage',
      at: '2013-08-01T18:10:17.000Z',
      assetName: null,
      campaign: null,
      attributes: [],
      ...parts,
    },
  });
  const attributes = (pairs: readonly (readonly [string, string | null])[]) =>
    `<activityAttributes>${pairs.map(([name, value]) => attribute(name, value ?? '')).join('')}</activityAttributes>`;
  const withoutPerson = (id: number) =>
    `<personName xsi:nil="true"/><mktPersonId>${id}</mktPersonId><foreignSysId xsi:nil="true"/>` +
    '<orgName xsi:nil="true"/><foreignSysOrgId xsi:nil="true"/>';
  const changed = (name: string, old: string, value: string, ...more: (readonly [string, string])[]) =>
    [['Attribute Name', name], ['Old Value', old], ['New Value', value], ...more] as const;

  it('getLeadActivity of 2013', async () => {
    const visit = [
      ['Webpage ID', '2547'],
      ['Webpage URL', '/ClickDemo.html'],
      ['Referrer URL', null],
      ['Lead ID', '1089965'],
    ] as const;
    await putRecords(server.store, [
      activity(1030677, { at: '2013-07-09T21:44:00.000Z', attributes: visit }),
      activity(1030678, { at: '2013-07-09T21:44:15.000Z', assetName: 'ClickDemo', attributes: visit }),
      activity(1030680, { at: '2013-07-09T21:44:28.000Z', assetName: 'ClickDemo', attributes: visit }),
    ]);
    const received = await post(
      server,
      `<ns1:paramsGetLeadActivity>${leadKey('EMAIL', 'rufus@example.com')}<startPosition><latestCreatedAt/>` +
        '<offset/></startPosition><batchSize>2</batchSize></ns1:paramsGetLeadActivity>',
    );
    const latest = /<latestCreatedAt>([\d-]+T[\d:]+-0[56]:00)</.exec(received)?.[1];
    const record = (id: number, time: string) =>
      `<activityRecord><id>${id}</id><activityDateTime>${time}</activityDateTime>` +
      `<activityType>Visit Webpage</activityType><mktgAssetName>ClickDemo</mktgAssetName>${attributes(visit)}` +
      `<campaign/>${withoutPerson(1089965)}</activityRecord>`;
    expect(infoset(received)).toEqual(
      answer(
        '<ns1:successGetLeadActivity><leadActivityList><returnCount>2</returnCount>' +
          `<remainingCount>1</remainingCount><newStartPosition><latestCreatedAt>${latest}</latestCreatedAt>` +
          '<oldestCreatedAt xsi:nil="true"/><activityCreatedAt xsi:nil="true"/><offset>ID:1030678</offset>' +
          `</newStartPosition><activityRecordList>${record(1030680, '2013-07-09T16:44:28-05:00')}` +
          `${record(1030678, '2013-07-09T16:44:15-05:00')}</activityRecordList></leadActivityList>` +
          '</ns1:successGetLeadActivity>',
      ),
    );
  });

  // The offset of this answer was 1; ours is that of 2013, which can be sent back.
  it('getLeadActivity of 2017', async () => {
    const created = await post(
      server,
      '<ns1:paramsSyncLead><leadRecord><Email>new@example.com</Email></leadRecord><returnLead>false</returnLead>' +
        '</ns1:paramsSyncLead>',
    );
    const id = Number(/<leadId>(\d+)</.exec(created)?.[1]);
    const received = await post(
      server,
      `<ns1:paramsGetLeadActivity>${leadKey('IDNUM', id)}<activityFilter><includeTypes>` +
        '<activityType>NewLead</activityType></includeTypes></activityFilter></ns1:paramsGetLeadActivity>',
    );
    const time = /<activityDateTime>([\d-]+T[\d:]+-0[56]:00)</.exec(received)?.[1] ?? '';
    const pairs = [
      ['Source Type', 'Web service API'],
      ['Source Info', 'Web service API'],
      ['Created Date', time.slice(0, 10)],
      ['Lead ID', String(id)],
    ] as const;
    expect(infoset(received)).toEqual(
      answer(
        '<ns1:successGetLeadActivity><leadActivityList><returnCount>1</returnCount>' +
          '<remainingCount>0</remainingCount><newStartPosition><latestCreatedAt xsi:nil="true"/>' +
          '<oldestCreatedAt xsi:nil="true"/><activityCreatedAt xsi:nil="true"/><offset>ID:1</offset>' +
          `</newStartPosition><activityRecordList><activityRecord><id>1</id><activityDateTime>${time}` +
          `</activityDateTime><activityType>New Lead</activityType><mktgAssetName/>${attributes(pairs)}<campaign/>` +
          `${withoutPerson(id)}</activityRecord></activityRecordList></leadActivityList>` +
          '</ns1:successGetLeadActivity>',
      ),
    );
  });

  it('getLeadChanges', async () => {
    const score = changed(
      'Lead Score',
      '402',
      '403',
      ['Reason', 'Changed by Smart Campaign Visit any web page action Change Score'],
      ['Step ID', '19582'],
      ['Choice Number', '0'],
      ['Lead ID', '1089946'],
    );
    const name = changed('First Name', 'George', 'Rufus', ['Reason', 'SOAP API'], ['Lead ID', '1089965']);
    const first = {
      leadId: 1089946,
      type: 'ChangeDataValue',
      at: '2013-08-01T05:00:09.000Z',
      assetName: 'Lead Score',
      campaign: 'Visit any web page',
      attributes: score,
    };
    const second = { type: 'ChangeDataValue', assetName: 'First Name', attributes: name };
    await putRecords(server.store, [
      activity(1037188, { at: '2013-08-01T00:13:12.000Z' }),
      activity(1037189, first),
      activity(1082831, second),
      activity(1086153, { type: 'ChangeDataValue' }),
    ]);
    const request =
      '<ns1:paramsGetLeadChanges><startPosition><oldestCreatedAt>2013-08-01T00:13:13+00:00</oldestCreatedAt>' +
      '</startPosition><batchSize>2</batchSize></ns1:paramsGetLeadChanges>';
    const record = (id: number, time: string, rest: string) =>
      `<leadChangeRecord><id>${id}</id><activityDateTime>${time}</activityDateTime>` +
      `<activityType>Change Data Value</activityType>${rest}</leadChangeRecord>`;
    expect(await ask(request)).toEqual(
      answer(
        '<ns1:successGetLeadChanges><result><returnCount>2</returnCount><remainingCount>1</remainingCount>' +
          '<newStartPosition><latestCreatedAt xsi:nil="true"/><oldestCreatedAt>2013-08-01T00:13:13+00:00' +
          '</oldestCreatedAt><activityCreatedAt xsi:nil="true"/><offset>ID:1082831</offset></newStartPosition>' +
          `<leadChangeRecordList>${record(
            1037189,
            '2013-08-01T00:00:09-05:00',
            `<mktgAssetName>Lead Score</mktgAssetName>${attributes(score)}<campaign>Visit any web page</campaign>` +
              '<mktPersonId>1089946</mktPersonId>',
          )}${record(
            1082831,
            '2013-08-01T13:10:17-05:00',
            `<mktgAssetName>First Name</mktgAssetName>${attributes(name)}<mktPersonId>1089965</mktPersonId>`,
          )}</leadChangeRecordList></result></ns1:successGetLeadChanges>`,
      ),
    );
  });

  it('a changed value, which getLeadChanges answers with these attributes', async () => {
    await post(
      server,
      `<ns1:paramsSyncLead><leadRecord><Id>1089965</Id><leadAttributeList>${attribute('FirstName', 'Travis', '')}` +
        '</leadAttributeList></leadRecord><returnLead>false</returnLead></ns1:paramsSyncLead>',
    );
    const received = await post(
      server,
      '<ns1:paramsGetLeadChanges><startPosition><offset>0</offset></startPosition><activityNameFilter>' +
        '<stringItem>Change Data Value</stringItem></activityNameFilter></ns1:paramsGetLeadChanges>',
    );
    const pairs = changed('First Name', 'Rufus', 'Travis', ['Reason', 'SOAP API'], ['Lead ID', '1089965']);
    expect(received).toContain('<mktgAssetName>First Name</mktgAssetName>');
    expect(received).toContain(attributes(pairs));
  });

  it('mergeLeads', async () => {
    const key = (id: number) => attribute('IDNUM', String(id), '');
    const request =
      `<ns1:paramsMergeLeads><winningLeadKeyList>${key(2)}</winningLeadKeyList><losingLeadKeyLists>` +
      `<keyList>${key(15)}</keyList><keyList>${key(16)}</keyList></losingLeadKeyLists></ns1:paramsMergeLeads>`;
    expect(await ask(request)).toEqual(
      answer(
        '<ns1:successMergeLeads><result><mergeStatus><winningLeadId>2</winningLeadId><losingLeadIdList>' +
          '<integerItem>15</integerItem><integerItem>16</integerItem></losingLeadIdList><status>MERGED</status>' +
          '<error xsi:nil="true"/></mergeStatus></result></ns1:successMergeLeads>',
      ),
    );
  });
});

describe('the published example of listOperation', () => {
  const operate = (operation: string, list: string, ...ids: number[]) =>
    ask(
      `<ns1:paramsListOperation><listOperation>${operation}</listOperation><strict>false</strict><listKey>` +
        `<keyType>MKTOLISTNAME</keyType><keyValue>${list}</keyValue></listKey><listMemberList>` +
        `${ids.map((id) => leadKey('IDNUM', id)).join('')}</listMemberList></ns1:paramsListOperation>`,
      { version: '2_4' },
    );
  const operated = (success: boolean, statuses?: readonly [id: number, status: boolean][]) => {
    const list = statuses?.map(
      ([id, status]) => `<leadStatus>${leadKey('IDNUM', id)}<status>${status}</status></leadStatus>`,
    );
    const statusList = list ? `<statusList>${list.join('')}</statusList>` : '<statusList xsi:nil="true"/>';
    return answer(
      `<ns1:successListOperation><result><success>${success}</success>${statusList}</result>` +
        '</ns1:successListOperation>',
    );
  };

  it.each([
    [
      'ISMEMBEROFLIST of two leads',
      'ISMEMBEROFLIST',
      'Trav-Test-List',
      [87710, 1089946],
      operated(false, [
        [87710, false],
        [1089946, true],
      ]),
    ],
    [
      'ISMEMBEROFLIST of a member',
      'ISMEMBEROFLIST',
      'foo_list',
      [1001086],
      operated(true, [[1001086, true]]),
    ],
    [
      'ISMEMBEROFLIST of another lead',
      'ISMEMBEROFLIST',
      'foo_list',
      [1001084],
      operated(false, [[1001084, false]]),
    ],
    ['ADDTOLIST of a lead', 'ADDTOLIST', 'foo_list', [1001084], operated(true)],
    ['ADDTOLIST of a member', 'ADDTOLIST', 'foo_list', [1001086], operated(true)],
    ['REMOVEFROMLIST of a member', 'REMOVEFROMLIST', 'foo_list', [1001086], operated(true)],
    [
      'REMOVEFROMLIST of an unknown lead',
      'REMOVEFROMLIST',
      'foo_list',
      [1009999],
      operated(false, [[1009999, false]]),
    ],
  ])('%s', async (_case, operation, list, ids, expected) => {
    expect(await operate(operation, list, ...ids)).toEqual(expected);
  });
});

describe('the published example of', () => {
  const names = '<programName>Trav-Demo-Program</programName>';

  // The status of the documentation is that of an import under way, PROCESSING; here it is finished by then.
  it('importToList, and then getImportToListStatus', async () => {
    const request =
      `<ns1:paramsImportToList>${names}<importFileHeader>Last Name,First Name,Job Title,Company Name,Email Address` +
      '</importFileHeader><importFileRows><stringItem>Awesomesauce,Developer,Code Slinger,Marketo,d@example.com' +
      '</stringItem><stringItem>Doe,Jane,VP Marketing,Jane Consulting,j@example.com</stringItem></importFileRows>' +
      '<importListMode>UPSERTLEADS</importListMode><listName>Trav-Test-List</listName><clearList>false</clearList>' +
      '<campaignName>Batch Campaign Example</campaignName></ns1:paramsImportToList>';
    expect(await ask(request)).toEqual(
      answer(
        '<ns1:successImportToList><result><importStatus>PROCESSING</importStatus></result>' +
          '</ns1:successImportToList>',
      ),
    );
    const status = `<ns1:paramsGetImportToListStatus>${names}<listName>Trav-Test-List</listName></ns1:paramsGetImportToListStatus>`;
    expect(await ask(status)).toEqual(
      answer(
        '<ns1:successGetImportToListStatus><result><status>COMPLETE</status><startedTime xsi:nil="true"/>' +
          '<endedTime xsi:nil="true"/><estimatedTime xsi:nil="true"/><estimatedRows>2</estimatedRows>' +
          '<rowsImported>2</rowsImported><rowsFailed>0</rowsFailed><rowsIgnored>0</rowsIgnored>' +
          '<importSummary>2 rows: 2 imported, 0 failed, 0 ignored</importSummary></result></ns1:successGetImportToListStatus>',
      ),
    );
  });

  it('getCampaignsForSource', async () => {
    const name442 = 'Email Trigger for Social App: 442';
    const doubled = {
      name: name442,
      programId: null,
      kind: 'trigger',
      sources: ['MKTOWS'],
      description: null,
    };
    await putRecords(server.store, [{ type: 'Campaign', record: { ...doubled, id: 4335 } }]);
    const request =
      '<ns1:paramsGetCampaignsForSource><source>MKTOWS</source><name>Trigger</name><exactName>false</exactName>' +
      '</ns1:paramsGetCampaignsForSource>';
    const campaigns = [
      [4240, 'Email Trigger for Social App:'],
      [4038, 'Email Trigger for Social App: 398'],
      [4242, name442],
      [4335, name442],
      [3374, 'ER Demo.Triggered Campaign'],
    ];
    const records = campaigns.map(
      ([id, name]) => `<campaignRecord><id>${id}</id><name>${name}</name><description/></campaignRecord>`,
    );
    expect(await ask(request)).toEqual(
      answer(
        '<ns1:successGetCampaignsForSource><result><returnCount>5</returnCount><campaignRecordList>' +
          `${records.join('')}</campaignRecordList></result></ns1:successGetCampaignsForSource>`,
      ),
    );
  });

  const succeeded = (operation: string) =>
    answer(`<ns1:success${operation}><result><success>true</success></result></ns1:success${operation}>`);

  it('requestCampaign', async () => {
    const keys = leadKey('EMAIL', 'rufus@example.com') + leadKey('EMAIL', 'joe@example.com');
    const request =
      '<ns1:paramsRequestCampaign><source>MKTOWS</source><campaignId>4496</campaignId>' +
      `<leadList>${keys}</leadList></ns1:paramsRequestCampaign>`;
    expect(await ask(request)).toEqual(succeeded('RequestCampaign'));
  });

  it('scheduleCampaign', async () => {
    const token = (name: string, value: string) =>
      `<attrib><name>{{my.${name}}}</name><value>${value}</value></attrib>`;
    const request =
      `<ns1:paramsScheduleCampaign>${names}<campaignName>Batch Campaign Example</campaignName>` +
      '<campaignRunAt>2013-08-03T21:39:34-07:00</campaignRunAt>' +
      '<cloneToProgramName>TestProgramCloneFromSOAP</cloneToProgramName><programTokenList>' +
      `${token('message', 'Updated message')}${token('other token', 'Value for other token')}` +
      '</programTokenList></ns1:paramsScheduleCampaign>';
    expect(await ask(request)).toEqual(succeeded('ScheduleCampaign'));
  });
});
