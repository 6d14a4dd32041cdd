import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRepeatable } from '../../src/client/repeatable.ts';
import type { Message } from '../../src/contract/messages.ts';
import { openSyncFixture, type SyncFixture } from '../operations/sync-fixture.ts';
import { openReferenceStore } from '../store/reference-store.ts';

const source = { name: 'reference' as const, openStore: async () => openReferenceStore() };
const instance = {
  fields: { Opportunity: ['K', 'L'].map((name) => ({ name, dataType: 'string' })) },
  leads: [{ id: 1, email: 'a' }, { id: 2 }],
  opportunities: [{ id: 1, attributes: { K: 'a', L: 'b' } }, { id: 2 }],
};

const text = fc.constantFrom('a', 'b', 'c');
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const present = (parts: object): object =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

const opportunity = fc
  .record({
    // Ids come from the server, so that no call names an id before it was given.
    id: optional(fc.constantFrom(1, 2)),
    externalKey: optional(fc.record({ name: fc.constantFrom('K', 'L', 'k'), value: text })),
    attribList: fc.record({
      attrib: fc.array(fc.record({ name: fc.constantFrom('K', 'L'), value: text }), { maxLength: 2 }),
    }),
  })
  .map((parts) => ({ type: 'Opportunity' as const, ...present(parts) }));

const role = fc
  .record({
    id: optional(fc.constantFrom(1, 2)),
    opportunityId: fc.constantFrom('1', '2'),
    personId: fc.constantFrom('1', '2'),
    role: text,
  })
  .map(({ id, opportunityId, personId, role: Role }) => ({
    type: 'OpportunityPersonRole' as const,
    ...present({ id }),
    attribList: {
      attrib: [
        { name: 'OpportunityId', value: opportunityId },
        { name: 'PersonId', value: personId },
        { name: 'Role', value: Role },
      ],
    },
  }));

const lead = fc
  .record({
    Id: optional(fc.constantFrom(1, 2)),
    Email: optional(fc.constantFrom('a', 'A', 'b', ' ')),
    ForeignSysPersonId: optional(text),
    attribute: fc.array(fc.record({ attrName: fc.constantFrom('Email', 'email', 'City'), attrValue: text }), {
      maxLength: 2,
    }),
  })
  .map(
    ({ attribute, ...keys }): Message<'LeadRecord'> => ({
      ...present(keys),
      leadAttributeList: { attribute },
    }),
  );

const calls = fc.oneof(
  fc.record({
    name: fc.constant('syncMObjects' as const),
    params: fc.record({
      operation: fc.constantFrom('UPSERT' as const, 'UPDATE' as const),
      mObjectList: fc.record({
        mObject: fc.array(fc.oneof({ weight: 3, arbitrary: opportunity }, role), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    }),
  }),
  fc.record({
    name: fc.constant('syncMultipleLeads' as const),
    params: fc.record({
      leadRecordList: fc.record({ leadRecord: fc.array(lead, { minLength: 1, maxLength: 3 }) }),
      dedupEnabled: fc.boolean(),
    }),
  }),
  fc.record({
    name: fc.constant('syncLead' as const),
    params: fc
      .record({ leadRecord: lead, marketoCookie: optional(fc.constantFrom('token:1', '')) })
      .map(({ marketoCookie, ...params }) => ({
        ...params,
        returnLead: false,
        ...present({ marketoCookie }),
      })),
  }),
);

type Call = typeof calls extends fc.Arbitrary<infer Made> ? Made : never;

/** What a store holds, but for times, the case of addresses, and what is recorded of calls. */
async function contentsOf({ store }: SyncFixture): Promise<unknown> {
  const { opportunities, roles, leads, leadForeignIds, leadCookies } = await store.contents();
  return {
    objects: [...opportunities, ...roles].map(({ id, values }) => [id, Object.fromEntries(values.entries())]),
    leads: leads.map(({ id, email, values }) => [
      id,
      email?.toLowerCase(),
      Object.fromEntries(values.entries()),
    ]),
    foreignIds: leadForeignIds.map(({ leadId, type, value }) => `${type} ${value}: ${leadId}`).sort(),
    cookies: leadCookies.map(({ leadId, value }) => `${value}: ${leadId}`),
  };
}

it('a call that may be repeated leaves the same behind the second time', async () => {
  let repeatable = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(calls, { maxLength: 3 }), calls, async (earlier, call) => {
      if (!isRepeatable(call.name, call.params as never)) return;
      repeatable += 1;
      const fixture = await openSyncFixture(source, instance);
      const apply = ({ name, params }: Call) => fixture.call(name, params as never).catch(() => undefined);
      for (const each of earlier) await apply(each);
      await apply(call);
      const once = await contentsOf(fixture);
      await apply(call);
      expect(await contentsOf(fixture)).toEqual(once);
    }),
    { numRuns: 1000 },
  );
  expect(repeatable).toBeGreaterThan(100);
});
