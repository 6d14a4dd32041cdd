import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leadFieldDefinitions } from '../../src/contract/lead-fields.ts';
import type { Message } from '../../src/contract/messages.ts';
import { overAllStores, type StoreSource } from '../store/test-engines.ts';
import { activityFixture } from './activity-fixture.ts';
import { type LeadFixture, openLeadFixture } from './lead-fixture.ts';

const word = fc.constantFrom('x', 'Y', ' ', '');
const email = fc.constantFrom('a@example.com', 'A@example.com', 'b@example.com', 'c@example.com');

const lead = fc.record(
  {
    Email: email,
    attributes: fc.record(
      {
        Email: email,
        FirstName: word,
        LastName: word,
        Company: fc.constantFrom('Acme', 'ACME', 'Other', ' ', ''),
        LeadScore: fc.constantFrom('0', '7', '-1', ' '),
        DoNotCall: fc.constantFrom('true', 'false', '1', '0', ' '),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['Email', 'attributes'] },
);

const step = fc.record({ leads: fc.array(lead, { minLength: 1, maxLength: 5 }), isRead: fc.boolean() });

/** The values of each lead as Change Data Value writes them, by its id; those without a value are left out. */
async function valuesOf(fixture: LeadFixture): Promise<Values> {
  const companies = new Map((await fixture.all('Company')).map(({ id, name }) => [id, name]));
  return new Map(
    (await fixture.leads()).map(({ id, email: address, companyId, values }) => {
      const texts = Object.entries(values).map(([name, value]): [string, string] => [
        name,
        typeof value === 'boolean' ? String(Number(value)) : String(value),
      ]);
      const company = companyId === null ? null : companies.get(companyId);
      return [
        String(id),
        new Map([
          ...texts,
          ...(address === null ? [] : [['Email', address] as const]),
          ...(company == null ? [] : [['Company', company] as const]),
        ]),
      ];
    }),
  );
}

/** The names of fields by the display names that activities show. */
const nameOf = new Map(leadFieldDefinitions.map(({ name, displayName }) => [displayName, name]));

type Values = Map<string, Map<string, string>>;

/** Carries out what an activity tells. `made`: the values that leads had when they were created. */
function replay(leads: Values, made: Values, change: Message<'LeadChangeRecord'>): void {
  const { activityType, mktPersonId, activityAttributes } = change;
  if (activityType === 'New Lead') leads.set(mktPersonId, new Map(made.get(mktPersonId)));
  if (activityType !== 'Change Data Value') return;
  const told = new Map(activityAttributes?.attribute.map(({ attrName, attrValue }) => [attrName, attrValue]));
  const name = nameOf.get(told.get('Attribute Name') ?? '') ?? '';
  const values = leads.get(mktPersonId);
  expect(told.get('Old Value')).toBe(values?.get(name) ?? '');
  const value = told.get('New Value') ?? '';
  if (value === '') values?.delete(name);
  else values?.set(name, value);
}

/** Histories that are tried: some seconds of them on a quiet machine. */
const runs: Readonly<Record<StoreSource['name'], number>> = { SQLite: 60, PostgreSQL: 10, reference: 60 };

await overAllStores((source) => {
  it("what getLeadChanges tells, replayed, gives the leads' values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(lead, { maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (first, steps, batchSize) => {
          const fixture = await openLeadFixture(source);
          const { changes } = activityFixture(fixture.store);
          try {
            await fixture.many(first);
            const replayed = await valuesOf(fixture);
            const made = new Map(replayed);
            const last = (await fixture.all('Activity')).at(-1)?.id ?? 0;
            let startPosition: object = { offset: `ID:${last}` };
            const readOn = async () => {
              for (let remaining = 1; remaining > 0; ) {
                const page = await changes({ startPosition, batchSize });
                startPosition = page.newStartPosition;
                remaining = page.remainingCount;
                for (const each of page.leadChangeRecordList?.leadChangeRecord ?? []) {
                  replay(replayed, made, each);
                }
              }
            };
            for (const { leads, isRead } of steps) {
              for (const each of leads) {
                await fixture.many([each]);
                // The first values of a new lead are told by no change.
                for (const [id, values] of await valuesOf(fixture)) if (!made.has(id)) made.set(id, values);
              }
              if (isRead) await readOn();
            }
            await readOn();
            expect(replayed).toEqual(await valuesOf(fixture));
          } finally {
            await fixture.store.close();
          }
        },
      ),
      { numRuns: runs[source.name] },
    );
  });
});
