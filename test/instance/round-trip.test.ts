import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameProblem } from '../../src/contract/names.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { exportInstance } from '../../src/instance/export.ts';
import type { Instance } from '../../src/instance/shape.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import { compareKeys, objectKey } from '../../src/rules/custom-objects/object-key.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((value) => value.trim() !== '');
const name = text.map((value) => value.trim()).filter((value) => nameProblem(value) === undefined);
const id = fc.integer({ min: 1, max: 30 });
const time = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const times = { createdAt: time, updatedAt: time };
const amount = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((cents) => cents / 100);
const date = time.map((value) => value.slice(0, 10));
const folded = (value: string) => value.trim().toLowerCase();

const distinct = <Item>(item: fc.Arbitrary<Item>, selector: (item: Item) => unknown, maxLength = 4) =>
  fc.uniqueArray(item, { selector, maxLength });
const byId = <Item extends { id: number }>(item: fc.Arbitrary<Item>) =>
  distinct(item, (each) => each.id).map((items) => items.sort((a, b) => a.id - b.id));
const object = <Value>(value: fc.Arbitrary<Value>, key = name) =>
  distinct(fc.tuple(key, value), ([each]) => folded(each)).map((entries) => Object.fromEntries(entries));
const opportunityFields = [
  { name: 'aaText', dataType: 'text' as const },
  { name: 'abFlag', dataType: 'boolean' as const, displayName: 'Flag' },
  { name: 'acTime', dataType: 'datetime' as const, description: 'd' },
  { name: 'adNumber', dataType: 'float' as const },
  { name: 'aeString', dataType: 'string' as const, size: 40 },
];
const leadFields = [
  { name: 'FSPID', dataType: 'text' as const },
  { name: 'since', dataType: 'datetime' as const },
];
const values = fc.record(
  {
    Amount: amount,
    CloseDate: date,
    ExternalCreatedDate: time,
    IsWon: fc.boolean(),
    Name: text,
    Probability: fc.integer(),
    aaText: text,
    abFlag: fc.boolean(),
    acTime: time,
    adNumber: amount,
    aeString: text,
  },
  { requiredKeys: [] },
);

const objectKeys = [
  [
    { name: 'k1', dataType: 'string' as const },
    { name: 'k2', dataType: 'integer' as const },
  ],
  [{ name: 'k1', dataType: 'string' as const }],
];
const objectFields = [
  [
    { name: 'k2', dataType: 'integer' as const },
    { name: 'aaText', dataType: 'text' as const },
    { name: 'acTime', dataType: 'datetime' as const },
  ],
  [
    { name: 'acTime', dataType: 'datetime' as const },
    { name: 'aaText', dataType: 'text' as const },
    { name: 'k2', dataType: 'integer' as const },
  ],
];
const assets = <Item extends { id: number; name: string }>(item: fc.Arbitrary<Item>) =>
  byId(item).map((items) => [...new Map(items.map((each) => [folded(each.name), each])).values()]);

/** An instance in the form in which it is exported; lists that are empty are left out. */
const instances: fc.Arbitrary<Instance> = fc
  .record({
    tags: object(
      distinct(name, folded),
      name.filter((value) => folded(value) !== 'channel'),
    ),
    channels: object(
      distinct(fc.record({ status: name, step: fc.integer(), success: fc.boolean() }), ({ status }) =>
        folded(status),
      ),
    ),
    companies: byId(
      fc.record({
        id,
        name: text,
        externalKeys: object(
          text,
          name.filter((key) => folded(key) !== 'id'),
        ),
      }),
    ),
    leads: byId(
      fc.record({
        id,
        email: text,
        attributes: fc.record(
          { FirstName: text, LeadScore: fc.integer(), DoNotCall: fc.boolean(), FSPID: text, since: time },
          { requiredKeys: [] },
        ),
        ...times,
      }),
    ),
    opportunities: byId(fc.record({ id, attributes: values, externalKeys: object(text), ...times })),
    programs: byId(
      fc.record({
        id,
        name: text,
        type: text,
        treePath: text,
        archived: fc.boolean(),
        tokens: object(text),
        costs: fc.array(fc.record({ month: date.map((value) => value.slice(0, 7)), amount, note: text }), {
          maxLength: 3,
        }),
        ...times,
      }),
    ),
    roles: byId(
      fc.record(
        { id, role: text, isPrimary: fc.boolean(), externalCreatedDate: time, ...times },
        { requiredKeys: ['id', 'createdAt', 'updatedAt'] },
      ),
    ),
    workspaces: distinct(
      name.filter((value) => folded(value) !== 'default'),
      folded,
    ).map((names) => names.sort()),
    lists: assets(fc.record({ id, name })),
    campaigns: assets(
      fc.record({
        id,
        name,
        kind: fc.constantFrom('trigger' as const, 'batch' as const),
        sources: fc.constantFrom<('MKTOWS' | 'SALES')[]>([], ['MKTOWS'], ['SALES', 'MKTOWS']),
        description: text,
      }),
    ),
    customObjects: distinct(
      fc.record({
        type: name,
        keys: fc.constantFrom(...objectKeys),
        fields: fc.constantFrom(...objectFields),
        objects: distinct(
          fc.record({
            attributes: fc.record(
              { k1: text, k2: fc.integer(), aaText: text, acTime: time },
              { requiredKeys: ['k1', 'k2'] },
            ),
            ...times,
          }),
          ({ attributes: { k1 } }) => k1,
        ),
      }),
      ({ type }) => folded(type),
    ),
    pick: fc.infiniteStream(fc.nat()),
  })
  .map(({ pick, ...parts }) => connect(parts, () => Number(pick.next().value)));

