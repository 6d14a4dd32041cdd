import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SyncOperation } from '../../src/contract/enumerations.ts';
import type { StoredType } from '../../src/contract/fields.ts';
import type { Received } from '../../src/contract/messages.ts';
import { applyInstance } from '../../src/instance/apply.ts';
import type { FieldValues } from '../../src/records/field-values.ts';
import type { Store } from '../../src/store/store.ts';
import { overAllStores, type StoreSource } from '../store/test-engines.ts';
import { type NaiveSettings, type NaiveStore, naiveSync, type SentObject } from './naive-sync.ts';
import { BENCH_TIME, openSyncFixture } from './sync-fixture.ts';

const small = fc.integer({ min: 1, max: 4 });
const word = fc.constantFrom('a', 'b', 'c');
const key = (...names: string[]) => fc.record({ name: fc.constantFrom(...names), value: word });
const ofId = (ids: fc.Arbitrary<number>) => fc.option(ids, { nil: undefined, freq: 2 });

const association = fc.record(
  {
    target: fc.constantFrom('Company' as const, 'Lead' as const, 'Opportunity' as const),
    id: ofId(small),
    key: key('oppKey', 'Name', 'FSPID', 'cAccountFSID', 'nonsense', 'foreign'),
  },
  { requiredKeys: ['target', 'key'] },
);

const cleared = { arbitrary: fc.constantFrom(' ', ''), weight: 1 };
const attributes = (names: Record<string, fc.Arbitrary<string>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(names).map(([name, value]) => [
        name,
        fc.oneof({ arbitrary: value, weight: 8 }, cleared),
      ]),
    ),
    { requiredKeys: [] },
  );

const opportunity = fc.record({
  type: fc.constant('Opportunity' as const),
  id: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 }),
  key: fc.option(key('oppKey', 'oppKey', 'Name', 'nonsense', 'foreign'), { nil: undefined, freq: 1 }),
  attributes: attributes({
    Name: word,
    Stage: word,
    oppKey: word,
    CompanyId: small.map(String),
    nonsense: word,
    foreign: word,
  }),
  associations: fc.array(association, { maxLength: 1 }),
  costs: fc.constant([]),
});

const role = fc.record({
  type: fc.constant('OpportunityPersonRole' as const),
  id: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 4 }),
  key: fc.option(key('Role', 'Role', 'nonsense'), { nil: undefined, freq: 4 }),
  attributes: attributes({
    OpportunityId: small.map(String),
    PersonId: small.map(String),
    Role: word,
    IsPrimary: fc.constantFrom('true', 'false'),
    nonsense: word,
  }),
  associations: fc.uniqueArray(association, { maxLength: 2, selector: ({ target }) => target }),
  costs: fc.constant([]),
});

const program = fc.record({
  type: fc.constant('Program' as const),
  id: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 8 }),
  key: fc.constant(undefined),
  attributes: fc.constant({}),
  associations: fc.constant([]),
  costs: fc.array(
    fc.record({
      id: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      month: fc.constantFrom('2013-06-01', '2013-07-01'),
      amount: fc.constantFrom('1', '2'),
    }),
    { maxLength: 3 },
  ),
});

const call = fc.record({
  operation: fc.constantFrom<SyncOperation>('INSERT', 'UPDATE', 'UPSERT', 'UPSERT'),
  objects: fc.array(
    fc.oneof({ arbitrary: opportunity, weight: 4 }, { arbitrary: role, weight: 4 }, program),
    {
      maxLength: 12,
    },
  ),
});

/** A field that `mktows fields add` defines between two calls. */
const definition = fc.record({
  owner: fc.constantFrom('Opportunity' as const, 'OpportunityPersonRole' as const),
  name: fc.constantFrom('nonsense', 'foreign'),
});

const settings = fc.record<NaiveSettings>({
  unknownFields: fc.constantFrom('create', 'fail', 'ignore'),
  externalKeys: fc.constantFrom('any', 'known'),
});

