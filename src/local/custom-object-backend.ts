import type { CustomObjectBackend } from '../backend.ts';
import type { CustomObjectResults } from '../rules/custom-objects/custom-object-row.ts';
import { planDeleteCustomObjects } from '../rules/custom-objects/delete-custom-objects.ts';
import { planSyncCustomObjects } from '../rules/custom-objects/sync-custom-objects.ts';
import type { Plan } from '../rules/plan.ts';
import type { Objects } from '../store/store.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal, JournaledOperation } from './call-journal.ts';
import { findCustomObjects } from './find-custom-objects.ts';

/** Returns the custom objects of this server's store, for one call. */
export function createCustomObjectBackend(store: Objects, journal: CallJournal): CustomObjectBackend {
  const applied = (operation: JournaledOperation, plan: Plan<CustomObjectResults>) =>
    applyPlan(store, plan, ({ typeName, results }) => ({
      answer: { typeName, results },
      journal: journal(operation, results),
    }));

  return {
    async syncCustomObjects(call) {
      const { operation: mode, now: at } = call;
      return applied({ operation: 'syncCustomObjects', mode, at }, planSyncCustomObjects(call));
    },
    async deleteCustomObjects(call) {
      const operation = { operation: 'deleteCustomObjects', mode: null, at: call.now } as const;
      return applied(operation, planDeleteCustomObjects(call));
    },
    async customObjectType(name) {
      const where = [{ property: 'nameKey', equals: name.trim() }];
      const { records } = await store.list({ type: 'CustomObjectType', where, descending: true, limit: 1 });
      return records[0];
    },
    findCustomObjects: (query) => findCustomObjects(store, query),
  };
}
