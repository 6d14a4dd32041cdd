import { beforeAll, describe, expect, it } from 'vitest';
import { familyInstance, MANY } from './mobject-family.ts';
import { phpMissing, runScript } from './php.ts';
import { startSeededServer } from './seeded-server.ts';

/** PHP reads a list of one as its only item. */
const list = <Item>(...items: Item[]) => (items.length === 1 ? items[0] : items);

const attribList = (values: Record<string, string>) => ({
  attrib: list(...Object.entries(values).map(([name, value]) => ({ name, value }))),
});
const found = (...mObjects: object[]) => ({
  returnCount: mObjects.length,
  hasMore: false,
  newStreamPosition: expect.stringMatching(/^\S+$/),
  mObjectList: mObjects.length === 0 ? {} : { mObject: list(...mObjects) },
});
const foundId = (type: string, id: number) => found(expect.objectContaining({ type, id }));
const item = (attrType: string, values: Record<string, string>) => ({
  attrType,
  attrList: attribList(values),
});
const fault = (faultstring: string, text: string) => {
  const code = faultstring.slice(0, 5);
  return {
    faultcode: 'SOAP-ENV:Client',
    faultstring,
    detail: { name: 'mktServiceException', message: expect.stringContaining(text), code },
  };
};

const opportunity = {
  type: 'Opportunity',
  id: 64,
  createdAt: '2026-11-23T12:00:00+00:00',
  updatedAt: '2026-11-23T12:00:00+00:00',
  attribList: attribList({
    Amount: '9',
    CompanyId: '1',
    FSOpportunityID: 'F-64',
    Id: '64',
    Name: 'Earlier',
  }),
  associationList: { mObjAssociation: { mObjType: 'Company', id: 1 } },
};

const programInBrief = {
  type: 'Program',
  id: 1970,
  attribList: attribList({ Name: 'Summer event', Type: 'Marketing Event', 'Is Archived': 'false' }),
};
const program = {
  ...programInBrief,
  typeAttribList: {
    typeAttrib: [
      item('Tag', { Type: 'Channel', Value: 'Webinar' }),
      item('Tag', { Type: 'Region', Value: 'North' }),
      item('Cost', { Id: '153', Month: '2013-06-01', Amount: '1500' }),
    ],
  },
};

const status = (values: Record<string, string>) => ({ progressionStatus: attribList(values) });
const blog = {
  tagValue: 'Blog',
  statusList: { progressionStatusItem: status({ Status: 'Visited', Step: '10', Success: 'true' }) },
};
const webinar = {
  tagValue: 'Webinar',
  statusList: {
    progressionStatusItem: [
      status({ Status: 'Attended', Step: '40', 'Webinar Behavior': 'Attended', Success: 'true' }),
      status({ Status: 'Registered', Step: '20', Success: 'false' }),
    ],
  },
};

const last = 64 + MANY;

describe.skipIf(phpMissing)("PHP's SoapClient", () => {
  let results: Record<string, unknown>;
  beforeAll(async () => {
    const server = await startSeededServer(familyInstance);
    results = (await runScript('operations.php', server, { many: MANY })) as Record<string, unknown>;
    await server.remove();
  });

  it.each<[string, unknown]>([
    ['list', { objects: ['ActivityRecord', 'LeadRecord', 'Opportunity', 'OpportunityPersonRole'] }],
    ['opportunity', found(opportunity)],
    ['program', found(program)],
    ['programInBrief', found(programInBrief)],
    ['byCriteria', found(opportunity)],
    ['byKey', found(opportunity)],
    ['byCompany', found(opportunity)],
    ['byCompanyKey', found(opportunity)],
    ['byLead', found(opportunity)],
    ['rolesOfOpportunity', foundId('OpportunityPersonRole', 7)],
    ['rolesOfLead', foundId('OpportunityPersonRole', 7)],
    ['byNothing', found()],
    [
      'delete',
      {
        mObjStatusList: {
          mObjStatus: [
            { id: 65, status: 'DELETED' },
            { id: last + 1, externalKey: { name: 'FSOpportunityID', value: 'D-1' }, status: 'DELETED' },
            { id: 65, status: 'UNCHANGED' },
            { id: 1970, status: 'FAILED', error: 'type: a Program cannot be deleted' },
          ],
        },
      },
    ],
    ['deleted', found()],
    [
      'tags',
      {
        tagList: {
          tag: [
            { type: 'Region', values: { stringItem: ['North', 'South'] } },
            { type: 'Audience', values: { stringItem: 'Partners' } },
          ],
        },
      },
    ],
    ['someTags', { tagList: { tag: { type: 'Region', values: { stringItem: 'South' } } } }],
    ['channels', { tags: { tagStatus: [blog, webinar] } }],
    ['someChannels', { tags: { tagStatus: blog } }],
    ['behindTheEnd', fault('20123 - Stream at End', 'past the last page')],
    ['badObjectName', fault('20110 - Input error', '"Program" cannot be described')],
    ['emptyType', fault('20109 - Parameter Required', 'type is missing')],
    ['badCriterion', fault('20110 - Input error', 'did you mean Name?')],
    ['badPosition', fault('20122 - Bad Stream Position', 'was not issued by this instance')],
    ['tooManyToDelete', fault('20110 - Input error', 'has 101 mObjects')],
    ['tooManyToSync', fault('20110 - Input error', 'has 101 mObjects')],
  ])('reads the answer to %s', (name, expected) => {
    expect(results[name]).toEqual(expected);
  });

  it('reads the description of a type, nil as null', () => {
    const { metadata } = results.describe as { metadata: { fieldList: { field: { name: string }[] } } };
    expect(metadata).toMatchObject({ name: 'Opportunity', isCustom: false, isVirtual: false });
    const { field } = metadata.fieldList;
    expect(field).toHaveLength(23);
    expect(field.find(({ name }) => name === 'Name')).toEqual({
      name: 'Name',
      description: null,
      displayName: 'Name',
      sourceObject: 'Opportunity',
      dataType: 'string',
      size: 255,
      isReadonly: false,
      isUpdateBlocked: false,
      isName: null,
      isPrimaryKey: false,
      isCustom: false,
      isDynamic: false,
      dynamicFieldRef: null,
      updatedAt: '2010-01-01T00:00:00+00:00',
    });
    expect(field.find(({ name }) => name === 'renewsAt')).toMatchObject({
      description: 'Next renewal',
      dataType: 'datetime',
      size: null,
      isCustom: true,
    });
  });

  it('goes through the pages by type and position alone', () => {
    const ids = Array.from({ length: MANY }, (_, index) => 65 + index);
    expect(results.pages).toEqual([ids.slice(0, 100), ids.slice(100)]);
  });
});
