import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApplyOptions, applyInstance, applyInstanceText } from '../../src/instance/apply.ts';
import { exportInstance } from '../../src/instance/export.ts';
import type { Instance } from '../../src/instance/shape.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { wholeInstance } from './whole-instance.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-11-24T12:00:00Z');

let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
});
afterEach(() => store.close());

async function apply(instance: Instance, options: Partial<ApplyOptions> = {}) {
  const result = await applyInstance(store, instance, {
    mode: 'make',
    now: NOW,
    timeZone: 'UTC',
    ...options,
  });
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes));
  return result.report;
}
async function refused(instance: Instance, options: Partial<ApplyOptions> = {}) {
  const before = await exportInstance(store);
  const result = await applyInstance(store, instance, {
    mode: 'make',
    now: NOW,
    timeZone: 'UTC',
    ...options,
  });
  expect(await exportInstance(store)).toEqual(before);
  return 'mistakes' in result ? result.mistakes.map(({ path, message }) => `${path}: ${message}`) : [];
}
const contents = () => store.contents();
const counts = (created: number, updated = 0, unchanged = 0, removed = 0) => ({
  created,
  updated,
  unchanged,
  removed,
});
const fields = (...names: string[]): Instance => ({
  fields: { Opportunity: names.map((name) => ({ name, dataType: 'string' as const })) },
});