type Parts = Required<
  Pick<
    Instance,
    | 'programs'
    | 'companies'
    | 'leads'
    | 'opportunities'
    | 'roles'
    | 'workspaces'
    | 'lists'
    | 'campaigns'
    | 'customObjects'
  >
> &
  Pick<Instance, 'tags' | 'channels'>;

/** Lets the parts refer to one another. */
function connect(parts: Parts, next: () => number): Instance {
  const one = <Item>(items: readonly Item[]) => items[next() % Math.max(1, items.length)];
  const { tags = {}, channels = {}, companies, leads, opportunities } = parts;
  const company = () => {
    const companyId = next() % 2 === 0 ? one(companies)?.id : undefined;
    return companyId === undefined ? {} : { companyId };
  };
  const program = () => {
    const found = next() % 2 === 0 ? one(parts.programs) : undefined;
    if (found === undefined) return {};
    const isOnly = parts.programs.filter((each) => folded(each.name) === folded(found.name)).length === 1;
    return { program: isOnly ? found.name : found.id };
  };
  const free = new Set(Array.from({ length: 6 }, (_, index) => `f${index}`));
  const take = () =>
    Array.from({ length: next() % 3 }, () => one([...free])).filter((each) => free.delete(each ?? ''));
  const owned = () => {
    const workspace = next() % 2 === 0 ? one(parts.workspaces) : undefined;
    return {
      ...(workspace === undefined ? {} : { workspace }),
      foreignIds: take().map((each = '') => ({ type: 'CUSTOM' as const, id: each })),
      cookies: take().slice(0, 1) as string[],
      crmKeys: next() % 2 === 0 ? {} : { SFDCLEADID: `k${next() % 3}` },
    };
  };
  let costId = 0;
  const usable = Object.entries(tags).filter(([, items]) => items.length > 0);
  return filled({
    fields: { Opportunity: opportunityFields, Lead: leadFields },
    tags,
    channels,
    programs: parts.programs.map(({ archived, costs = [], ...program }) => {
      const tag = one(usable);
      const channel = one(Object.keys(channels));
      return filled({
        ...program,
        ...(archived ? { archived } : {}),
        ...(channel === undefined ? {} : { channel }),
        tags: tag === undefined ? {} : { [tag[0]]: one(tag[1]) ?? '' },
        costs: costs.map((cost) => {
          costId += 1;
          return { id: costId, ...cost };
        }),
      });
    }),
    companies: companies.map(filled),
    leads: leads.map((lead) => filled({ ...lead, ...company(), ...owned() })),
    opportunities: opportunities.map((opportunity) => filled({ ...opportunity, ...company() })),
    workspaces: parts.workspaces,
    lists: parts.lists.map((list) =>
      filled({
        ...list,
        ...program(),
        members: leads.filter(() => next() % 2 === 0).map((lead) => lead.id),
      }),
    ),
    campaigns: parts.campaigns.map((campaign) => filled({ ...campaign, ...program() })),
    customObjects: parts.customObjects
      .toSorted((a, b) => (a.type < b.type ? -1 : 1))
      .map(({ type, keys, fields = [], objects = [] }) => ({
        type,
        keys,
        ...filled({
          fields: fields.filter((field) => !keys.some((key) => key.name === field.name)),
          objects: objects.toSorted((a, b) =>
            compareKeys(objectKey(keyValues(keys, a)), objectKey(keyValues(keys, b))),
          ),
        }),
      })),
    roles:
      opportunities.length === 0 || leads.length === 0
        ? []
        : parts.roles.map((role) => ({
            ...role,
            opportunityId: one(opportunities)?.id ?? 0,
            leadId: one(leads)?.id ?? 0,
          })),
  });
}