function toMObject(sent: SentObject): Received<'MObject'> {
  return {
    type: sent.type,
    ...(sent.id === undefined ? {} : { id: sent.id }),
    ...(sent.key === undefined ? {} : { externalKey: sent.key }),
    attribList: { attrib: Object.entries(sent.attributes).map(([name, value = '']) => ({ name, value })) },
    associationList: {
      mObjAssociation: sent.associations.map(({ target, id, key }) => ({
        mObjType: target,
        ...(id === undefined ? {} : { id }),
        ...(key === undefined ? {} : { externalKey: key }),
      })),
    },
    typeAttribList: {
      typeAttrib: sent.costs.map(({ id, month, amount }) => ({
        attrType: 'Cost',
        attrList: {
          attrib: [
            { name: 'Month', value: month },
            { name: 'Amount', value: amount },
            ...(id === undefined ? [] : [{ name: 'Id', value: String(id) }]),
          ],
        },
      })),
    },
  };
}

function emptyModel(chosen: NaiveSettings): NaiveStore {
  return {
    settings: chosen,
    fields: {
      Opportunity: new Set(['Name', 'Stage', 'CompanyId', 'oppKey']),
      OpportunityPersonRole: new Set(['Role', 'OpportunityId', 'PersonId', 'IsPrimary']),
    },
    Opportunity: [],
    OpportunityPersonRole: [],
    Program: [
      { id: 1, costs: [{ id: 1, month: '2013-06-01', amount: '1' }] },
      { id: 2, costs: [] },
    ],
    leads: [
      { id: 1, companyId: 1, attributes: { FSPID: 'a', cAccountFSID: 'b' } },
      { id: 2, companyId: 2, attributes: { FSPID: 'b', cAccountFSID: 'c' } },
      { id: 3, companyId: null, attributes: { FSPID: 'b', cAccountFSID: 'b' } },
    ],
    companies: [
      { id: 1, keys: { cAccountFSID: 'a' } },
      { id: 2, keys: { cAccountFSID: 'a' } },
    ],
    last: { Opportunity: 0, OpportunityPersonRole: 0, Cost: 1, Company: 2 },
  };
}

const texts = (values: FieldValues) =>
  Object.fromEntries([...values.entries()].map(([name, value]) => [name, String(value)]));

interface Call {
  readonly operation: SyncOperation;
  readonly objects: SentObject[];
}
type Step = Call | { readonly owner: StoredType; readonly name: string };

const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ arbitrary: call, weight: 5 }, { arbitrary: definition, weight: 1 }),
  {
    minLength: 1,
    maxLength: 7,
  },
);

async function define(store: Store, { owner, name }: { owner: StoredType; name: string }): Promise<void> {
  const fields = { [owner]: [{ name, dataType: 'string' as const }] };
  const result = await applyInstance(store, { fields }, { mode: 'add', now: BENCH_TIME, timeZone: 'UTC' });
  expect(result).toHaveProperty('report');
}

/** Histories that are tried: some seconds of them on a quiet machine. */
const runs = { SQLite: 300, PostgreSQL: 60, reference: 300 };

