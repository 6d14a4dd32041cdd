import type { CallInfo, ListBackend } from '../backend.ts';
import { planListOperation } from '../rules/lists/list-operation.ts';
import { unknownList } from '../rules/lists/static-list.ts';
import type { Objects } from '../store/store.ts';
import { findList, findTarget } from './find-list.ts';
import { journalEntry } from './journal-entry.ts';
import { lastImport } from './last-import.ts';
import { importRows } from './list-import.ts';
import type { Turns } from './turns.ts';

/**
 * Returns the static lists of this server's store, for one call. `imports`: shared by all calls. `hasValues`: the journal
 * gets the values that changed, too.
 */
export function createListBackend(
  store: Objects,
  imports: Turns,
  info: CallInfo,
  hasValues: boolean,
): ListBackend {
  return {
    async staticListId(named) {
      const list = await findList(store, named);
      if (list === undefined) throw unknownList(named);
      return list.id;
    },
    async listOperation({ listName, settings, ...call }) {
      const target = await findTarget(store, listName, settings.undefinedNames === 'create');
      const plan = planListOperation({ ...call, target });
      const { operation: mode, now: at } = call;
      const journaled = { ...info, operation: 'listOperation', mode, at } as const;
      return store.apply(plan.wanted, (facts) => {
        const decision = plan.decide(facts);
        if ('more' in decision) return decision;
        const { changes, results } = decision;
        const journal = mode === 'ISMEMBEROFLIST' ? null : journalEntry(journaled, results, hasValues);
        return { changes, answer: results, journal };
      });
    },
    importToList: (call) => importRows({ store, inTurn: imports, info, hasValues }, call),
    lastImport: (list) => lastImport(store, list),
  };
}
