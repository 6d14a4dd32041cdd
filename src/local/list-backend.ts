import type { ListBackend } from '../backend.ts';
import { planListOperation } from '../rules/lists/list-operation.ts';
import { unknownList } from '../rules/lists/static-list.ts';
import type { Objects } from '../store/store.ts';
import type { Turns } from '../store/turns.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal } from './call-journal.ts';
import { findList, findTarget } from './find-list.ts';
import { lastImport } from './last-import.ts';
import { importRows } from './list-import.ts';

/** Returns the static lists of this server's store, for one call. `imports`: shared by all calls. */
export function createListBackend(store: Objects, journal: CallJournal, imports: Turns): ListBackend {
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
      const operation = { operation: 'listOperation', mode, at } as const;
      return applyPlan(store, plan, ({ results }) => ({
        answer: results,
        journal: mode === 'ISMEMBEROFLIST' ? null : journal(operation, results),
      }));
    },
    importToList: (call) => importRows({ store, journal, inTurn: imports }, call),
    lastImport: (list) => lastImport(store, list),
  };
}
