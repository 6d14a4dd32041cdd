import type { Instance } from '../../src/instance/shape.ts';

/** A file that uses everything there is, in the form in which it is exported. */
export const wholeInstance: Instance = {
  fields: {
    Opportunity: [
      { name: 'opportunityId', dataType: 'string' },
      { name: 'rating', dataType: 'integer', displayName: 'Rating', description: 'From 1 to 5' },
      { name: 'unlimited', dataType: 'string', size: null },
    ],
    OpportunityPersonRole: [{ name: 'since', dataType: 'datetime' }],
    Lead: [
      { name: 'Any Name', dataType: 'string', size: null },
      { name: 'FSPID', dataType: 'string', size: 50 },
    ],
    Company: [{ name: 'cAccountFSID', dataType: 'string' }],
  },
  tags: { Region: ['North', 'South'], Empty: [] },
  channels: {
    Webinar: [
      { status: 'Registered', step: 20, success: false, attributes: { 'Webinar Behavior': 'Registered' } },
      { status: 'Attended', step: 30, success: true },
    ],
    Blog: [],
  },
  programs: [
    {
      id: 1970,
      name: 'Spring',
      type: 'Marketing Event',
      channel: 'Webinar',
      workspaceId: 1,
      workspaceName: 'Default',
      treePath: '/Marketing Activities/Default/Spring',
      startDate: '2011-08-01 11:00:00',
      endDate: '2011-08-02',
      crmId: '701000000000001AAA',
      createdAt: '2011-01-01T00:00:00.000Z',
      updatedAt: '2011-01-02T00:00:00.000Z',
      archived: true,
      tags: { Region: 'North' },
      tokens: { 'my.token': '<b>x</b>' },
      costs: [
        { id: 153, month: '2013-06', amount: 1500, note: 'venue' },
        { id: 154, month: '2013-06', amount: 0.5 },
      ],
    },
  ],
  companies: [
    { id: 1, name: 'ACME', externalKeys: { cAccountFSID: 'C123' } },
    { id: 2, name: '' },
  ],
  leads: [
    {
      id: 19,
      email: 'a@example.com',
      companyId: 1,
      attributes: { FSPID: '12346', 'Any Name': 'x' },
      workspace: 'Europe',
      foreignIds: [
        { type: 'SFDC', id: '00Q1' },
        { type: 'CUSTOM', id: 'a 1' },
      ],
      cookies: ['token:_mch-example.com-1', 'token:_mch-example.com-2'],
      crmKeys: {
        SFDCLEADID: ['00Q50000001234567', '00Q50000001234568'],
        LEADOWNEREMAIL: 'Owner@example.com',
      },
      createdAt: '2013-06-01T00:00:00.000Z',
      updatedAt: '2013-06-02T00:00:00.000Z',
    },
    { id: 20, createdAt: '2013-06-01T00:00:00.000Z', updatedAt: '2013-06-01T00:00:00.000Z' },
  ],
  opportunities: [
    {
      id: 64,
      companyId: 1,
      attributes: {
        Amount: 501.5,
        CloseDate: '2013-06-30',
        ExternalCreatedDate: '2013-06-09T22:04:54.000Z',
        IsWon: true,
        Name: 'Zeile\n"zwei" \u{1F600}',
        opportunityId: '007',
        rating: 4,
      },
      externalKeys: { 'Foreign Id': 'f-1' },
      createdAt: '2013-01-01T00:00:00.000Z',
      updatedAt: '2013-01-02T00:00:00.000Z',
    },
    { id: 65, createdAt: '2013-01-01T00:00:00.000Z', updatedAt: '2013-01-01T00:00:00.000Z' },
  ],
  roles: [
    {
      id: 7,
      opportunityId: 64,
      leadId: 19,
      role: 'Buyer',
      isPrimary: true,
      externalCreatedDate: '2013-06-09T22:04:54.000Z',
      attributes: { since: '2013-01-01T00:00:00.000Z' },
      externalKeys: { k: 'v' },
      createdAt: '2013-01-01T00:00:00.000Z',
      updatedAt: '2013-01-01T00:00:00.000Z',
    },
    {
      id: 8,
      opportunityId: 63,
      leadId: 20,
      orphan: true,
      createdAt: '2013-01-01T00:00:00.000Z',
      updatedAt: '2013-01-01T00:00:00.000Z',
    },
  ],
  workspaces: ['Asia', 'Europe'],
  lists: [
    { id: 3, name: 'Newsletter', members: [19, 20] },
    { id: 4, name: 'Newsletter', program: 'Spring', members: [20] },
    { id: 5, name: 'Empty' },
  ],
  campaigns: [
    {
      id: 11,
      name: 'Welcome',
      program: 'Spring',
      kind: 'trigger',
      sources: ['MKTOWS', 'SALES'],
      description: 'Greets',
    },
    { id: 12, name: 'Monthly', kind: 'batch' },
  ],
  customObjects: [
    {
      type: 'Road Show',
      keys: [
        { name: 'MKTOID', dataType: 'integer' },
        { name: 'rid', dataType: 'string' },
      ],
      fields: [
        { name: 'city', dataType: 'string' },
        { name: 'at', dataType: 'datetime' },
        { name: 'seats', dataType: 'integer' },
      ],
      objects: [
        {
          attributes: { MKTOID: 19, rid: 'a', city: 'Ulm', at: '2013-06-30T12:00:00.000Z', seats: 3 },
          createdAt: '2013-01-01T00:00:00.000Z',
          updatedAt: '2013-01-02T00:00:00.000Z',
        },
        {
          attributes: { MKTOID: 20, rid: 'a' },
          createdAt: '2013-01-01T00:00:00.000Z',
          updatedAt: '2013-01-01T00:00:00.000Z',
        },
      ],
    },
    { type: 'empty', keys: [{ name: 'id 1', dataType: 'float' }] },
  ],
};