const keyValues = (
  keys: readonly { readonly name: string }[],
  { attributes }: { readonly attributes: Readonly<Record<string, string | number | boolean>> },
) => keys.map(({ name: key }) => attributes[key] ?? '');

const filled = <Item extends object>(item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).filter(([, value]) => typeof value !== 'object' || Object.keys(value).length > 0),
  ) as Item;

async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore('sqlite::memory:');
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const apply = (store: Store, instance: Instance, exact: boolean) =>
  applyInstance(store, instance, { mode: 'make', exact, now: new Date(), timeZone: 'America/Chicago' });

it('any instance is exported as it was applied, and changes nothing when it is applied again', async () => {
  await fc.assert(
    fc.asyncProperty(instances, (instance) =>
      inStore(async (store) => {
        expect(checkInstance(JSON.stringify(instance))).toEqual({ instance });
        expect(await apply(store, instance, false)).toHaveProperty('report');
        const exported = await exportInstance(store);
        expect(exported).toEqual(instance);
        const again = await apply(store, exported, true);
        const counts = 'report' in again ? Object.values(again.report) : [];
        expect(counts).toHaveLength(13);
        for (const count of counts) expect(count).toMatchObject({ created: 0, updated: 0, removed: 0 });
      }),
    ),
  );
});

it('any instance becomes any other when that is made exactly', async () => {
  await fc.assert(
    fc.asyncProperty(instances, instances, (one, other) =>
      inStore(async (store) => {
        await apply(store, one, false);
        expect(await apply(store, other, true)).toHaveProperty('report');
        expect(await exportInstance(store)).toEqual(other);
      }),
    ),
    { numRuns: 50 },
  );
});

it('an export of what calls left behind, orphans included, makes its like in a new store', async () => {
  const opportunity = {
    id: 1,
    createdAt: '2013-01-01T00:00:00.000Z',
    updatedAt: '2013-01-01T00:00:00.000Z',
    values: fieldValues('Opportunity'),
  };
  const values = fieldValues('OpportunityPersonRole', [
    ['OpportunityId', 1],
    ['PersonId', 2],
  ]);
  const exported = await inStore(async (store) => {
    const write = (records: readonly AnyRecordChange[]) =>
      store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => changesOf(records));
    await write([
      {
        type: 'Lead',
        before: undefined,
        after: {
          id: 2,
          createdAt: '2013-06-09T14:04:54.000Z',
          updatedAt: '2013-06-09T14:04:54.000Z',
          email: null,
          companyId: null,
          workspaceId: null,
          values: fieldValues('Lead'),
        },
      },
      { type: 'Opportunity', before: undefined, after: opportunity },
      { type: 'OpportunityPersonRole', before: undefined, after: { ...opportunity, id: 3, values } },
    ]);
    await write([{ type: 'Opportunity', before: opportunity, after: undefined }]);
    return exportInstance(store);
  });
  expect(exported.roles).toMatchObject([{ id: 3, opportunityId: 1, leadId: 2, orphan: true }]);
  await inStore(async (store) => {
    expect(await apply(store, exported, false)).toHaveProperty('report');
    expect(await exportInstance(store)).toEqual(exported);
  });
});

it('an export has no counters: a new store counts on from its highest id', async () => {
  const nextId = (store: Store) =>
    store.apply({ ids: {}, keys: [], newIds: { Opportunity: 1 }, depth: 1 }, ({ newIds }) => ({
      ...changesOf([]),
      answer: newIds.Opportunity[0],
    }));
  const exported = await inStore(async (store) => {
    await apply(store, { opportunities: [{ id: 1 }, { id: 64 }] }, false);
    await apply(store, { opportunities: [{ id: 1 }] }, true);
    expect(await nextId(store)).toBe(65);
    return exportInstance(store);
  });
  await inStore(async (store) => {
    await apply(store, exported, false);
    expect(await nextId(store)).toBe(2);
  });
});

const changesOf = (records: readonly AnyRecordChange[]) => ({
  changes: { records, looseKeys: [], newFields: [] },
  answer: null,
  journal: null,
});
