import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncOperation } from '../../src/contract/enumerations.ts';
import type { Received } from '../../src/contract/messages.ts';
import type { MObjectSettings } from '../../src/rules/settings.ts';
import { overAllStores } from '../store/test-engines.ts';
import { BENCH_TIME, openSyncFixture, type SyncFixture } from './sync-fixture.ts';

const instance = {
  fields: {
    Opportunity: [
      { name: 'oppKey', dataType: 'string' },
      { name: 'score', dataType: 'integer' },
    ],
  },
  tags: { Region: ['North', 'South'] },
  channels: { Webinar: [{ status: 'Registered', step: 20, success: false }], Blog: [] },
  programs: [
    {
      id: 1970,
      name: 'Spring',
      type: 'Marketing Event',
      channel: 'Webinar',
      tags: { Region: 'North' },
      costs: [{ id: 153, month: '2013-06', amount: 1500, note: 'venue' }],
    },
    { id: 1971, name: 'Autumn', type: 'Marketing Event', costs: [{ id: 154, month: '2013-06', amount: 5 }] },
  ],
  companies: [
    { id: 1, name: 'ACME', externalKeys: { cAccountFSID: 'C1' } },
    { id: 2, name: 'Umbrella' },
  ],
  leads: [
    { id: 19, companyId: 2, attributes: { FSPID: 'P19', cAccountFSID: 'C2' } },
    { id: 20, attributes: { FSPID: 'P20', cAccountFSID: 'C3' } },
  ],
  opportunities: [
    { id: 63, attributes: { Name: 'old', oppKey: 'K' } },
    { id: 64, attributes: { Name: 'new', Amount: 501, oppKey: 'K' } },
  ],
  roles: [{ id: 7, opportunityId: 64, leadId: 19, role: 'Champion' }],
};