describe('a file that is made', () => {
  it('creates all that it names, and the report counts it', async () => {
    expect(await apply(wholeInstance)).toEqual({
      fields: counts(7),
      tags: counts(2),
      channels: counts(2),
      programs: counts(1),
      companies: counts(2),
      leads: counts(2),
      opportunities: counts(2),
      roles: counts(2),
      workspaces: counts(2),
      lists: counts(3),
      campaigns: counts(2),
      customObjectTypes: counts(2),
      customObjects: counts(2),
    });
    expect(await exportInstance(store)).toEqual(wholeInstance);
  });

  it.each<Partial<ApplyOptions>>([{}, { exact: true }, { mode: 'add' }])(
    'changes nothing when it is applied again with %j',
    async (options) => {
      await apply(wholeInstance);
      const before = await contents();
      const report = await apply(wholeInstance, { ...options, now: LATER });
      expect(report.opportunities).toEqual(counts(0, 0, 2));
      expect(Object.values(report).every((each) => each.created + each.updated + each.removed === 0)).toBe(
        true,
      );
      expect({ ...(await contents()), schema: null }).toEqual({ ...before, schema: null });
      expect((await contents()).schema).toBe(before.schema);
    },
  );

  it('reads values as the API does', async () => {
    await apply({
      opportunities: [
        {
          id: 1,
          attributes: {
            amount: '1.0E3',
            Probability: '80%',
            IsWon: 1,
            CloseDate: '2013-06-30T10:00:00Z',
            ExternalCreatedDate: '2013-06-09 14:04:54',
            Name: 5,
            Stage: '',
            Type: ' ',
          },
        },
      ],
    });
    expect(Object.fromEntries((await contents()).opportunities[0]?.values.entries() ?? [])).toEqual({
      Amount: 1000,
      Probability: 80,
      IsWon: true,
      CloseDate: '2013-06-30',
      ExternalCreatedDate: '2013-06-09T14:04:54.000Z',
      Name: '5',
    });
  });

  it('reads times without an offset in the time zone', async () => {
    await apply(
      { opportunities: [{ id: 1, createdAt: '2013-06-09 14:04:54' }] },
      { timeZone: 'America/Los_Angeles' },
    );
    expect((await contents()).opportunities[0]?.createdAt).toBe('2013-06-09T21:04:54.000Z');
  });

  it('gives new records the time of now, and keeps created and moves updated when one changes', async () => {
    await apply({ opportunities: [{ id: 1, attributes: { Name: 'a' } }] });
    await apply({ opportunities: [{ id: 1, attributes: { Name: 'b' } }] }, { now: LATER });
    expect((await contents()).opportunities[0]).toMatchObject({
      createdAt: NOW.toISOString(),
      updatedAt: LATER.toISOString(),
    });
  });

  it.each([{}, { exact: true }])('changes a value of a custom field with %j', async (options) => {
    const file = (own: string): Instance => ({
      ...fields('own'),
      opportunities: [{ id: 1, attributes: { own } }],
    });
    await apply(file('a'));
    const report = await apply(file('b'), { ...options, now: LATER });
    expect(report.opportunities).toEqual(counts(0, 1));
    expect((await exportInstance(store)).opportunities).toMatchObject([
      { attributes: { own: 'b' }, updatedAt: LATER.toISOString() },
    ]);
  });

  it('replaces a record as a whole', async () => {
    await apply({ opportunities: [{ id: 1, attributes: { Name: 'a', Stage: 's' } }] });
    const report = await apply({ opportunities: [{ id: 1, attributes: { Stage: 't' } }] });
    expect(report.opportunities).toEqual(counts(0, 1));
    expect((await contents()).opportunities[0]?.values).toEqual(fieldValues('Opportunity', [['Stage', 't']]));
  });

  it('leaves alone what it does not name', async () => {
    await apply(wholeInstance);
    const report = await apply({ leads: [{ id: 21 }] });
    expect(report.leads).toEqual(counts(1));
    const { leads, opportunities, schema } = await contents();
    expect([leads.length, opportunities.length, schema.channels.size]).toEqual([3, 2, 2]);
  });

  it('may refer to what is in the store', async () => {
    await apply({ ...fields('own'), companies: [{ id: 1, name: 'a' }], tags: { t: ['v'] } });
    await apply({
      programs: [{ id: 1, name: 'p', tags: { t: 'v' } }],
      opportunities: [{ id: 1, companyId: 1, attributes: { OWN: 'x' } }],
    });
    expect((await contents()).opportunities[0]?.values).toEqual(
      fieldValues('Opportunity', [
        ['CompanyId', 1],
        ['own', 'x'],
      ]),
    );
  });

  it('changes a field, and keeps its spelling', async () => {
    await apply(fields('own'));
    const report = await apply({
      fields: { Opportunity: [{ name: 'OWN', dataType: 'string', displayName: 'Own', size: 5 }] },
    });
    expect(report.fields).toEqual(counts(0, 1));
    expect((await store.schema()).fields.Opportunity.find('own')).toMatchObject({
      name: 'own',
      displayName: 'Own',
      size: 5,
      definedAt: NOW.toISOString(),
    });
  });

  it('puts its tag values first and keeps the others behind', async () => {
    await apply({ tags: { t: ['a', 'b'], u: [] } });
    const report = await apply({ tags: { t: ['c', 'b'] } });
    expect(report.tags).toEqual(counts(0, 1));
    expect([...(await store.schema()).tags]).toEqual([
      ['t', ['c', 'b', 'a']],
      ['u', []],
    ]);
  });

  it('replaces the statuses of a channel', async () => {
    const status = (name: string, step: number) => ({ status: name, step, success: false });
    await apply({ channels: { c: [status('a', 1), status('b', 2)] } });
    expect((await apply({ channels: { c: [status('b', 3)] } })).channels).toEqual(counts(0, 1));
    expect((await store.schema()).channels.get('c')).toEqual([{ ...status('b', 3), attributes: new Map() }]);
  });

  it('keeps loose keys that it does not name, and changes those that it names', async () => {
    const file = (externalKeys: Record<string, string>): Instance => ({
      opportunities: [{ id: 1, externalKeys }],
    });
    await apply(file({ a: '1', b: '1' }));
    const report = await apply(file({ b: '2' }), { now: LATER });
    expect(report.opportunities).toEqual(counts(0, 1));
    expect((await exportInstance(store)).opportunities?.[0]).toMatchObject({
      externalKeys: { a: '1', b: '2' },
      updatedAt: NOW.toISOString(),
    });
  });
});

