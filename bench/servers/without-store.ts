import { applyInstance } from '../../src/instance/apply.ts';
import { checkInstance } from '../../src/instance/check.ts';
import { byCounter, emptyRecordMaps } from '../../src/records/all.ts';
import type { Facts } from '../../src/rules/facts.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { instance } from '../work.ts';

/** A store that knows the companies, finds no opportunity, and keeps nothing: what is left is all but the store. */
export async function withoutStore(): Promise<Store> {
  const store = await openStore('sqlite::memory:');
  const checked = checkInstance(JSON.stringify(instance));
  if (!('instance' in checked)) throw new Error(JSON.stringify(checked.mistakes));
  await applyInstance(store, checked.instance, { mode: 'make', now: new Date(), timeZone: 'UTC' });
  const schema = await store.schema();
  const company = (await store.contents()).companies[0];
  if (company === undefined) throw new Error('The instance has no company');
  return {
    ...store,
    async apply(wanted, decide) {
      const facts: Facts = {
        records: { ...emptyRecordMaps(), Company: new Map([[company.id, company]]) },
        keys: { get: (key) => (key.type === 'Company' ? [company.id] : []), isCut: () => false },
        lookups: { get: () => [], isCut: () => false },
        newIds: {
          ...byCounter(() => []),
          Opportunity: Array.from({ length: wanted.newIds.Opportunity ?? 0 }, (_, index) => index + 1),
        },
        schema,
      };
      const decision = decide(facts);
      if ('more' in decision) throw new Error('Nothing more is known');
      return decision.answer;
    },
  };
}
