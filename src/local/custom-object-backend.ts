import type { CallInfo, CustomObjectBackend } from '../backend.ts';
import type { CustomObjectDecision, CustomObjectResults } from '../rules/custom-objects/custom-object-row.ts';
import { planDeleteCustomObjects } from '../rules/custom-objects/delete-custom-objects.ts';
import { planSyncCustomObjects } from '../rules/custom-objects/sync-custom-objects.ts';
import type { Decision } from '../rules/facts.ts';
import type { Objects } from '../store/store.ts';
import { findCustomObjects } from './find-custom-objects.ts';
import { type JournaledCall, journalEntry } from './journal-entry.ts';

/** Returns the custom objects of this server's store. `hasValues`: see `createLocalBackend`. */
export function createCustomObjectBackend(
  store: Objects,
  info: CallInfo,
  hasValues: boolean,
): CustomObjectBackend {
  function withJournal(decision: CustomObjectDecision, call: JournaledCall): Decision<CustomObjectResults> {
    if ('more' in decision) return decision;
    const { changes, typeName, results } = decision;
    return { changes, answer: { typeName, results }, journal: journalEntry(call, results, hasValues) };
  }

  return {
    async syncCustomObjects(call) {
      const { operation: mode, now: at } = call;
      const plan = planSyncCustomObjects(call);
      const journaled = { ...info, operation: 'syncCustomObjects', mode, at } as const;
      return store.apply(plan.wanted, (facts) => withJournal(plan.decide(facts), journaled));
    },
    async deleteCustomObjects(call) {
      const plan = planDeleteCustomObjects(call);
      const journaled = { ...info, operation: 'deleteCustomObjects', mode: null, at: call.now } as const;
      return store.apply(plan.wanted, (facts) => withJournal(plan.decide(facts), journaled));
    },
    async customObjectType(name) {
      const where = [{ property: 'nameKey', equals: name.trim() }];
      const { records } = await store.list({ type: 'CustomObjectType', where, descending: true, limit: 1 });
      return records[0];
    },
    findCustomObjects: (query) => findCustomObjects(store, query),
  };
}
