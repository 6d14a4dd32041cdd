import type { Client } from 'soap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestServer } from '../server/test-server.ts';
import { familyInstance, MANY } from './mobject-family.ts';
import { createNodeClient } from './node-client.ts';
import { SEEDED_AT, startSeededServer } from './seeded-server.ts';

describe('node-soap', () => {
  let seeded: TestServer;
  let client: Client;
  beforeAll(async () => {
    seeded = await startSeededServer(familyInstance);
    client = await createNodeClient(seeded);
  });
  afterAll(() => seeded.remove());

  const call = async (operation: string, params: object) =>
    (await client[`${operation}Async`](params))[0].result;
  const get = (params: object) => call('getMObjects', params);
  const ids = async (params: object) =>
    ((await get(params)).mObjectList?.mObject ?? []).map(({ id }: { id: number }) => id);
  const attribList = (values: Record<string, string>) => ({
    attrib: Object.entries(values).map(([name, value]) => ({ name, value })),
  });
  const where = (...criteria: [string, string, string][]) => ({
    mObjCriteriaList: {
      mObjCriteria: criteria.map(([attrName, comparison, attrValue]) => ({
        attrName,
        comparison,
        attrValue,
      })),
    },
  });
  const of = (mObjType: string, pointer: object) => ({
    mObjAssociationList: { mObjAssociation: [{ mObjType, ...pointer }] },
  });
  const faultOf = async (operation: string, params: object) => {
    const failure = await call(operation, params).catch((error) => error);
    return failure.root.Envelope.Body.Fault;
  };

  it('lists the types that can be described', async () => {
    const { objects } = await call('listMObjects', {});
    expect(objects).toEqual(['ActivityRecord', 'LeadRecord', 'Opportunity', 'OpportunityPersonRole']);
  });

  it('reads the description of a type, nil as missing', async () => {
    const { metadata } = await call('describeMObject', { objectName: 'Opportunity' });
    expect(metadata).toMatchObject({ name: 'Opportunity', isCustom: false, isVirtual: false });
    expect(metadata.updatedAt).toBeInstanceOf(Date);
    expect(metadata.fieldList.field).toHaveLength(23);
    const named = (wanted: string) =>
      metadata.fieldList.field.find(({ name }: { name: string }) => name === wanted);
    const flags = { isReadonly: false, isUpdateBlocked: false, isPrimaryKey: false, isDynamic: false };
    expect(named('Name')).toEqual({
      name: 'Name',
      displayName: 'Name',
      sourceObject: 'Opportunity',
      dataType: 'string',
      size: 255,
      isCustom: false,
      ...flags,
      updatedAt: new Date('2010-01-01T00:00:00Z'),
    });
    expect(named('renewsAt')).toEqual({
      name: 'renewsAt',
      displayName: 'Renews at',
      description: 'Next renewal',
      sourceObject: 'Opportunity',
      dataType: 'datetime',
      isCustom: true,
      ...flags,
      updatedAt: SEEDED_AT,
    });
  });

  it('reads an opportunity with its times, attributes and association', async () => {
    const { newStreamPosition, ...result } = await get({ type: 'Opportunity', id: 64 });
    expect(newStreamPosition).toMatch(/^\S+$/);
    expect(result).toEqual({
      returnCount: 1,
      hasMore: false,
      mObjectList: {
        mObject: [
          {
            type: 'Opportunity',
            id: 64,
            createdAt: SEEDED_AT,
            updatedAt: SEEDED_AT,
            attribList: attribList({
              Amount: '9',
              CompanyId: '1',
              FSOpportunityID: 'F-64',
              Id: '64',
              Name: 'Earlier',
            }),
            associationList: { mObjAssociation: [{ mObjType: 'Company', id: 1 }] },
          },
        ],
      },
    });
  });

  it('reads a program with its channel, tags and costs, or without them', async () => {
    const program = { type: 'Program', id: 1970 };
    const { mObjectList } = await get(program);
    const item = (attrType: string, values: Record<string, string>) => ({
      attrType,
      attrList: attribList(values),
    });
    expect(mObjectList.mObject[0].typeAttribList.typeAttrib).toEqual([
      item('Tag', { Type: 'Channel', Value: 'Webinar' }),
      item('Tag', { Type: 'Region', Value: 'North' }),
      item('Cost', { Id: '153', Month: '2013-06-01', Amount: '1500' }),
    ]);
    const brief = await get({ ...program, includeDetails: false });
    expect(brief.mObjectList.mObject[0]).not.toHaveProperty('typeAttribList');
  });

  it.each<[string, object, number[]]>([
    ['criteria', where(['Amount', 'GE', '9.00'], ['Amount', 'LT', '10'], ['Name', 'NE', 'x']), [64]],
    ['a time', where(['Created At', 'EQ', '2026-11-23T12:00:00Z']), [64]],
    ['an external key', { externalKey: { name: 'FSOpportunityID', value: 'F-64' } }, [64]],
    ['a company', of('Company', { id: 1 }), [64]],
    ["a company's key", of('Company', { externalKey: { name: 'cAccountFSID', value: 'C123' } }), [64]],
    ['a lead', of('Lead', { id: 19 }), [64]],
    ['criteria that nothing meets', where(['Amount', 'GT', '9']), []],
  ])('finds opportunities by %s', async (_by, params, expected) => {
    expect(await ids({ type: 'Opportunity', ...params })).toEqual(expected);
  });

  it.each<[string, object]>([
    ['an opportunity', of('Opportunity', { id: 64 })],
    ["a lead's key", of('Lead', { externalKey: { name: 'FSPID', value: '12346' } })],
  ])('finds roles by %s', async (_by, params) => {
    expect(await ids({ type: 'OpportunityPersonRole', ...params })).toEqual([7]);
  });

  it('goes through the pages by type and position alone', async () => {
    for (const count of [100, MANY - 100]) {
      const mObject = Array.from({ length: count }, () => ({
        type: 'Opportunity',
        attribList: attribList({ Stage: 'many' }),
      }));
      await call('syncMObjects', { mObjectList: { mObject }, operation: 'INSERT' });
    }
    const first = await get({ type: 'Opportunity', ...where(['Stage', 'EQ', 'many']) });
    const next = { type: 'Opportunity', streamPosition: first.newStreamPosition };
    const second = await get(next);
    expect([first.returnCount, first.hasMore]).toEqual([100, true]);
    expect([second.returnCount, second.hasMore]).toEqual([MANY - 100, false]);
    const seen = [...first.mObjectList.mObject, ...second.mObjectList.mObject].map(({ id }) => id);
    expect(seen).toEqual(Array.from({ length: MANY }, (_, index) => 65 + index));
    const behind = { type: 'Opportunity', streamPosition: second.newStreamPosition };
    expect(await faultOf('getMObjects', behind)).toMatchObject({
      detail: { serviceException: { code: '20123' } },
    });
  });

  it('deletes by id and by external key, and reads a row that found nothing and one that failed', async () => {
    const { mObjStatusList } = await call('syncMObjects', {
      mObjectList: {
        mObject: ['D-1', 'D-2'].map((value) => ({
          type: 'Opportunity',
          externalKey: { name: 'FSOpportunityID', value },
        })),
      },
      operation: 'UPSERT',
    });
    const [id, other] = mObjStatusList.mObjStatus.map((row: { id: number }) => row.id);
    const externalKey = { name: 'FSOpportunityID', value: 'D-2' };
    const mObject = [
      { type: 'Opportunity', id },
      { type: 'Opportunity', externalKey },
      { type: 'Opportunity', id },
      { type: 'Program', id: 1970 },
    ];
    const deleted = await call('deleteMObjects', { mObjectList: { mObject } });
    expect(deleted.mObjStatusList.mObjStatus).toEqual([
      { id, status: 'DELETED' },
      { id: other, externalKey, status: 'DELETED' },
      { id, status: 'UNCHANGED' },
      { id: 1970, status: 'FAILED', error: expect.stringContaining('Program') },
    ]);
    expect(await ids({ type: 'Opportunity', id })).toEqual([]);
  });

  it.each<[string, object, object[]]>([
    [
      'all tags',
      {},
      [
        { type: 'Region', values: { stringItem: ['North', 'South'] } },
        { type: 'Audience', values: { stringItem: ['Partners'] } },
      ],
    ],
    [
      'the tags of a filter',
      { tagList: { tag: [{ type: 'Region', values: { stringItem: ['South'] } }] } },
      [{ type: 'Region', values: { stringItem: ['South'] } }],
    ],
  ])('reads %s', async (_which, params, expected) => {
    expect((await call('getTags', params)).tagList.tag).toEqual(expected);
  });

  const blog = {
    tagValue: 'Blog',
    statusList: {
      progressionStatusItem: [
        { progressionStatus: attribList({ Status: 'Visited', Step: '10', Success: 'true' }) },
      ],
    },
  };
  it.each<[string, object, object[]]>([
    ['all channels', {}, [blog, expect.objectContaining({ tagValue: 'Webinar' })]],
    ['the channels of a filter', { tag: { values: { stringItem: ['Blog'] } } }, [blog]],
  ])('reads %s', async (_which, params, expected) => {
    expect((await call('getChannels', params)).tags.tagStatus).toEqual(expected);
  });

  const tooMany = { mObjectList: { mObject: Array(101).fill({ type: 'Opportunity', id: 1 }) } };
  it.each<[string, string, object, string, string]>([
    ['no object name', 'describeMObject', {}, '20109 - Parameter Required', 'objectName is missing'],
    ['another object', 'describeMObject', { objectName: 'Program' }, '20110 - Input error', '"Program"'],
    ['no type', 'getMObjects', {}, '20109 - Parameter Required', 'type is missing'],
    ['an empty type', 'getMObjects', { type: '' }, '20109 - Parameter Required', 'type is missing'],
    [
      'a bad criterion',
      'getMObjects',
      { type: 'Program', ...where(['Nam', 'EQ', 'x']) },
      '20110 - Input error',
      'did you mean Name?',
    ],
    [
      'a bad position',
      'getMObjects',
      { type: 'Program', streamPosition: 'x' },
      '20122 - Bad Stream Position',
      'was not issued by this instance',
    ],
    ['no list', 'deleteMObjects', {}, '20109 - Parameter Required', 'mObjectList is missing'],
    ['too many', 'deleteMObjects', tooMany, '20110 - Input error', 'has 101 mObjects'],
    [
      'no operation',
      'syncMObjects',
      { mObjectList: { mObject: [] } },
      '20109 - Parameter Required',
      'operation is missing',
    ],
    [
      'too many',
      'syncMObjects',
      { ...tooMany, operation: 'INSERT' },
      '20110 - Input error',
      'has 101 mObjects',
    ],
  ])('reads the fault for %s of %s', async (_what, operation, params, faultstring, text) => {
    const code = faultstring.slice(0, 5);
    const fault = await faultOf(operation, params);
    const { message } = fault.detail.serviceException;
    expect(fault).toEqual({
      faultcode: 'SOAP-ENV:Client',
      faultstring,
      detail: { serviceException: { name: 'mktServiceException', message, code } },
    });
    expect(message).toContain(text);
    expect(message).toMatch(new RegExp(`\\(${code}\\)$`));
  });
});
