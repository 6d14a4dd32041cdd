import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Records, RecordType } from '../../src/records/all.ts';
import { fieldValues } from '../../src/records/field-values.ts';
import { overAllStores } from '../store/test-engines.ts';
import { leadAt, putRecords, type Stored } from './put-records.ts';
import { BENCH_TIME, openSyncFixture } from './sync-fixture.ts';

const LEADS = 6;
const leadId = fc.integer({ min: 1, max: LEADS });
const word = fc.constantFrom('a', 'b', 'c');
const crmType = fc.constantFrom('SFDCLEADID', 'SFDCCONTACTID');

/** Everything that a lead can have, as short lists. Position and id agree. */
interface Model {
  leads: { id: number; email: string | null; companyId: number | null; values: Record<string, string> }[];
  foreignIds: { id: number; leadId: number; value: string }[];
  cookies: { id: number; leadId: number; value: string }[];
  crmKeys: { id: number; leadId: number; type: string; key: string }[];
  members: { id: number; leadId: number; listId: number }[];
  roles: { id: number; leadId: number; opportunityId: number; role: string | undefined }[];
  activities: { id: number; leadId: number; text: string }[];
}

const numbered = <Item extends object>(
  item: fc.Arbitrary<Item>,
  isSame: (a: Item, b: Item) => boolean = () => false,
) =>
  fc
    .uniqueArray(item, { maxLength: 8, comparator: isSame })
    .map((items) => items.map((each, index) => ({ id: index + 1, ...each })));

const model: fc.Arbitrary<Model> = fc.record({
  leads: fc
    .array(
      fc.record({
        email: fc.option(word.map((name) => `${name}@x.org`)),
        companyId: fc.option(fc.integer({ min: 1, max: 2 })),
        values: fc.dictionary(fc.constantFrom('FirstName', 'City', 'Title', 'Company'), word, {
          noNullPrototype: true,
        }),
      }),
      { minLength: LEADS, maxLength: LEADS },
    )
    .map((leads) => leads.map((lead, index) => ({ id: index + 1, ...lead }))),
  foreignIds: numbered(fc.record({ leadId, value: fc.uuid() })),
  cookies: numbered(fc.record({ leadId, value: fc.uuid() })),
  crmKeys: numbered(
    fc.record({ leadId, type: crmType, key: word }),
    (a, b) => a.leadId === b.leadId && a.type === b.type,
  ),
  members: numbered(
    fc.record({ leadId, listId: fc.integer({ min: 1, max: 3 }) }),
    (a, b) => a.leadId === b.leadId && a.listId === b.listId,
  ),
  roles: numbered(
    fc.record({
      leadId,
      opportunityId: fc.integer({ min: 1, max: 2 }),
      role: fc.option(word, { nil: undefined }),
    }),
  ),
  activities: numbered(fc.record({ leadId, text: word })),
});

const keyOf = fc.oneof(
  { arbitrary: leadId.map((id): [string, string] => ['IDNUM', String(id)]), weight: 5 },
  word.map((name): [string, string] => ['EMAIL', `${name.toUpperCase()}@x.org`]),
  fc.tuple(crmType, word),
);
const call = fc.record({ winner: keyOf, losers: fc.array(keyOf, { maxLength: 4 }) });

function naiveLead(state: Model, [type, value]: [string, string]): number | undefined {
  const holders =
    type === 'IDNUM'
      ? state.leads.filter(({ id }) => id === Number(value))
      : type === 'EMAIL'
        ? state.leads.filter(({ email }) => email === value.toLowerCase())
        : state.leads.filter(({ id }) =>
            state.crmKeys.some((each) => each.leadId === id && each.type === type && each.key === value),
          );
  return holders.at(-1)?.id;
}

/** Merges step by step; returns the losers, or undefined if the call fails. */
function naiveMerge(
  state: Model,
  winnerKey: [string, string],
  loserKeys: [string, string][],
): number[] | undefined {
  const winnerId = naiveLead(state, winnerKey);
  const losers = [...new Set(loserKeys.map((key) => naiveLead(state, key)))];
  const winner = state.leads.find(({ id }) => id === winnerId);
  if (winner === undefined || losers.length === 0 || losers.includes(undefined) || losers.includes(winnerId))
    return undefined;
  const newest = state.foreignIds.filter((each) => each.leadId === winner.id).at(-1);
  let isFilled = false;
  for (const loserId of losers as number[]) {
    const loser = state.leads.find(({ id }) => id === loserId);
    if (loser === undefined) throw new Error('no loser');
    const hadCompany = winner.companyId !== null || winner.values.Company !== undefined;
    if (winner.email === null && loser.email !== null) [winner.email, isFilled] = [loser.email, true];
    if (!hadCompany && loser.companyId !== null) [winner.companyId, isFilled] = [loser.companyId, true];
    for (const [name, value] of Object.entries(loser.values)) {
      if (winner.values[name] !== undefined || (name === 'Company' && hadCompany)) continue;
      winner.values[name] = value;
      isFilled = true;
    }
    const give = <Item extends { leadId: number }>(
      items: Item[],
      isKnown: (item: Item) => boolean = () => false,
    ) => {
      const kept = items.filter((each) => each.leadId !== loserId || !isKnown(each));
      for (const each of kept) if (each.leadId === loserId) each.leadId = winner.id;
      return kept;
    };
    const own = <Item extends { leadId: number }>(items: Item[]) =>
      items.filter((each) => each.leadId === winner.id);
    state.foreignIds = give(state.foreignIds);
    state.cookies = give(state.cookies);
    const types = own(state.crmKeys).map(({ type }) => type);
    state.crmKeys = give(state.crmKeys, ({ type }) => types.includes(type));
    const lists = own(state.members).map(({ listId }) => listId);
    state.members = give(state.members, ({ listId }) => lists.includes(listId));
    const seen = new Set(own(state.roles).map(({ opportunityId, role }) => `${opportunityId} ${role}`));
    state.roles = give(state.roles, ({ opportunityId, role }) => {
      const isKnown = seen.has(`${opportunityId} ${role}`);
      seen.add(`${opportunityId} ${role}`);
      return isKnown;
    });
    state.activities = give(state.activities);
    state.leads = state.leads.filter(({ id }) => id !== loserId);
  }
  const last = state.foreignIds.filter((each) => each.leadId === winner.id).at(-1);
  if (newest !== undefined && last !== newest) {
    state.foreignIds = [...state.foreignIds.filter((each) => each !== newest), newest];
  }
  const text = `${losers.join(', ')} ${isFilled}`;
  state.activities.push({ id: state.activities.length + 1, leadId: winner.id, text });
  return losers as number[];
}