describe('costs without ids', () => {
  const cost = { month: '2013-06', amount: 1 };
  const file = (...costs: object[]): Instance => ({
    programs: [{ id: 1, name: 'p', costs: costs as { month: string; amount: number }[] }],
  });
  const ids = async () => (await contents()).programs.flatMap(({ costs }) => costs.map(({ id }) => id));

  it('are given ids that the file does not use itself', async () => {
    await apply(file(cost, { ...cost, id: 2 }, cost));
    expect(await ids()).toEqual([1, 2, 3]);
  });

  it('keep their ids when the file is applied again', async () => {
    await apply(file(cost, cost));
    expect((await apply(file(cost, cost), { now: LATER })).programs).toEqual(counts(0, 0, 1));
    expect(await ids()).toEqual([1, 2]);
  });

  it('are new when their content is', async () => {
    await apply(file(cost));
    await apply(file({ ...cost, amount: 2 }));
    expect(await ids()).toEqual([2]);
  });

  it('never get the id of a cost that is gone', async () => {
    await apply(file(cost, { ...cost, id: 9 }));
    await apply(file());
    await apply(file(cost));
    expect(await ids()).toEqual([10]);
  });
});

describe('a file that is made exactly', () => {
  it('removes all that it does not name', async () => {
    await apply(wholeInstance);
    const report = await apply({ companies: [{ id: 2, name: '' }] }, { exact: true });
    expect(report).toEqual({
      fields: counts(0, 0, 0, 7),
      tags: counts(0, 0, 0, 2),
      channels: counts(0, 0, 0, 2),
      programs: counts(0, 0, 0, 1),
      companies: counts(0, 0, 1, 1),
      leads: counts(0, 0, 0, 2),
      opportunities: counts(0, 0, 0, 2),
      roles: counts(0, 0, 0, 2),
      workspaces: counts(0, 0, 0, 2),
      lists: counts(0, 0, 0, 3),
      campaigns: counts(0, 0, 0, 2),
      customObjectTypes: counts(0, 0, 0, 2),
      customObjects: counts(0, 0, 0, 2),
    });
    expect(await exportInstance(store)).toEqual({ companies: [{ id: 2, name: '' }] });
  });

  it('removes loose keys and tag values that it does not name', async () => {
    await apply({ tags: { t: ['a', 'b'] }, opportunities: [{ id: 1, externalKeys: { a: '1', b: '1' } }] });
    const report = await apply(
      { tags: { t: ['b'] }, opportunities: [{ id: 1, externalKeys: { b: '1' } }] },
      { exact: true },
    );
    expect([report.tags, report.opportunities]).toEqual([counts(0, 1), counts(0, 1)]);
    const { tags, opportunities } = await exportInstance(store);
    expect([tags, opportunities?.[0]?.externalKeys]).toEqual([{ t: ['b'] }, { b: '1' }]);
  });

  it('may change the type and the spelling of a field, with the values', async () => {
    await apply({ ...fields('own'), opportunities: [{ id: 1, attributes: { own: '5' } }] });
    await apply(
      {
        fields: { Opportunity: [{ name: 'Own', dataType: 'integer' }] },
        opportunities: [{ id: 1, attributes: { own: '5' } }],
      },
      { exact: true },
    );
    expect([...((await contents()).opportunities[0]?.values.entries() ?? [])]).toEqual([['Own', 5]]);
  });

  it('may change the spelling of tags and channels', async () => {
    await apply({ tags: { Region: ['North'] }, channels: { Blog: [] } });
    const file = { tags: { region: ['NORTH'] }, channels: { BLOG: [] } };
    await apply(file, { exact: true });
    expect(await exportInstance(store)).toMatchObject(file);
  });

  it('may change the spelling of a field alone, and the object is still found by it', async () => {
    const file = (name: string): Instance => ({
      ...fields(name),
      opportunities: [{ id: 1, attributes: { [name]: 'x' } }],
    });
    const found = () =>
      store.apply(
        {
          ids: {},
          keys: [{ type: 'Opportunity', name: 'own', value: 'x' }],
          newIds: {},
          depth: 1,
        },
        ({ keys }) => ({
          changes: { records: [], looseKeys: [], newFields: [] },
          answer: keys.get({ type: 'Opportunity', name: 'own', value: 'x' }),
          journal: null,
        }),
      );
    await apply(file('own'));
    expect(await found()).toEqual([1]);
    await apply(file('OWN'), { exact: true });
    expect((await exportInstance(store)).opportunities).toMatchObject([{ attributes: { OWN: 'x' } }]);
    expect(await found()).toEqual([1]);
  });

  it('may not refer to what only the store has', async () => {
    await apply({ companies: [{ id: 1, name: 'a' }] });
    expect(await refused({ leads: [{ id: 1, companyId: 1 }] }, { exact: true })).toEqual([
      'leads[0].companyId: no Company 1 in the file',
    ]);
  });

  it('never gives the ids of removed objects again', async () => {
    await apply({ opportunities: [{ id: 64 }] });
    await apply({}, { exact: true });
    const next = await store.apply(
      { ids: {}, keys: [], newIds: { Opportunity: 1 }, depth: 1 },
      ({ newIds }) => ({
        changes: { records: [], looseKeys: [], newFields: [] },
        answer: newIds.Opportunity,
        journal: null,
      }),
    );
    expect(next).toEqual([65]);
  });
});

