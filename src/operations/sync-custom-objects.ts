import { enumerations, type SyncOperation } from '../contract/enumerations.ts';
import { outcomeRows, requiredObjects, requiredTypeName, statusRows } from './custom-object-rows.ts';
import { enumerationFault, unknownValue } from './enumeration-parameter.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refuseLostLists } from './unreadable.ts';

/**
 * syncCustomObjects: inserts or updates up to 100 custom objects of one type
 * (docs/behaviour-leads.md#synccustomobjects). Faults: 20109 for a missing type or list, 20110 for an unknown type or
 * operation or over 100 objects.
 */
export const syncCustomObjects: Operation<'syncCustomObjects'> = async (call, { backend, settings, now }) => {
  const { params, unreadable } = call;
  refuseLostLists(unreadable);
  const typeName = requiredTypeName(params);
  const objects = requiredObjects('customObjList', params.customObjList?.customObj);
  const operation = readOperation(call);
  const results = await backend.syncCustomObjects({
    typeName,
    objects,
    operation,
    unreadable,
    settings,
    now: now.toISOString(),
  });
  const keys = objects.map(({ customObjKeyList }) => customObjKeyList);
  const syncCustomObjStatus = statusRows(results, keys);
  return {
    answer: { result: { syncCustomObjStatusList: { syncCustomObjStatus } } },
    mode: operation,
    rows: outcomeRows(results),
    isJournaled: true,
  };
};

function readOperation(call: OperationCall<'syncCustomObjects'>): SyncOperation {
  if (unknownValue(call, 'operation') === undefined) return call.params.operation ?? 'UPSERT';
  throw enumerationFault(call, 'operation', enumerations.SyncOperationEnum);
}
