import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createActivityPages } from '../../src/local/activity-pages.ts';
import type { Records } from '../../src/records/all.ts';
import { madeTypes } from '../../src/rules/activities/activity-types.ts';
import { pruneActivities } from '../../src/store/prune-activities.ts';
import { write } from '../store/fixture.ts';
import { overAllStores, type StoreSource } from '../store/test-engines.ts';
import { openLeadFixture } from './lead-fixture.ts';
import { naivePage } from './naive-activities.ts';

const LEADS = 4;
const minute = fc.integer({ min: 0, max: 20 });
const timeOf = (at: number) => `2026-11-24T12:${String(at).padStart(2, '0')}:00.000Z`;

const activity = fc.record({
  leadId: fc.integer({ min: 1, max: LEADS }),
  type: fc.constantFrom(...madeTypes),
  /** Not in the order of the ids. */
  minute,
  /** Ids that no activity has. */
  gap: fc.constantFrom(0, 0, 0, 1, 7),
});

const query = fc.record({
  leads: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: LEADS })), { nil: undefined }),
  looksUp: fc.boolean(),
  types: fc.option(fc.uniqueArray(fc.constantFrom(...madeTypes)), { nil: undefined }),
  from: fc.option(minute, { nil: undefined }),
  to: fc.option(minute, { nil: undefined }),
  descending: fc.boolean(),
  skip: fc.constantFrom(0, 0, 0, 1, 5, 40),
  limit: fc.integer({ min: 1, max: 6 }),
  few: fc.constantFrom(0, 5, 1000),
  firstStep: fc.integer({ min: 1, max: 9 }),
});

/** Histories that are tried: some seconds of them on a quiet machine. */
const runs: Readonly<Record<StoreSource['name'], number>> = { SQLite: 100, PostgreSQL: 15, reference: 100 };

await overAllStores((source) => {
  it('pages of activities are those of a look at every one, to the end and on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(activity, { maxLength: 60 }),
        fc.array(query, { minLength: 1, maxLength: 4 }),
        fc.array(activity, { maxLength: 4 }),
        async (first, queries, later) => {
          const fixture = await openLeadFixture(source);
          try {
            await fixture.many(
              Array.from({ length: LEADS }, (_, index) => ({ Email: `l${index}@example.com` })),
            );
            const { store } = fixture;
            await pruneActivities(store, '9');
            let id = 10;
            const add = async (some: typeof first) => {
              const records = some.map(({ gap, minute: at, ...rest }): Records['Activity'] => {
                id += 1 + gap;
                const texts = { assetName: null, campaign: null, attributes: [] };
                return { id, at: timeOf(at), ...texts, ...rest };
              });
              await write(store, {
                records: records.map((after) => ({ type: 'Activity', before: undefined, after })),
              });
            };
            await add(first);
            let added: typeof first | undefined = later;
            for (const { leads, looksUp, from, to, few, firstStep, types, ...rest } of queries) {
              const pages = createActivityPages(store, { few, firstStep });
              const window = {
                ...(from === undefined ? {} : { from: timeOf(from) }),
                ...(to === undefined ? {} : { to: timeOf(to) }),
              };
              const of =
                leads === undefined ? undefined : looksUp ? { condition: inLeads(leads) } : { ids: leads };
              let { skip } = rest;
              for (let after: number | undefined; ; ) {
                const asked = {
                  ...rest,
                  skip,
                  window,
                  ...(types === undefined ? {} : { types }),
                  ...(after === undefined ? {} : { after }),
                };
                const { activities, remaining } = await pages(asked, of);
                const all = await fixture.all('Activity');
                const page = { ids: activities.map((each) => each.id), remaining };
                expect(page).toEqual(naivePage(all, asked, leads && new Set(leads)));
                skip = 0;
                after = page.ids.at(-1) ?? after;
                // What comes between two pages counts on the next.
                if (added !== undefined) await add(added);
                else if (page.ids.length < rest.limit) break;
                added = undefined;
              }
              added = later;
            }
          } finally {
            await fixture.store.close();
          }
        },
      ),
      { numRuns: runs[source.name] },
    );
  });
});

const inLeads = (leads: readonly number[]) => ({
  property: 'leadId',
  in: { type: 'Lead', property: 'id', where: [{ property: 'id', in: leads }], each: true } as const,
});