const at = BENCH_TIME.toISOString();
const stored = ({ leads, foreignIds, cookies, crmKeys, members, roles, activities }: Model): Stored[] => [
  ...leads.map(({ id, ...lead }) => leadAt(id, 0, lead)),
  ...foreignIds.map((each): Stored => ({ type: 'LeadForeignId', record: { ...each, type: 'CUSTOM' } })),
  ...cookies.map((record): Stored => ({ type: 'LeadCookie', record })),
  ...crmKeys.map((each): Stored => ({ type: 'LeadCrmKey', record: { ...each, value: each.key } })),
  ...members.map((each): Stored => ({ type: 'ListMember', record: { ...each, addedAt: at } })),
  ...roles.map(({ id, leadId, opportunityId, role }): Stored => {
    const values = fieldValues('OpportunityPersonRole', [
      ['OpportunityId', opportunityId],
      ['PersonId', leadId],
      ...(role === undefined ? [] : [['Role', role] as const]),
    ]);
    return { type: 'OpportunityPersonRole', record: { id, createdAt: at, updatedAt: at, values } };
  }),
  ...activities.map(
    ({ id, leadId, text }): Stored => ({
      type: 'Activity',
      record: {
        id,
        leadId,
        type: 'NewLead',
        at,
        assetName: null,
        campaign: null,
        attributes: [['text', text]],
      },
    }),
  ),
];

/** What the rows of a type are, without the ids where those are given anew. */
function describeModel({ leads, foreignIds, cookies, crmKeys, members, roles, activities }: Model) {
  return {
    leads: leads.map(({ id, email, companyId, values }) => [id, email, companyId, values]),
    foreignIds: foreignIds.map(({ leadId, value }) => [leadId, value]),
    cookies: cookies.map(({ leadId, value }) => [leadId, value]),
    crmKeys: crmKeys.map(({ leadId, type, key }) => [leadId, type, key]),
    members: members.map(({ leadId, listId }) => [leadId, listId]),
    roles: roles.map(({ leadId, opportunityId, role }) => [leadId, opportunityId, role]),
    activities: activities.map(({ leadId, text }) => [leadId, text]),
  };
}

await overAllStores((source) => {
  it('merges end as a naive model says', async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.array(call, { maxLength: 4 }), async (state, calls) => {
        const fixture = await openSyncFixture(source, {
          companies: [1, 2].map((id) => ({ id, name: `C${id}` })),
          opportunities: [{ id: 1 }, { id: 2 }],
        });
        const all = async <Type extends RecordType>(type: Type): Promise<readonly Records[Type][]> =>
          (await fixture.store.list({ type, where: [], limit: 1000 })).records;
        try {
          await putRecords(fixture.store, [
            ...[1, 2, 3].map(
              (id): Stored => ({ type: 'StaticList', record: { id, name: `L${id}`, programId: null } }),
            ),
            ...stored(state),
          ]);
          const list = (keys: [string, string][]) => ({
            attribute: keys.map(([attrName, attrValue]) => ({ attrName, attrValue })),
          });
          for (const { winner, losers } of calls) {
            const expected = naiveMerge(state, winner, losers);
            const { answer } = await fixture.call('mergeLeads', {
              winningLeadKeyList: list([winner]),
              losingLeadKeyLists: { keyList: losers.map((key) => list([key])) },
            });
            expect(answer.result.mergeStatus.losingLeadIdList?.integerItem).toEqual(expected);
          }
          const leads = await all('Lead');
          const found: Model = {
            leads: leads.map(({ id, email, companyId, values }) => ({
              id,
              email,
              companyId,
              values: Object.fromEntries(values.entries()) as Record<string, string>,
            })),
            foreignIds: [...(await all('LeadForeignId'))],
            cookies: [...(await all('LeadCookie'))],
            crmKeys: [...(await all('LeadCrmKey'))],
            members: [...(await all('ListMember'))],
            roles: (await all('OpportunityPersonRole')).map(({ id, values }) => ({
              id,
              leadId: Number(values.get('PersonId')),
              opportunityId: Number(values.get('OpportunityId')),
              role: values.get('Role') as string | undefined,
            })),
            activities: (await all('Activity')).map(({ id, leadId, type, attributes }) => ({
              id,
              leadId,
              text:
                type === 'MergeLeads'
                  ? `${attributes[0]?.[1]} ${attributes[1]?.[1]}`
                  : String(attributes[0]?.[1]),
            })),
          };
          expect(describeModel(found)).toEqual(describeModel(state));
        } finally {
          await fixture.store.close();
        }
      }),
      { numRuns: source.name === 'PostgreSQL' ? 15 : 100 },
    );
  }, 120_000);
});
