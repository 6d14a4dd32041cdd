import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldValue } from '../../src/records/field-values.ts';
import { fieldOwners } from '../../src/rules/schema.ts';
import type { StoreContents } from '../../src/store/store.ts';
import type { CaseContext } from './conformance.ts';
import {
  changed,
  create,
  facts,
  field,
  lead,
  mObject,
  opportunity,
  program,
  role,
  write,
} from './fixture.ts';

const everyStandardValue: Record<string, FieldValue> = {
  Amount: 501.25,
  CloseDate: '2013-06-30',
  CompanyId: 3,
  Description: 'Zeile\nvon "Bedeutung" \u{1F600}',
  ExpectedRevenue: -0.0001,
  ExternalCreatedDate: '2013-06-09T22:04:54.000Z',
  Fiscal: '2013',
  FiscalQuarter: 2,
  FiscalYear: -9007199254740991,
  ForecastCategoryName: 'Pipeline',
  IsClosed: false,
  IsWon: true,
  LastActivityDate: '0001-01-01',
  LeadSource: ' ',
  Name: '007',
  NextStep: 'true',
  Probability: 9007199254740991,
  Quantity: 1e308,
  Stage: 'Won',
  Type: '',
};

/** One field of each data type, so that custom values can be told apart by type. */
const customValues: Record<string, FieldValue> = {
  aText: '12',
  aNumber: 12,
  aFraction: 0.1,
  aBoolean: true,
  aDate: '2013-06-30',
  __proto__1: 'x',
  'with "quotes" and $': 'y',
};

/** Contents without the functions in them, which are equal to nothing but themselves. */
const plain = ({ schema, ...contents }: StoreContents) => ({
  ...contents,
  ...schema,
  fields: fieldOwners.map((owner) => schema.fields[owner].all),
});