describe('a file that is added', () => {
  it('adds what is missing and leaves what is there as it is', async () => {
    await apply({
      ...fields('own'),
      tags: { t: ['a'] },
      channels: { c: [] },
      opportunities: [{ id: 1, attributes: { Name: 'mine' } }],
    });
    const before = (await contents()).opportunities[0];
    const report = await apply(
      {
        fields: {
          Opportunity: [
            { name: 'own', dataType: 'integer' },
            { name: 'new', dataType: 'integer' },
          ],
        },
        tags: { t: ['b', 'a'], u: [] },
        channels: { c: [{ status: 's', step: 1, success: true }], d: [] },
        opportunities: [{ id: 1, attributes: { Name: 'theirs' }, externalKeys: { k: 'v' } }, { id: 2 }],
      },
      { mode: 'add', now: LATER },
    );
    expect(report).toMatchObject({
      fields: counts(1, 0, 1),
      tags: counts(1, 1),
      channels: counts(1, 0, 1),
      opportunities: counts(1, 0, 1),
    });
    const after = await contents();
    expect(after.opportunities[0]).toEqual(before);
    expect(after.looseKeys).toEqual([]);
    expect(after.schema.fields.Opportunity.find('own')?.dataType).toBe('string');
    expect([...after.schema.tags]).toEqual([
      ['t', ['a', 'b']],
      ['u', []],
    ]);
    expect(after.schema.channels.get('c')).toEqual([]);
  });

  it('reads its values as the fields are that are there', async () => {
    await apply(fields('own'));
    await apply(
      {
        fields: { Opportunity: [{ name: 'own', dataType: 'integer' }] },
        opportunities: [{ id: 1, attributes: { own: 5 } }],
      },
      { mode: 'add' },
    );
    expect((await contents()).opportunities[0]?.values.get('own')).toBe('5');
  });
});

