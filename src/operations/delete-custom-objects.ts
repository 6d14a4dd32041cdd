import { outcomeRows, requiredObjects, requiredTypeName, statusRows } from './custom-object-rows.ts';
import type { Operation } from './operation.ts';
import { refuseLostLists } from './unreadable.ts';

/**
 * deleteCustomObjects: deletes up to 100 custom objects of one type by all their keys
 * (docs/behaviour-leads.md#deletecustomobjects). Faults: 20109 for a missing type or list, 20110 for an unknown type
 * or over 100 objects.
 */
export const deleteCustomObjects: Operation<'deleteCustomObjects'> = async (
  { params, unreadable },
  { backend, settings, now },
) => {
  refuseLostLists(unreadable);
  const typeName = requiredTypeName(params);
  const keys = requiredObjects('customObjKeyLists', params.customObjKeyLists?.keyList);
  const at = now.toISOString();
  const results = await backend.deleteCustomObjects({ typeName, keys, unreadable, settings, now: at });
  const syncCustomObjStatus = statusRows(results, keys);
  return {
    answer: { result: { deleteCustomObjStatusList: { syncCustomObjStatus } } },
    mode: null,
    rows: outcomeRows(results),
    isJournaled: true,
  };
};