export function recordCases({ engine, opened }: CaseContext): void {
  it('returns every value of an opportunity as it was written, with its type', async () => {
    await write(opened().store, {
      newFields: Object.keys(customValues).map((name) => ({
        owner: 'Opportunity' as const,
        field: field(name),
      })),
      records: [opportunity(1, { ...everyStandardValue, ...customValues })],
    });
    const { records } = await facts(opened().store, { ids: { Opportunity: [1] } });
    expect(records.Opportunity.get(1)).toEqual(mObject(1, { ...everyStandardValue, ...customValues }));
  });

  it('returns every value of a role as it was written', async () => {
    const values = {
      ExternalCreatedDate: '2013-06-09T22:04:54.123Z',
      IsPrimary: true,
      OpportunityId: 5,
      PersonId: 2147483647,
      Role: 'Buyer',
    };
    await create(opened().store, role(7, values));
    expect((await opened().store.contents()).roles).toEqual([
      mObject(7, values, { type: 'OpportunityPersonRole' }),
    ]);
  });

  it('returns any number of a currency field and any text of a string field exactly', async () => {
    let id = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
        fc.string({ unit: 'binary' }),
        fc.maxSafeInteger(),
        async (Amount, Name, custom) => {
          id += 1;
          const values = { Amount, Name, custom, customAmount: Amount };
          await create(opened().store, opportunity(id, values));
          const { records } = await facts(opened().store, { ids: { Opportunity: [id] } });
          expect(records.Opportunity.get(id)).toEqual(mObject(id, values));
        },
      ),
    );
  });

  it('replaces all values when a record changes, and its times', async () => {
    await create(opened().store, opportunity(1, { Name: 'a', Stage: 's', custom: 'c' }));
    const change = changed(1, { Name: 'a', Stage: 's', custom: 'c' }, { Name: 'b' });
    await create(opened().store, change);
    expect((await opened().store.contents()).opportunities).toEqual([change.after]);
  });

  it('removes a record', async () => {
    await create(opened().store, opportunity(1, { Name: 'a' }), opportunity(2));
    await create(opened().store, changed(1, { Name: 'a' }, undefined));
    expect((await opened().store.contents()).opportunities).toEqual([mObject(2)]);
  });

  it('keeps a role whose opportunity is removed', async () => {
    await create(opened().store, opportunity(1), role(1, { OpportunityId: 1, PersonId: 2 }));
    await create(opened().store, changed(1, {}, undefined));
    expect((await opened().store.contents()).roles).toHaveLength(1);
  });

  it('returns a program with all its parts', async () => {
    const whole = program(1970, {
      channel: 'Webinar',
      workspaceId: 1,
      workspaceName: 'Default',
      treePath: '/Marketing Activities/x',
      archived: true,
      startDate: '2011-08-01 11:00:00',
      endDate: '2011-08-02',
      crmId: '701000000000001AAA',
      tags: new Map([['Region', 'North']]),
      tokens: new Map([['my.token', '<b>ä</b>']]),
      costs: [
        { id: 1, month: '2013-06-01', amount: 12.5, note: null },
        { id: 9, month: '2013-06-01', amount: 0, note: 'n' },
      ],
    });
    await create(opened().store, { type: 'Program', before: undefined, after: whole });
    const { records } = await facts(opened().store, { ids: { Program: [1970] } });
    expect(records.Program.get(1970)).toEqual(whole);
  });

  it('changes, adds and removes costs, tags and tokens of a program', async () => {
    const before = program(1, {
      tags: new Map([
        ['a', '1'],
        ['b', '1'],
      ]),
      tokens: new Map([['t', '1']]),
      costs: [
        { id: 1, month: '2013-06-01', amount: 1, note: null },
        { id: 2, month: '2013-07-01', amount: 2, note: 'gone' },
      ],
    });
    const after = program(1, {
      tags: new Map([
        ['b', '2'],
        ['c', '1'],
      ]),
      tokens: new Map([['u', '1']]),
      costs: [
        { id: 1, month: '2013-06-01', amount: 9, note: 'new' },
        { id: 3, month: '2013-08-01', amount: 3, note: null },
      ],
    });
    await create(opened().store, { type: 'Program', before: undefined, after: before });
    await create(opened().store, { type: 'Program', before, after });
    expect((await opened().store.contents()).programs).toEqual([after]);
  });

  it('moves a cost from one program to another in one decision', async () => {
    const cost = { id: 5, month: '2013-06-01', amount: 1, note: null };
    const [one, two] = [program(1, { costs: [cost] }), program(2)];
    const { store } = opened();
    await create(
      store,
      { type: 'Program', before: undefined, after: one },
      { type: 'Program', before: undefined, after: two },
    );
    await create(
      store,
      { type: 'Program', before: two, after: program(2, { costs: [cost] }) },
      { type: 'Program', before: one, after: program(1) },
    );
    expect((await store.contents()).programs.map(({ costs }) => costs)).toEqual([[], [cost]]);
  });

  it('removes the parts of a removed program with it', async () => {
    const whole = program(1, {
      tags: new Map([['a', '1']]),
      tokens: new Map([['t', '1']]),
      costs: [{ id: 1, month: '2013-06-01', amount: 1, note: null }],
    });
    const { store } = opened();
    await create(store, { type: 'Program', before: undefined, after: whole });
    await create(store, { type: 'Program', before: whole, after: undefined });
    await create(store, { type: 'Program', before: undefined, after: program(1) });
    expect((await store.contents()).programs).toEqual([program(1)]);
  });

  it('returns leads and companies, and lists everything by ascending id', async () => {
    const { store } = opened();
    const person = { ...lead(19, { FSPID: 'P1', ['__proto__']: 'p' }, 'a@example.com'), companyId: 1 };
    const company = { id: 1, name: 'ACME', externalKeys: new Map([['cAccountFSID', 'C1']]) };
    await create(
      store,
      opportunity(10),
      opportunity(9),
      { type: 'Lead', before: undefined, after: person },
      { type: 'Lead', before: undefined, after: lead(2, {}) },
      { type: 'Company', before: undefined, after: company },
    );
    const { leads, companies, opportunities } = await store.contents();
    expect(leads).toEqual([lead(2, {}), person]);
    expect(companies).toEqual([company]);
    expect(opportunities.map(({ id }) => id)).toEqual([9, 10]);
  });

  it.runIf(engine.isDurable)('keeps everything when it is closed and opened again', async () => {
    const { store } = opened();
    await write(store, {
      records: [
        opportunity(1, everyStandardValue),
        { type: 'Program', before: undefined, after: program(1, { tags: new Map([['a', 'b']]) }) },
        { type: 'Lead', before: undefined, after: lead(1, { a: 'b' }) },
      ],
      looseKeys: [{ type: 'Opportunity', id: 1, name: 'Loose', value: 'v' }],
      newFields: [{ owner: 'Lead', field: field('f') }],
      schema: { tags: new Map([['a', ['b']]]) },
    });
    const before = plain(await store.contents());
    expect(plain(await (await opened().reopen()).contents())).toEqual(before);
  });
}