describe('a file with a mistake that shows only against the store', () => {
  it('changes the type of a field', async () => {
    await apply(fields('own'));
    expect(await refused({ fields: { Opportunity: [{ name: 'own', dataType: 'integer' }] } })).toEqual([
      expect.stringContaining('fields.Opportunity[0].dataType: "own" is already a field of type string'),
    ]);
  });

  it.each<Partial<ApplyOptions>>([{}, { mode: 'add' }])(
    'spells tags and channels in another case, with %j',
    async (options) => {
      await apply({ tags: { Region: ['North'] }, channels: { Blog: [] } });
      expect(await refused({ tags: { region: [] }, channels: { BLOG: [] } }, options)).toEqual([
        'tags.region: "region" is spelled "Region" in the database; use that spelling',
        'channels.BLOG: "BLOG" is spelled "Blog" in the database; use that spelling',
      ]);
      expect(await refused({ tags: { Region: ['South', 'NORTH'] } }, options)).toEqual([
        'tags.Region[1]: "NORTH" is spelled "North" in the database; use that spelling',
      ]);
    },
  );

  it('gives a program the cost of another', async () => {
    const withCost = (id: number): Instance => ({
      programs: [{ id, name: 'p', costs: [{ id: 5, month: '2013-06', amount: 1 }] }],
    });
    await apply(withCost(1));
    const expected = ['programs[0].costs[0].id: cost 5 belongs to program 1 in the database'];
    expect(await refused(withCost(2))).toEqual(expected);
    expect(await refused(withCost(2), { mode: 'add' })).toEqual(expected);
    await apply({ programs: [{ id: 1, name: 'p' }, ...(withCost(2).programs ?? [])] });
    expect((await contents()).programs.map(({ costs }) => costs.length)).toEqual([0, 1]);
  });

  it('loads all programs only for a cost that no program of the file has', async () => {
    const file = (id: number): Instance => ({
      programs: [{ id: 1, name: 'p', costs: [{ id, month: '2013-06', amount: id }] }],
    });
    await apply(file(5));
    const loaded: (readonly string[] | undefined)[] = [];
    const watched = Object.create(store) as Store;
    watched.apply = (wanted, decide) => {
      loaded.push(wanted.all);
      return store.apply(wanted, decide);
    };
    await applyInstance(watched, file(5), { mode: 'make', now: NOW, timeZone: 'UTC' });
    expect(loaded).toEqual([[]]);
    await applyInstance(watched, file(6), { mode: 'make', now: NOW, timeZone: 'UTC' });
    expect(loaded).toEqual([[], [], ['Program']]);
    expect((await contents()).programs.flatMap(({ costs }) => costs.map(({ id }) => id))).toEqual([6]);
  });

  it('has them reported together with all others, with their places', async () => {
    await apply({
      companies: [{ id: 5, name: 'a' }],
      programs: [{ id: 1, name: 'p', costs: [{ id: 5, month: '2013-06', amount: 1 }] }],
    });
    const before = await exportInstance(store);
    const text = `{
  "programs": [{ "id": "3" }, { "id": 2, "name": "p", "costs": [{ "id": 5, "month": "2013-06", "amount": 1 }] }],
  "leads": [{ "id": 1, "companyId": 5 }, { "id": 2, "companyId": 6 },],
}`;
    const result = await applyInstanceText(store, text, { mode: 'make', now: NOW, timeZone: 'UTC' });
    const mistakes = 'mistakes' in result ? result.mistakes : [];
    expect(
      mistakes.map(({ path, message, place }) => `${place.line}:${place.column}: ${path}: ${message}`),
    ).toEqual([
      '2:16: programs[0].name: is missing',
      '2:18: programs[0].id: expected a whole number, not "3"',
      '2:67: programs[1].costs[0].id: cost 5 belongs to program 1 in the database',
      '3:53: leads[1].companyId: no Company 6 in the file or the database',
      '3:70: : expected a value, found "]"',
      '4:1: : expected a name in double quotes, found "}"',
    ]);
    expect(await exportInstance(store)).toEqual(before);
  });

  it('has all its mistakes told', async () => {
    expect(
      await refused({
        leads: [{ id: 1, companyId: 5 }],
        opportunities: [{ id: 1, companyId: 6, attributes: { unknown: 1 } }],
        roles: [{ id: 1, opportunityId: 1, leadId: 7 }],
      }),
    ).toHaveLength(4);
  });
});

it('a file with any text cut out is applied, or has its mistakes reported', async () => {
  const whole = JSON.stringify(wholeInstance);
  const span = fc.tuple(fc.nat(whole.length), fc.nat(60), fc.constantFrom('', '1', '""', 'null', '[]', '{}'));
  await fc.assert(
    fc.asyncProperty(span, fc.boolean(), async ([start, length, other], exact) => {
      const text = whole.slice(0, start) + other + whole.slice(start + length);
      const options = { mode: 'make', exact, dryRun: true, now: NOW, timeZone: 'UTC' } as const;
      const result = await applyInstanceText(store, text, options);
      expect('report' in result || result.mistakes.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('a dry run reports the same and changes nothing', async () => {
  const dry = await apply(wholeInstance, { dryRun: true });
  expect(await exportInstance(store)).toEqual({});
  expect(await apply(wholeInstance)).toEqual(dry);
});
