import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Received } from '../../src/contract/messages.ts';
import { overAllStores } from '../store/test-engines.ts';
import { openSyncFixture, type SyncFixture } from './sync-fixture.ts';

const instance = {
  fields: {
    Opportunity: [
      { name: 'oppKey', dataType: 'string' },
      { name: 'score', dataType: 'integer' },
    ],
  },
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [], Blog: [] },
  programs: [
    {
      id: 1001,
      name: 'Spring',
      type: 'Marketing Event',
      channel: 'Webinar',
      workspaceId: 1,
      workspaceName: 'Default',
      treePath: '/Marketing Activities/Default/Spring',
      startDate: '2011-08-01 11:00:00',
      crmId: '701000000000001AAA',
      tags: { Region: 'North' },
      tokens: { 'my.token': '<b>x</b>' },
      costs: [{ id: 1, month: '2011-07', amount: 15.5, note: 'n' }],
    },
    { id: 1002, name: 'Autumn', type: 'Marketing Program', channel: 'Blog', tags: { Region: 'South' } },
    { id: 1003, name: 'Gone', type: 'Marketing Program', archived: true },
  ],
  companies: [{ id: 1, name: 'ACME', externalKeys: { acc: 'C1' } }],
  leads: [
    { id: 1, companyId: 1, attributes: { FSPID: 'P1', acc: 'C2' } },
    { id: 2, attributes: { FSPID: 'P2' } },
  ],
  opportunities: [
    {
      id: 1,
      companyId: 1,
      attributes: { Name: 'a', Amount: 9, Stage: 'Won', oppKey: 'K', score: 10, IsWon: true },
    },
    { id: 2, attributes: { Name: 'b', Amount: 10, CloseDate: '2013-06-30', oppKey: 'K', score: 9 } },
    { id: 3, attributes: { Name: 'é', ExternalCreatedDate: '2013-06-09T14:04:54-08:00' } },
  ],
  roles: [
    { id: 1, opportunityId: 1, leadId: 1, role: 'Buyer', isPrimary: true },
    { id: 2, opportunityId: 2, leadId: 1, role: 'User' },
    { id: 3, opportunityId: 2, leadId: 2 },
  ],
};

