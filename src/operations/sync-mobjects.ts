import { enumerations, type SyncOperation } from '../contract/enumerations.ts';
import { enumerationFault } from './enumeration-parameter.ts';
import { requiredMObjects, rowsOutcome } from './mobject-rows.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * syncMObjects: inserts or updates up to 100 mObjects (docs/behaviour.md#1-a-call-of-syncmobjects). Faults: 20109 for
 * a missing list or operation, 20110 for over 100 mObjects or an unknown operation.
 */
export const syncMObjects: Operation<'syncMObjects'> = async (call, { backend, settings, now }) => {
  const operation = requiredOperation(call);
  const mObjects = requiredMObjects(call);
  const { unreadable } = call;
  const results = await backend.sync({ mObjects, operation, unreadable, settings, now: now.toISOString() });
  return rowsOutcome(operation, results);
};

function requiredOperation(call: OperationCall<'syncMObjects'>): SyncOperation {
  const { operation } = call.params;
  if (operation !== undefined) return operation;
  throw enumerationFault(call, 'operation', enumerations.SyncOperationEnum);
}