await overAllStores((source) => {
  let fixture: SyncFixture;
  const open = async (settings: Partial<MObjectSettings> = {}) => {
    await fixture?.store.close();
    fixture = await openSyncFixture(source, instance, settings);
  };
  beforeEach(async () => {
    fixture = await openSyncFixture(source, instance);
  });
  afterEach(() => fixture.store.close());

  type Attributes = Record<string, string | undefined>;
  const attribList = (attributes: Attributes) => ({
    attrib: Object.entries(attributes).map(([name, value]) => ({
      name,
      ...(value === undefined ? {} : { value }),
    })),
  });
  const opportunity = (
    attributes: Attributes,
    more: Partial<Received<'MObject'>> = {},
  ): Received<'MObject'> => ({
    type: 'Opportunity',
    attribList: attribList(attributes),
    ...more,
  });
  const role = (attributes: Attributes, more: Partial<Received<'MObject'>> = {}): Received<'MObject'> => ({
    ...opportunity(attributes, more),
    type: 'OpportunityPersonRole',
  });
  const program = (id: number | undefined, ...items: [string, Attributes][]): Received<'MObject'> => ({
    type: 'Program',
    ...(id === undefined ? {} : { id }),
    typeAttribList: {
      typeAttrib: items.map(([attrType, attributes]) => ({ attrType, attrList: attribList(attributes) })),
    },
  });
  const associated = (...list: Received<'MObjAssociation'>[]) => ({
    associationList: { mObjAssociation: list },
  });
  const byKey = (name: string, value: string) => ({ externalKey: { name, value } });

  async function one(operation: SyncOperation, mObject: Received<'MObject'>, at?: Date) {
    const rows = await fixture.sync(operation, [mObject], at);
    expect(rows).toHaveLength(1);
    return rows[0];
  }
  async function stored(id: number) {
    const found = (await fixture.store.contents()).opportunities.find((record) => record.id === id);
    return found && { ...found, values: Object.fromEntries(found.values.entries()) };
  }
  const storedRole = async (id: number) => {
    const found = (await fixture.store.contents()).roles.find((record) => record.id === id);
    return found && Object.fromEntries(found.values.entries());
  };
  const storedProgram = async (id: number) =>
    (await fixture.store.contents()).programs.find((record) => record.id === id);
  const failed = (id: number | null, ...texts: string[]) => ({
    id,
    status: 'FAILED',
    error: expect.stringMatching(
      new RegExp(texts.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')),
    ),
  });

  describe('operation × what was found (docs/behaviour.md#3-operation-and-result)', () => {
    it.each<[string, SyncOperation, Partial<Received<'MObject'>>, object]>([
      ['INSERT of an id that exists', 'INSERT', { id: 64 }, { id: 64, status: 'SKIPPED' }],
      ['INSERT of a key that exists', 'INSERT', byKey('oppKey', 'K'), { id: 64, status: 'SKIPPED' }],
      ['INSERT of a new key', 'INSERT', byKey('oppKey', 'L'), { id: 65, status: 'CREATED' }],
      ['INSERT without id and key', 'INSERT', {}, { id: 65, status: 'CREATED' }],
      ['INSERT of an unknown id', 'INSERT', { id: 99 }, failed(99, 'the server assigns ids')],
      ['UPDATE of an id that exists', 'UPDATE', { id: 64 }, { id: 64, status: 'UPDATED' }],
      ['UPDATE of a key that exists', 'UPDATE', byKey('oppKey', 'K'), { id: 64, status: 'UPDATED' }],
      ['UPDATE of a new key', 'UPDATE', byKey('oppKey', 'L'), { id: null, status: 'SKIPPED' }],
      ['UPDATE without id and key', 'UPDATE', {}, { id: null, status: 'SKIPPED' }],
      ['UPDATE of an unknown id', 'UPDATE', { id: 99 }, { id: 99, status: 'SKIPPED' }],
      ['UPSERT of an id that exists', 'UPSERT', { id: 64 }, { id: 64, status: 'UPDATED' }],
      ['UPSERT of a key that exists', 'UPSERT', byKey('oppKey', 'K'), { id: 64, status: 'UPDATED' }],
      ['UPSERT of a new key', 'UPSERT', byKey('oppKey', 'L'), { id: 65, status: 'CREATED' }],
      ['UPSERT without id and key', 'UPSERT', {}, { id: 65, status: 'CREATED' }],
      ['UPSERT of an unknown id', 'UPSERT', { id: 99 }, failed(99, 'there is no Opportunity 99')],
      ['UPDATE of id 0: not given', 'UPDATE', { id: 0 }, { id: null, status: 'SKIPPED' }],
      ['UPSERT of id -1: not given', 'UPSERT', { id: -1 }, { id: 65, status: 'CREATED' }],
      [
        'UPDATE by id, whatever the key',
        'UPDATE',
        { id: 63, ...byKey('oppKey', 'K') },
        { id: 63, status: 'UPDATED' },
      ],
    ])('%s', async (_case, operation, identity, expected) => {
      const echo = identity.externalKey === undefined ? {} : { externalKey: identity.externalKey };
      expect(await one(operation, opportunity({ Stage: 'Won' }, identity))).toEqual({ ...expected, ...echo });
    });

    it('is UNCHANGED when every value equals the stored one as a typed value, and updatedAt stays', async () => {
      const later = new Date('2027-01-01T00:00:00Z');
      const row = await one('UPSERT', opportunity({ Amount: '501.00', Name: 'new' }, { id: 64 }), later);
      expect(row).toEqual({ id: 64, status: 'UNCHANGED' });
      expect((await stored(64))?.updatedAt).toBe(BENCH_TIME.toISOString());
    });

    it('moves updatedAt on UPDATED, and leaves createdAt', async () => {
      const later = new Date('2027-01-01T00:00:00Z');
      await one('UPSERT', opportunity({ Amount: '502' }, { id: 64 }), later);
      expect(await stored(64)).toMatchObject({
        createdAt: BENCH_TIME.toISOString(),
        updatedAt: later.toISOString(),
      });
    });
  });

  describe('whatever the clock does', () => {
    const earlier = new Date(BENCH_TIME.getTime() - 7_200_000);

    it('updatedAt of an object never goes back', async () => {
      expect(await one('UPDATE', opportunity({ Amount: '502' }, { id: 64 }), earlier)).toMatchObject({
        status: 'UPDATED',
      });
      expect((await stored(64))?.updatedAt).toBe(BENCH_TIME.toISOString());
    });

    it('updatedAt of a program never goes back', async () => {
      const before = (await storedProgram(1970))?.updatedAt;
      await one('UPDATE', program(1970, ['Cost', { Month: '2013-06', Amount: '7' }]), earlier);
      expect((await storedProgram(1970))?.updatedAt).toBe(before);
    });
  });

  describe('the highest id is 2147483647', () => {
    const full = {
      opportunities: [{ id: 2147483646 }],
      leads: [{ id: 1 }],
      roles: [{ id: 2147483647, opportunityId: 2147483646, leadId: 1 }],
      programs: [{ id: 1, name: 'p', costs: [{ id: 2147483647, month: '2013-06', amount: 1 }] }],
    };
    const noneLeft = failed(null, 'the highest is 2147483647');

    it('then a row that would need one more is FAILED, and its neighbours go ahead', async () => {
      const filled = await openSyncFixture(source, full);
      try {
        expect(await filled.sync('INSERT', [opportunity({}), opportunity({}), opportunity({})])).toEqual([
          { id: 2147483647, status: 'CREATED' },
          noneLeft,
          noneLeft,
        ]);
        const role = { OpportunityId: '2147483647', PersonId: '1' };
        const attrib = Object.entries(role).map(([name, value]) => ({ name, value }));
        const added = { type: 'OpportunityPersonRole', attribList: { attrib } };
        const costs = program(1, ['Cost', { Month: '2013-06', Amount: '7' }]);
        const update = opportunity({ Name: 'x' }, { id: 2147483647 });
        expect(await filled.sync('INSERT', [added])).toEqual([noneLeft]);
        expect(await filled.sync('UPDATE', [costs, update])).toEqual([
          { ...noneLeft, id: 1 },
          { id: 2147483647, status: 'UPDATED' },
        ]);
      } finally {
        await filled.store.close();
      }
    });
  });

  describe('a Program (docs/behaviour.md#updates-of-programs)', () => {
    const cost = { Month: '2013-06', Amount: '2000', Id: '153' };

    it.each<[string, SyncOperation, Received<'MObject'>, object]>([
      ['cannot be inserted', 'INSERT', program(1970, ['Cost', cost]), failed(1970, 'operation INSERT')],
      ['cannot be upserted', 'UPSERT', program(1970, ['Cost', cost]), failed(1970, 'operation UPSERT')],
      ['needs an id', 'UPDATE', program(undefined, ['Cost', cost]), failed(null, 'id: is missing')],
      ['of unknown id is skipped', 'UPDATE', program(5, ['Cost', cost]), { id: 5, status: 'SKIPPED' }],
      ['without items is unchanged', 'UPDATE', program(1970), { id: 1970, status: 'UNCHANGED' }],
      [
        'takes no attribList',
        'UPDATE',
        { ...program(1970), attribList: attribList({ Name: 'x' }) },
        failed(1970, 'attribList'),
      ],
      [
        'takes an empty attribList',
        'UPDATE',
        { ...program(1970), attribList: { attrib: [] } },
        { id: 1970, status: 'UNCHANGED' },
      ],
      [
        'takes no association',
        'UPDATE',
        { ...program(1970), ...associated({ mObjType: 'Company', id: 1 }) },
        failed(1970, 'associationList'),
      ],
      [
        'refuses another attrType',
        'UPDATE',
        program(1970, ['Token', { Name: 'a', Value: 'b' }]),
        failed(1970, 'attrType "Token"', 'Cost or Tag'),
      ],
      [
        'refuses an unknown name in an item',
        'UPDATE',
        program(1970, ['Cost', { ...cost, Color: 'red' }]),
        failed(1970, 'Cost: "Color"'),
      ],
      [
        'needs a Month',
        'UPDATE',
        program(1970, ['Cost', { Amount: '1' }]),
        failed(1970, 'Month is required'),
      ],
      [
        'needs an Amount',
        'UPDATE',
        program(1970, ['Cost', { Month: '2013-06', Id: '153' }]),
        failed(1970, 'Amount is required'),
      ],
      [
        'refuses a bad Month',
        'UPDATE',
        program(1970, ['Cost', { ...cost, Month: '13-2013' }]),
        failed(1970, 'Cost Month: "13-2013"', 'YYYY-MM'),
      ],
      [
        'refuses a bad Amount',
        'UPDATE',
        program(1970, ['Cost', { ...cost, Amount: 'much' }]),
        failed(1970, 'Cost Amount: "much"'),
      ],
      [
        'refuses a bad cost Id',
        'UPDATE',
        program(1970, ['Cost', { ...cost, Id: 'abc' }]),
        failed(1970, 'Cost Id: "abc"'),
      ],
      [
        "refuses another program's cost",
        'UPDATE',
        program(1970, ['Cost', { ...cost, Id: '154' }]),
        failed(1970, 'has no cost 154'),
      ],
      [
        'refuses an undefined tag type',
        'UPDATE',
        program(1970, ['Tag', { Type: 'Planet', Value: 'Mars' }]),
        failed(1970, '"Planet"', 'Region'),
      ],
      [
        'refuses an undefined tag value',
        'UPDATE',
        program(1970, ['Tag', { Type: 'Region', Value: 'West' }]),
        failed(1970, '"West"', 'North, South'),
      ],
      [
        'refuses an undefined channel',
        'UPDATE',
        program(1970, ['Tag', { Type: 'Channel', Value: 'TV' }]),
        failed(1970, '"TV"', 'Webinar'),
      ],
      [
        'needs a tag value',
        'UPDATE',
        program(1970, ['Tag', { Type: 'Region' }]),
        failed(1970, 'Value is required'),
      ],
      [
        'with the same tag is unchanged',
        'UPDATE',
        program(1970, ['Tag', { Type: 'Region', Value: 'North' }]),
        { id: 1970, status: 'UNCHANGED' },
      ],
      [
        'with the same cost is unchanged',
        'UPDATE',
        program(1970, ['Cost', { ...cost, Amount: '1500.00' }]),
        { id: 1970, status: 'UNCHANGED' },
      ],
    ])('%s', async (_case, operation, mObject, expected) => {
      expect(await one(operation, mObject)).toEqual(expected);
    });

    it('gets the cost of that id updated, its note kept', async () => {
      expect(await one('UPDATE', program(1970, ['Cost', cost]))).toEqual({ id: 1970, status: 'UPDATED' });
      expect((await storedProgram(1970))?.costs).toEqual([
        { id: 153, month: '2013-06-01', amount: 2000, note: 'venue' },
      ]);
    });

    it('gets a cost added, also to a month that has one, with an id above all others', async () => {
      await one('UPDATE', program(1970, ['Cost', { Month: '2013-06-20', Amount: '7', Note: 'more' }]));
      expect((await storedProgram(1970))?.costs).toEqual([
        { id: 153, month: '2013-06-01', amount: 1500, note: 'venue' },
        { id: 155, month: '2013-06-01', amount: 7, note: 'more' },
      ]);
    });

    it.each(['', '0', '-3', undefined])('adds a cost whose Id is %j', async (id) => {
      await one('UPDATE', program(1970, ['Cost', { Month: '2013-06', Amount: '7', Id: id }]));
      expect((await storedProgram(1970))?.costs).toHaveLength(2);
    });

    it('takes a note of 2000 characters, each of which may be two UTF-16 units, and no longer one', async () => {
      const note = '😀'.repeat(2000);
      await one('UPDATE', program(1970, ['Cost', { ...cost, Note: note }]));
      expect((await storedProgram(1970))?.costs[0]?.note).toBe(note);
      expect(await one('UPDATE', program(1970, ['Cost', { ...cost, Note: `${note}.` }]))).toMatchObject({
        status: 'FAILED',
        error: expect.stringContaining('(2001 characters); expected at most 2000 characters'),
      });
    });

    it('loses a note to a single space', async () => {
      await one('UPDATE', program(1970, ['Cost', { ...cost, Note: ' ' }]));
      expect((await storedProgram(1970))?.costs[0]?.note).toBeNull();
    });

    it('gets tag and channel in the spelling of their definition', async () => {
      const sent = program(
        1970,
        ['tag', { type: 'REGION', value: 'south' }],
        ['Tag', { Type: 'channel', Value: 'blog' }],
      );
      expect(await one('UPDATE', sent)).toEqual({ id: 1970, status: 'UPDATED' });
      expect(await storedProgram(1970)).toMatchObject({
        channel: 'Blog',
        tags: new Map([['Region', 'South']]),
      });
    });

    it('changes nothing when its second item is bad', async () => {
      const before = await storedProgram(1970);
      await one('UPDATE', program(1970, ['Cost', cost], ['Cost', { Month: 'x', Amount: '1' }]));
      await one(
        'UPDATE',
        program(1970, ['Cost', cost], ['Cost', { Month: '2013-06', Amount: '1', Id: '999' }]),
      );
      expect(await storedProgram(1970)).toEqual(before);
    });
  });

  describe('rows of one call', () => {
    it('come back in order, each for itself', async () => {
      const rows = await fixture.sync('UPDATE', [
        opportunity({ Name: 'A' }, { id: 64 }),
        { type: 'Bogus' },
        {},
        opportunity({}, { id: 99 }),
        program(1970),
      ]);
      expect(rows).toEqual([
        { id: 64, status: 'UPDATED' },
        failed(null, '"Bogus"', 'Program, Opportunity, OpportunityPersonRole'),
        failed(null, 'type: is missing'),
        { id: 99, status: 'SKIPPED' },
        { id: 1970, status: 'UNCHANGED' },
      ]);
    });

    it('see what earlier ones did: the same key twice makes one object', async () => {
      const sent = opportunity({ Name: 'x' }, byKey('oppKey', 'L'));
      expect((await fixture.sync('UPSERT', [sent, sent])).map(({ id, status }) => [id, status])).toEqual([
        [65, 'CREATED'],
        [65, 'UNCHANGED'],
      ]);
    });

    it('find an object by the key that it had before, was given in between and has again', async () => {
      const rows = await fixture.sync('UPSERT', [
        opportunity({ oppKey: 'L' }, { id: 64 }),
        opportunity({ Name: 'by the new key' }, byKey('oppKey', 'L')),
        opportunity({ Name: 'by the old key' }, byKey('oppKey', 'K')),
        opportunity({ oppKey: 'K' }, { id: 64 }),
        opportunity({ Name: 'by the old key again' }, byKey('oppKey', 'K')),
        opportunity({ Name: 'new' }, byKey('oppKey', 'L')),
      ]);
      expect(rows.map(({ id, status }) => [id, status])).toEqual([
        [64, 'UPDATED'],
        [64, 'UPDATED'],
        [63, 'UPDATED'],
        [64, 'UPDATED'],
        [64, 'UPDATED'],
        [65, 'CREATED'],
      ]);
    });

    it('tell keys of the same value apart by their names and types', async () => {
      const [company, unknown, leadAndOpportunity] = await fixture.sync('UPSERT', [
        opportunity({}, associated({ mObjType: 'Company', ...byKey('cAccountFSID', 'C1') })),
        opportunity({}, associated({ mObjType: 'Company', ...byKey('FSPID', 'C1') })),
        role(
          {},
          associated(
            { mObjType: 'Lead', ...byKey('oppKey', 'K') },
            { mObjType: 'Opportunity', ...byKey('oppKey', 'K') },
          ),
        ),
      ]);
      expect(company?.status).toBe('CREATED');
      expect(unknown).toEqual(failed(null, 'no Company has FSPID = "C1"'));
      expect(leadAndOpportunity).toEqual(failed(null, 'no Lead has oppKey = "K"'));
    });

    it('may name an opportunity that an earlier row creates, by its external key', async () => {
      const rows = await fixture.sync('UPSERT', [
        opportunity({ Name: 'x' }, byKey('oppKey', 'L')),
        role(
          { Role: 'r' },
          associated(
            { mObjType: 'Opportunity', ...byKey('oppKey', 'L') },
            { mObjType: 'Lead', ...byKey('FSPID', 'P20') },
          ),
        ),
      ]);
      expect(rows.map(({ id, status }) => [id, status])).toEqual([
        [65, 'CREATED'],
        [8, 'CREATED'],
      ]);
      expect(await storedRole(8)).toEqual({ OpportunityId: 65, PersonId: 20, Role: 'r' });
    });

    it('find the next newest holder when an earlier row takes a key away', async () => {
      const rows = await fixture.sync('UPDATE', [
        opportunity({ oppKey: 'other' }, { id: 64 }),
        opportunity({ Stage: 's' }, byKey('oppKey', 'K')),
      ]);
      expect(rows.map(({ id }) => id)).toEqual([64, 63]);
    });
  });

  describe('values (docs/behaviour.md#4-fields-and-values)', () => {
    it("are matched by name without case, and kept under the definition's spelling", async () => {
      await one('UPDATE', opportunity({ ' nAmE ': 'x', OPPKEY: 'y' }, { id: 64 }));
      expect((await stored(64))?.values).toMatchObject({ Name: 'x', oppKey: 'y' });
    });

    it.each([
      ['Amount', 'abc', 'Amount: "abc"'],
      ['Probability', '80.5%', 'Probability: "80.5%"'],
      ['CloseDate', '2013-02-30', 'CloseDate: "2013-02-30"'],
      ['IsWon', 'maybe', 'IsWon: "maybe"'],
      ['Name', 'x'.repeat(256), '255 characters, not 256'],
      ['CompanyId', '3', 'there is no Company 3'],
      ['Nmae', 'x', 'did you mean Name?'],
      ['', 'x', 'has no name'],
    ])('%s = %j fails its row', async (name, value, text) => {
      expect(await one('UPDATE', opportunity({ Stage: 'changed', [name]: value }, { id: 64 }))).toEqual(
        failed(64, text),
      );
      expect((await stored(64))?.values.Stage).toBeUndefined();
    });

    it('of an unknown field: the error names both ways out', async () => {
      expect(await one('UPSERT', opportunity({ Zorg: 'x' }))).toEqual(
        failed(null, 'fields add', '--schema open'),
      );
    });

    it('of Id, createdAt and updatedAt are accepted and ignored', async () => {
      const sent = opportunity(
        { Id: '5', createdAt: 'x', UpdatedAt: 'y' },
        { id: 64, createdAt: 'bad', updatedAt: 'bad' },
      );
      expect(await one('UPDATE', sent)).toEqual({ id: 64, status: 'UNCHANGED' });
    });

    it('sent twice under one name: the last wins', async () => {
      const mObject = {
        ...opportunity({}, { id: 64 }),
        attribList: {
          attrib: [
            { name: 'Name', value: 'a' },
            { name: 'name', value: 'b' },
          ],
        },
      };
      await one('UPDATE', mObject);
      expect((await stored(64))?.values.Name).toBe('b');
    });

    it('sent a hundred times under one name: the last wins', async () => {
      const attrib = Array.from({ length: 100 }, (_, index) => ({ name: 'Name', value: `n${index}` }));
      await one('UPDATE', { ...opportunity({}, { id: 64 }), attribList: { attrib } });
      expect((await stored(64))?.values.Name).toBe('n99');
    });

    it('sent twice under one name, empty the last time: no change', async () => {
      const sent = opportunity({ Name: 'a', name: '' }, { id: 64 });
      expect(await one('UPDATE', sent)).toEqual({ id: 64, status: 'UNCHANGED' });
    });

    it('that are empty or missing change nothing on update, and are none on create', async () => {
      expect(await one('UPDATE', opportunity({ Name: '', Amount: undefined }, { id: 64 }))).toEqual({
        id: 64,
        status: 'UNCHANGED',
      });
      await one('INSERT', opportunity({ Name: '', Stage: 's' }));
      expect((await stored(65))?.values).toEqual({ Stage: 's' });
    });

    it('that are one space clear the field, of any type', async () => {
      await one('UPDATE', opportunity({ Name: ' ', Amount: ' ' }, { id: 64 }));
      expect((await stored(64))?.values).toEqual({ oppKey: 'K' });
    });

    it('that are empty clear the field under emptyValues: clear', async () => {
      await open({ emptyValues: 'clear' });
      await one('UPDATE', opportunity({ Name: '', Amount: undefined }, { id: 64 }));
      expect((await stored(64))?.values).toEqual({ oppKey: 'K' });
    });

    it('of unknown fields are ignored under unknownFields: ignore', async () => {
      await open({ unknownFields: 'ignore' });
      expect(await one('UPDATE', opportunity({ Zorg: 'x' }, { id: 64 }))).toEqual({
        id: 64,
        status: 'UNCHANGED',
      });
    });
  });

  describe('unknownFields: create', () => {
    beforeEach(() => open({ unknownFields: 'create' }));

    it('makes an unknown field a custom string field, in the first spelling sent', async () => {
      const rows = await fixture.sync('UPSERT', [opportunity({ Zorg: 'x' }), opportunity({ zorg: 'y' })]);
      expect(rows.map(({ status }) => status)).toEqual(['CREATED', 'CREATED']);
      expect((await fixture.store.schema()).fields.Opportunity.find('ZORG')).toMatchObject({
        name: 'Zorg',
        dataType: 'string',
        custom: true,
      });
      expect((await stored(66))?.values).toEqual({ Zorg: 'y' });
      expect(await one('UPDATE', opportunity({ ZORG: 'y' }, { id: 66 }))).toEqual({
        id: 66,
        status: 'UNCHANGED',
      });
    });

    it('creates none for a row that fails', async () => {
      await one('UPSERT', role({ Zorg: 'x' }));
      await one('UPSERT', opportunity({ Zorg: 'x', Amount: 'bad' }));
      const { fields } = await fixture.store.schema();
      expect([fields.Opportunity.find('Zorg'), fields.OpportunityPersonRole.find('Zorg')]).toEqual([
        undefined,
        undefined,
      ]);
    });

    it('stops at 500 custom fields of a type', async () => {
      const names = Array.from({ length: 498 }, (_, index) => [`f${index}`, 'x']);
      expect(await one('UPSERT', opportunity(Object.fromEntries(names)))).toMatchObject({
        status: 'CREATED',
      });
      expect(await one('UPSERT', opportunity({ over: 'x' }))).toEqual(failed(null, '"over"', 'at most 500'));
      expect(await one('UPSERT', role({ over: 'x', OpportunityId: '64', PersonId: '20' }))).toMatchObject({
        status: 'CREATED',
      });
    });
  });

  describe('the external key', () => {
    it('fills the field of its name on create', async () => {
      await one('UPSERT', opportunity({}, byKey('OPPKEY', 'L')));
      expect((await stored(65))?.values).toEqual({ oppKey: 'L' });
    });

    it('must agree with the attribute of the same name on create', async () => {
      const sent = (value: string) => opportunity({ oppKey: value }, byKey('oppKey', 'L'));
      expect(await one('UPSERT', sent('M'))).toMatchObject({
        status: 'FAILED',
        error: expect.stringContaining('must agree'),
      });
      expect(await one('UPSERT', sent('L'))).toMatchObject({ status: 'CREATED' });
    });

    it('is compared as a typed value', async () => {
      await one('UPSERT', opportunity({}, byKey('score', '7')));
      expect(await one('UPSERT', opportunity({}, byKey('score', '07.0')))).toMatchObject({
        id: 65,
        status: 'UNCHANGED',
      });
    });

    it('can be any known field, also a standard one', async () => {
      expect(await one('UPDATE', opportunity({ Stage: 's' }, byKey('Name', 'old')))).toMatchObject({
        id: 63,
      });
    });

    it('moves with an update of its field', async () => {
      await one('UPDATE', opportunity({ oppKey: 'moved' }, { id: 64 }));
      expect(await one('UPDATE', opportunity({}, byKey('oppKey', 'moved')))).toMatchObject({ id: 64 });
      expect(await one('UPDATE', opportunity({}, byKey('oppKey', 'K')))).toMatchObject({ id: 63 });
    });

    it.each([
      [{ name: 'Zorg', value: 'x' }, 'Opportunity has no field'],
      [{ name: 'oppKey', value: '' }, 'has no value'],
      [{ name: '', value: 'x' }, 'no name'],
      [{ name: 'Id', value: '64' }, 'element id'],
      [{ name: 'score', value: 'abc' }, 'score: "abc"'],
    ])('%j fails its row and is echoed', async (externalKey, text) => {
      expect(await one('UPSERT', opportunity({}, { externalKey }))).toEqual({
        ...failed(null, text),
        externalKey,
      });
    });

    it('that is an empty element counts as not sent', async () => {
      expect(await one('UPSERT', opportunity({}, { externalKey: {} }))).toEqual({
        id: 65,
        status: 'CREATED',
      });
    });

    it('of any name is kept, matched and echoed under externalKeys: any, and is no field', async () => {
      await open({ externalKeys: 'any' });
      const key = byKey('opportunities.id', 'S-1');
      expect(await one('UPSERT', opportunity({ Name: 'x' }, key))).toEqual({
        id: 65,
        status: 'CREATED',
        ...key,
      });
      expect(await one('UPSERT', opportunity({ Name: 'y' }, key))).toEqual({
        id: 65,
        status: 'UPDATED',
        ...key,
      });
      expect((await stored(65))?.values).toEqual({ Name: 'y' });
      const twice = opportunity({}, byKey('opportunities.id', 'S-2'));
      expect((await fixture.sync('UPSERT', [twice, twice])).map(({ status }) => status)).toEqual([
        'CREATED',
        'UNCHANGED',
      ]);
    });
  });

  describe('an OpportunityPersonRole', () => {
    const champion = { OpportunityId: '64', PersonId: '19', Role: 'Champion' };

    it.each<[string, SyncOperation, Attributes, object]>([
      ['INSERT of the same opportunity, person and role', 'INSERT', champion, { id: 7, status: 'SKIPPED' }],
      ['INSERT of another role', 'INSERT', { ...champion, Role: 'x' }, { id: 8, status: 'CREATED' }],
      ['INSERT without a role', 'INSERT', { ...champion, Role: '' }, { id: 8, status: 'CREATED' }],
      ['UPSERT of the same three', 'UPSERT', champion, { id: 7, status: 'UNCHANGED' }],
      [
        'UPSERT of the same three and more',
        'UPSERT',
        { ...champion, IsPrimary: '1' },
        { id: 7, status: 'UPDATED' },
      ],
      [
        'UPDATE finds by opportunity and person',
        'UPDATE',
        { ...champion, Role: 'x' },
        { id: 7, status: 'UPDATED' },
      ],
      [
        'UPDATE of another person',
        'UPDATE',
        { ...champion, PersonId: '20' },
        { id: null, status: 'SKIPPED' },
      ],
      ['UPDATE without opportunity and person', 'UPDATE', { Role: 'x' }, { id: null, status: 'SKIPPED' }],
      ['INSERT without a person', 'INSERT', { OpportunityId: '64' }, failed(null, 'PersonId: is required')],
      [
        'UPSERT without an opportunity',
        'UPSERT',
        { PersonId: '19' },
        failed(null, 'OpportunityId: is required'),
      ],
      [
        'of an unknown opportunity',
        'UPSERT',
        { ...champion, OpportunityId: '5' },
        failed(null, 'no Opportunity 5'),
      ],
      ['of an unknown person', 'UPDATE', { ...champion, PersonId: '5' }, failed(null, 'no Lead 5')],
    ])('%s', async (_case, operation, attributes, expected) => {
      expect(await one(operation, role(attributes))).toEqual(expected);
    });

    it('UPDATE takes the newest role of that opportunity and person', async () => {
      await one('INSERT', role({ ...champion, Role: 'second' }));
      expect(await one('UPDATE', role({ ...champion, Role: 'third' }))).toEqual({ id: 8, status: 'UPDATED' });
    });

    it('cannot lose its person', async () => {
      expect(await one('UPDATE', role({ PersonId: ' ' }, { id: 7 }))).toEqual(
        failed(7, 'PersonId: is required'),
      );
    });
  });

  describe('associations (docs/behaviour.md#associations)', () => {
    it.each<[string, Received<'MObjAssociation'>, number]>([
      ['by id', { mObjType: 'Company', id: 2 }, 2],
      ["by the company's own key", { mObjType: 'Company', ...byKey('cAccountFSID', 'C1') }, 1],
      ['by the key of a lead of it', { mObjType: 'Company', ...byKey('caccountfsid', 'C2') }, 2],
      ['whatever the case of the type', { mObjType: 'COMPANY', id: 1 }, 1],
    ])('lead to the company %s', async (_case, association, companyId) => {
      expect(await one('UPDATE', opportunity({}, { id: 64, ...associated(association) }))).toEqual({
        id: 64,
        status: 'UPDATED',
      });
      expect((await stored(64))?.values.CompanyId).toBe(companyId);
    });

    it.each<[string, Received<'MObjAssociation'>[], string]>([
      ['an unknown id', [{ mObjType: 'Company', id: 9 }], 'there is no Company 9'],
      [
        'an unknown key',
        [{ mObjType: 'Company', ...byKey('cAccountFSID', 'C9') }],
        'no Company has cAccountFSID = "C9"',
      ],
      ['a type that is none of an opportunity', [{ mObjType: 'Lead', id: 19 }], 'Company only'],
      ['no type', [{ id: 19 }], 'mObjType ""'],
      ['neither id nor key', [{ mObjType: 'Company' }], 'expected an id or an externalKey'],
      [
        'two companies',
        [
          { mObjType: 'Company', id: 1 },
          { mObjType: 'Company', id: 2 },
        ],
        'must agree',
      ],
    ])('with %s fail the row', async (_case, associations, text) => {
      expect(await one('UPDATE', opportunity({}, { id: 64, ...associated(...associations) }))).toEqual(
        failed(64, text),
      );
    });

    it('must agree with the attribute', async () => {
      const sent = (id: string) =>
        opportunity({ CompanyId: id }, { id: 64, ...associated({ mObjType: 'Company', id: 1 }) });
      expect(await one('UPDATE', sent('2'))).toEqual(failed(64, 'CompanyId', 'must agree'));
      expect(await one('UPDATE', sent('1'))).toEqual({ id: 64, status: 'UPDATED' });
      expect(await one('UPDATE', sent('1'))).toEqual({ id: 64, status: 'UNCHANGED' });
    });

    it('typeAttribList on an Opportunity fails the row', async () => {
      const sent = { ...opportunity({}, { id: 64 }), typeAttribList: { typeAttrib: [{ attrType: 'Cost' }] } };
      expect(await one('UPDATE', sent)).toEqual(failed(64, 'typeAttribList', 'Program'));
    });
  });

  describe('the journal', () => {
    it('says of each row what came of it, why, and what changed, with the values before and after', async () => {
      await fixture.sync('UPDATE', [
        opportunity({ Name: 'classified', Amount: '501' }, { id: 64 }),
        opportunity({}, byKey('oppKey', 'none')),
        opportunity({ Amount: 'bad' }),
      ]);
      const [entry] = await fixture.store.journal.newest(1);
      expect(entry).toMatchObject({
        at: BENCH_TIME.toISOString(),
        userId: 'u',
        operation: 'syncMObjects',
        mode: 'UPDATE',
        fault: null,
        rows: [
          { type: 'Opportunity', id: 64, status: 'UPDATED', changed: ['Name'], after: ['classified'] },
          {
            id: null,
            status: 'SKIPPED',
            because: expect.stringContaining('no Opportunity has oppKey = "none"'),
            externalKey: { name: 'oppKey', value: 'none' },
          },
          { id: null, status: 'FAILED', because: expect.stringContaining('Amount') },
        ],
      });
    });
  });
});