await overAllStores((source) => {
  let fixture: SyncFixture;
  beforeEach(async () => {
    fixture = await openSyncFixture(source, instance);
  });
  afterEach(() => fixture.store.close());

  type Params = Received<'ParamsGetMObjects'>;
  const get = async (params: Params) => (await fixture.call('getMObjects', params)).answer.result;
  const ids = async (params: Params) => (await get(params)).mObjectList?.mObject.map(({ id }) => id);
  const where = (...criteria: [string, string, string][]) => ({
    mObjCriteriaList: {
      mObjCriteria: criteria.map(([attrName, comparison, attrValue]) => ({
        attrName,
        comparison: comparison as 'EQ',
        attrValue,
      })),
    },
  });
  const of = (mObjType: string, pointer: Omit<Received<'MObjAssociation'>, 'mObjType'>) => ({
    mObjAssociationList: { mObjAssociation: [{ mObjType, ...pointer }] },
  });
  const opportunities = (more: Params = {}) => ids({ type: 'Opportunity', ...more });

  describe('getMObjects finds', () => {
    it.each<[string, Params, number[]]>([
      ['all of a type', {}, [1, 2, 3]],
      ['an id', { id: 2 }, [2]],
      ['no unknown id', { id: 9 }, []],
      ['all for id 0, which counts as not given', { id: 0 }, [1, 2, 3]],
      ['the newest that has an external key', { externalKey: { name: 'oppKey', value: 'K' } }, [2]],
      ['nothing for an unknown key value', { externalKey: { name: 'oppKey', value: 'x' } }, []],
      ['Id LE', where(['Id', 'LE', '2']), [1, 2]],
      ['Id above and below', where(['Id', 'GT', '1'], ['id', 'LT', '3']), [2]],
      ['Name EQ', where(['Name', 'EQ', 'a']), [1]],
      ['Name by code point', where(['Name', 'GT', 'b']), [3]],
      ['Name NE', where(['Name', 'NE', 'a']), [2, 3]],
      ['NE also where there is no value', where(['Stage', 'NE', 'Won']), [2, 3]],
      ['a range only where there is a value', where(['Stage', 'GE', '']), [1]],
      ['an amount as a number', where(['Amount', 'GT', '9.50']), [2]],
      ['a boolean', where(['IsWon', 'EQ', '1']), [1]],
      ['a date as a date', where(['CloseDate', 'LT', '2013-07-01T00:00:00Z']), [2]],
      ['a datetime as a time', where(['ExternalCreatedDate', 'EQ', '2013-06-09T22:04:54Z']), [3]],
      ['a custom text field', where(['oppKey', 'EQ', 'K']), [1, 2]],
      ['a custom number as a number', where(['SCORE', 'LT', '10']), [2]],
      ['a custom field NE', where(['score', 'NE', '10']), [2, 3]],
      [
        'Created At in a range',
        where(['Created At', 'GE', '2026-11-23T11:59:59Z'], ['Created At', 'LE', '2026-11-23T12:00:00Z']),
        [1, 2, 3],
      ],
      ['nothing Updated At later', where(['Updated At', 'GT', '2026-11-23T12:00:00Z']), []],
      ['the opportunities of a company', of('Company', { id: 1 }), [1]],
      [
        'the opportunities of a company by its key',
        of('Company', { externalKey: { name: 'acc', value: 'C1' } }),
        [1],
      ],
      [
        "the opportunities of a company by a lead's key",
        of('Company', { externalKey: { name: 'acc', value: 'C2' } }),
        [1],
      ],
      ['the opportunities of a lead, through its roles', of('Lead', { id: 1 }), [1, 2]],
      [
        'the opportunities of a lead by key',
        of('Lead', { externalKey: { name: 'FSPID', value: 'P2' } }),
        [2],
      ],
      [
        'nothing by an association that leads nowhere',
        of('Lead', { externalKey: { name: 'FSPID', value: 'x' } }),
        [],
      ],
      [
        'what meets all at once',
        {
          ...of('Lead', { id: 1 }),
          ...where(['Name', 'EQ', 'b']),
          externalKey: { name: 'oppKey', value: 'K' },
        },
        [2],
      ],
    ])('%s', async (_case, params, expected) => {
      expect(await opportunities(params)).toEqual(expected);
    });

    it('a criterion without comparison as EQ', async () => {
      expect(
        await opportunities({ mObjCriteriaList: { mObjCriteria: [{ attrName: 'Name', attrValue: 'a' }] } }),
      ).toEqual([1]);
    });

    it.each<[string, Params, number[]]>([
      ['roles of an opportunity', of('Opportunity', { id: 2 }), [2, 3]],
      [
        'roles of an opportunity by key',
        of('Opportunity', { externalKey: { name: 'oppKey', value: 'K' } }),
        [2, 3],
      ],
      ['roles of a lead', of('Lead', { id: 1 }), [1, 2]],
      ['roles by Role', where(['Role', 'EQ', 'Buyer']), [1]],
    ])('%s', async (_case, params, expected) => {
      expect(await ids({ type: 'OpportunityPersonRole', ...params })).toEqual(expected);
    });

    it.each<[string, Params, number[]]>([
      ['programs but the archived ones', {}, [1001, 1002]],
      ['archived programs on demand', where(['Include Archive', 'EQ', 'true']), [1001, 1002, 1003]],
      ['programs by Name', where(['Name', 'NE', 'Spring']), [1002]],
      ['programs by CRM Id', where(['CRM Id', 'EQ', '701000000000001AAA']), [1001]],
      ['programs by Workspace Id', where(['Workspace Id', 'EQ', '1']), [1001]],
      ['programs by Workspace Name', where(['Workspace Name', 'EQ', 'Default']), [1001]],
      ['programs by Tag Type', where(['Tag Type', 'EQ', 'Region']), [1001, 1002]],
      ['programs by Tag Value', where(['Tag Value', 'EQ', 'South']), [1002]],
      [
        'programs by both in one tag',
        where(['Tag Type', 'EQ', 'Region'], ['Tag Value', 'EQ', 'Webinar']),
        [],
      ],
      [
        'programs by channel, which is a tag',
        where(['Tag Type', 'EQ', 'Channel'], ['Tag Value', 'EQ', 'Webinar']),
        [1001],
      ],
    ])('%s', async (_case, params, expected) => {
      expect(await ids({ type: 'Program', ...params })).toEqual(expected);
    });
  });

  describe('getMObjects answers', () => {
    it("an opportunity with times, its values in describe's order, and its company", async () => {
      expect((await get({ type: 'opportunity', id: 1 })).mObjectList?.mObject).toEqual([
        {
          type: 'Opportunity',
          id: 1,
          createdAt: '2026-11-23T12:00:00+00:00',
          updatedAt: '2026-11-23T12:00:00+00:00',
          attribList: {
            attrib: [
              { name: 'Amount', value: '9' },
              { name: 'CompanyId', value: '1' },
              { name: 'Id', value: '1' },
              { name: 'IsWon', value: 'true' },
              { name: 'Name', value: 'a' },
              { name: 'oppKey', value: 'K' },
              { name: 'score', value: '10' },
              { name: 'Stage', value: 'Won' },
            ],
          },
          associationList: { mObjAssociation: [{ mObjType: 'Company', id: 1 }] },
        },
      ]);
    });

    it('a role with lead and opportunity', async () => {
      expect(
        (await get({ type: 'OpportunityPersonRole', id: 3 })).mObjectList?.mObject[0]?.associationList,
      ).toEqual({
        mObjAssociation: [
          { mObjType: 'Lead', id: 2 },
          { mObjType: 'Opportunity', id: 2 },
        ],
      });
    });

    it("times with the offset of the instance's zone", async () => {
      await fixture.store.close();
      fixture = await openSyncFixture(source, instance, { timeZone: 'America/Chicago' });
      const [mObject] = (await get({ type: 'Opportunity', id: 3 })).mObjectList?.mObject ?? [];
      expect(mObject?.createdAt).toBe('2026-11-23T06:00:00-06:00');
      expect(mObject?.attribList?.attrib).toContainEqual({
        name: 'ExternalCreatedDate',
        value: '2013-06-09T17:04:54-05:00',
      });
    });

    it('a program with channel, tags, tokens and costs, one typeAttrib each', async () => {
      const item = (attrType: string, ...pairs: [string, string][]) => ({
        attrType,
        attrList: { attrib: pairs.map(([name, value]) => ({ name, value })) },
      });
      expect((await get({ type: 'Program', id: 1001 })).mObjectList?.mObject).toEqual([
        {
          type: 'Program',
          id: 1001,
          attribList: {
            attrib: [
              { name: 'Name', value: 'Spring' },
              { name: 'Type', value: 'Marketing Event' },
              { name: 'Workspace Id', value: '1' },
              { name: 'Workspace Name', value: 'Default' },
              { name: 'Tree Path', value: '/Marketing Activities/Default/Spring' },
              { name: 'Is Archived', value: 'false' },
              { name: 'Start Date', value: '2011-08-01 11:00:00' },
            ],
          },
          typeAttribList: {
            typeAttrib: [
              item('Tag', ['Type', 'Channel'], ['Value', 'Webinar']),
              item('Tag', ['Type', 'Region'], ['Value', 'North']),
              item('Token', ['Name', 'my.token'], ['Value', '<b>x</b>']),
              item('Cost', ['Id', '1'], ['Month', '2011-07-01'], ['Amount', '15.5'], ['Note', 'n']),
            ],
          },
        },
      ]);
    });

    it('no typeAttribList when includeDetails is false', async () => {
      const [program] =
        (await get({ type: 'Program', id: 1001, includeDetails: false })).mObjectList?.mObject ?? [];
      expect(Object.keys(program ?? {})).toEqual(['type', 'id', 'attribList']);
    });
  });

  describe('getMObjects refuses', () => {
    it.each<[string, Params, number, string]>([
      ['no type', {}, 20109, 'type is missing'],
      ['another type', { type: 'Lead' }, 20110, '"Lead"'],
      [
        'an unknown criterion',
        { type: 'Opportunity', ...where(['Nmae', 'EQ', 'x']) },
        20110,
        'did you mean Name',
      ],
      ['a criterion without name', { type: 'Opportunity', ...where(['', 'EQ', 'x']) }, 20017, 'attrName'],
      ['a bad number', { type: 'Opportunity', ...where(['Amount', 'EQ', 'x']) }, 20110, 'Amount: "x"'],
      ['a bad time', { type: 'Opportunity', ...where(['Created At', 'EQ', 'x']) }, 20110, 'Created At: "x"'],
      [
        'two tag types',
        { type: 'Program', ...where(['Tag Type', 'EQ', 'a'], ['Tag Type', 'EQ', 'b']) },
        20110,
        'only one',
      ],
      [
        'a range of tag values',
        { type: 'Program', ...where(['Tag Value', 'GT', 'a']) },
        20110,
        'expected EQ',
      ],
      ['an unknown key', { type: 'Opportunity', externalKey: { name: 'Zorg', value: 'x' } }, 20110, 'Zorg'],
      ['a key without value', { type: 'Opportunity', externalKey: { name: 'oppKey' } }, 20017, 'no value'],
      [
        'a key of a Program',
        { type: 'Program', externalKey: { name: 'a', value: 'b' } },
        20110,
        'Program has none',
      ],
      [
        'an association of another type',
        { type: 'OpportunityPersonRole', ...of('Company', { id: 1 }) },
        20110,
        'Lead or Opportunity',
      ],
      ['an association with nothing', { type: 'Opportunity', ...of('Lead', {}) }, 20017, 'names no object'],
      [
        '51 criteria',
        { type: 'Opportunity', ...where(...Array(51).fill(['Name', 'EQ', 'a'])) },
        20110,
        'at most 50',
      ],
    ])('%s', async (_case, params, code, text) => {
      await expect(get(params)).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    });
  });

  describe('the stream', () => {
    const fill = (count: number, attributes: Record<string, string> = { Stage: 'many' }) =>
      fixture.sync(
        'INSERT',
        Array.from({ length: count }, () => ({
          type: 'Opportunity',
          attribList: { attrib: Object.entries(attributes).map(([name, value]) => ({ name, value })) },
        })),
      );

    it('goes on behind the last object of the page, carrying the query, with only type and position', async () => {
      await fill(100);
      await fill(5, { Stage: 'other' });
      await fill(45);
      const first = await get({ type: 'Opportunity', ...where(['Stage', 'EQ', 'many']) });
      expect([first.returnCount, first.hasMore]).toEqual([100, true]);
      const second = await get({ type: 'Opportunity', streamPosition: first.newStreamPosition });
      expect([second.returnCount, second.hasMore]).toEqual([45, false]);
      expect(second.mObjectList?.mObject[0]?.id).toBe(109);
    });

    it('takes the query from the position when criteria are sent again', async () => {
      await fill(100);
      const first = await get({ type: 'Opportunity', ...where(['Id', 'GT', '3']) });
      expect(first.hasMore).toBe(false);
      const all = await get({ type: 'Opportunity' });
      const next = {
        type: 'Opportunity',
        streamPosition: all.newStreamPosition,
        ...where(['Name', 'EQ', 'never']),
      };
      expect(await ids(next)).toEqual([101, 102, 103]);
    });

    it('neither repeats nor hides others when objects come and go', async () => {
      await fill(100);
      await fill(100);
      const first = await get({ type: 'Opportunity' });
      await fixture.call('deleteMObjects', {
        mObjectList: { mObject: [1, 50, 100, 101].map((id) => ({ type: 'Opportunity', id })) },
      });
      await fill(1);
      const second = await get({ type: 'Opportunity', streamPosition: first.newStreamPosition });
      const third = await get({ type: 'Opportunity', streamPosition: second.newStreamPosition });
      const seen = [second, third].flatMap((page) => page.mObjectList?.mObject.map(({ id }) => id));
      expect(seen).toEqual(Array.from({ length: 103 }, (_, index) => 102 + index));
    });

    it('is at its end behind the last page: 20123', async () => {
      const { newStreamPosition, hasMore } = await get({ type: 'Opportunity' });
      expect(hasMore).toBe(false);
      await expect(get({ type: 'Opportunity', streamPosition: newStreamPosition })).rejects.toMatchObject({
        code: 20123,
      });
    });

    it('is refused when changed, made up, or of another type: 20122', async () => {
      const { newStreamPosition } = await get({ type: 'Opportunity' });
      const flipped = newStreamPosition.replace(/.(?=.$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
      for (const streamPosition of [flipped, 'AAAA', 'nonsense!', newStreamPosition.slice(4)]) {
        await expect(get({ type: 'Opportunity', streamPosition })).rejects.toMatchObject({ code: 20122 });
      }
      await expect(get({ type: 'Program', streamPosition: newStreamPosition })).rejects.toMatchObject({
        code: 20122,
      });
    });

    it('of another database is refused', async () => {
      const { newStreamPosition } = await get({ type: 'Opportunity' });
      await fixture.store.close();
      fixture = await openSyncFixture(source, instance);
      await expect(get({ type: 'Opportunity', streamPosition: newStreamPosition })).rejects.toMatchObject({
        code: 20122,
      });
    });
  });

  it('what a call found is what its journal line says', async () => {
    const { mode } = await fixture.call('getMObjects', { type: 'Opportunity' });
    expect(mode).toBe('Opportunity: 3 found');
  });
});