const doesAsModel = (
  source: StoreSource,
  histories: fc.Arbitrary<Step[]>,
  chosenSettings: fc.Arbitrary<NaiveSettings>,
) =>
  fc.assert(
    fc.asyncProperty(histories, chosenSettings, async (steps, chosen) => {
      const model = emptyModel(chosen);
      const instance = {
        fields: { Opportunity: [{ name: 'oppKey', dataType: 'string' }] },
        programs: model.Program.map(({ id, costs }) => ({
          id,
          name: `Program ${id}`,
          type: 'Marketing Event',
          costs: costs.map((cost) => ({ id: cost.id, month: '2013-06', amount: Number(cost.amount) })),
        })),
        companies: model.companies.map(({ id, keys }) => ({ id, name: `Company ${id}`, externalKeys: keys })),
        leads: model.leads.map(({ id, companyId, attributes: all }) => ({
          id,
          ...(companyId === null ? {} : { companyId }),
          attributes: all,
        })),
      };
      const fixture = await openSyncFixture(source, instance, chosen);
      try {
        for (const step of steps) {
          if ('owner' in step) {
            await define(fixture.store, step);
            model.fields[step.owner].add(step.name);
            continue;
          }
          const { operation, objects } = step;
          const rows = await fixture.sync(operation, objects.map(toMObject));
          const expected = naiveSync(model, objects, operation);
          expect(rows.map(({ id, status }) => ({ id, status }))).toEqual(expected);
        }
        const contents = await fixture.store.contents();
        const stored = (type: StoredType, rows: typeof contents.roles) =>
          rows.map(({ id, values }) => {
            const loose = contents.looseKeys.filter((each) => each.type === type && each.id === id);
            return {
              id,
              values: texts(values),
              loose: Object.fromEntries(loose.map((each) => [each.name, each.value])),
            };
          });
        expect(stored('Opportunity', contents.opportunities)).toEqual(model.Opportunity);
        expect(stored('OpportunityPersonRole', contents.roles)).toEqual(model.OpportunityPersonRole);
        expect(contents.leads.map(({ id, companyId }) => ({ id, companyId }))).toEqual(
          model.leads.map(({ id, companyId }) => ({ id, companyId })),
        );
        expect(
          contents.programs.map(({ id, costs }) => ({
            id,
            costs: costs.map((cost) => ({ id: cost.id, month: cost.month, amount: String(cost.amount) })),
          })),
        ).toEqual(model.Program);
      } finally {
        await fixture.store.close();
      }
    }),
    { numRuns: runs[source.name] },
  );

/** Objects that are all about one key, which is no field at first. */
const foreign = fc.record({ name: fc.constant('foreign'), value: fc.constantFrom('a', 'b') });
const foreignOpportunity = fc.record({
  type: fc.constant('Opportunity' as const),
  id: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 5 }),
  key: fc.option(foreign, { nil: undefined, freq: 5 }),
  attributes: fc.record({ foreign: fc.constantFrom('a', 'b', 'c', ' '), Name: word }, { requiredKeys: [] }),
  associations: fc.constant([]),
  costs: fc.constant([]),
});
const foreignRole = fc.record({
  type: fc.constant('OpportunityPersonRole' as const),
  attributes: fc.record({ PersonId: fc.constant('1') }),
  associations: fc.tuple(fc.record({ target: fc.constant('Opportunity' as const), key: foreign })),
  costs: fc.constant([]),
});
const foreignSteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        operation: fc.constantFrom<SyncOperation>('UPSERT', 'UPSERT', 'UPDATE', 'INSERT'),
        objects: fc.array(fc.oneof({ arbitrary: foreignOpportunity, weight: 3 }, foreignRole), {
          maxLength: 5,
        }),
      }),
      weight: 6,
    },
    fc.constant({ owner: 'Opportunity' as const, name: 'foreign' }),
  ),
  { minLength: 1, maxLength: 6 },
);
/** Two objects that have the key, before anything else happens. */
const holders: Call = {
  operation: 'UPSERT',
  objects: ['a', 'b'].map((value) => ({
    type: 'Opportunity',
    key: { name: 'foreign', value },
    attributes: {},
    associations: [],
    costs: [],
  })),
};
const foreignSettings = fc.record<NaiveSettings>({
  unknownFields: fc.constantFrom('create', 'fail'),
  externalKeys: fc.constant('any'),
});

await overAllStores((source) => {
  it('any sequence of calls does what one object at a time would do', { timeout: 300_000 }, () =>
    doesAsModel(source, history, settings),
  );

  it(
    'a key that becomes a field leads to its objects as one object at a time would have it',
    {
      timeout: 300_000,
    },
    () =>
      doesAsModel(
        source,
        foreignSteps.map((steps) => [holders, ...steps]),
        foreignSettings,
      ),
  );
});
