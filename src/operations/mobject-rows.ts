import { SoapFault } from '../contract/faults.ts';
import { MAX_MOBJECTS_PER_CALL } from '../contract/fields.ts';
import type { Message, Received, UnreadableParts } from '../contract/messages.ts';
import type { RowResult } from '../rules/sync.ts';
import type { OperationOutcome } from './operation.ts';
import { refuseLostLists } from './unreadable.ts';

/**
 * Returns the mObjects of a call. Throws fault 20109 if the list is missing, 20110 if it has over 100 mObjects or
 * only other elements (docs/behaviour.md#what-ends-the-whole-call).
 */
export function requiredMObjects({
  params,
  unreadable,
}: {
  params: { mObjectList?: Received<'ArrayOfMObject'> };
  unreadable: UnreadableParts;
}): readonly Received<'MObject'>[] {
  refuseLostLists(unreadable);
  if (params.mObjectList === undefined) {
    throw new SoapFault(20109, 'mObjectList is missing; an empty one is accepted');
  }
  const mObjects = params.mObjectList.mObject;
  if (mObjects.length > MAX_MOBJECTS_PER_CALL) {
    throw new SoapFault(
      20110,
      `mObjectList has ${mObjects.length} mObjects; at most ${MAX_MOBJECTS_PER_CALL} are accepted in a call`,
    );
  }
  return mObjects;
}

/** Returns the outcome of a call whose backend has answered and journaled each row. */
export function rowsOutcome(
  mode: string | null,
  results: readonly RowResult[],
): OperationOutcome<'syncMObjects' | 'deleteMObjects'> {
  const rows = results.map(statusRow);
  return { answer: { result: { mObjStatusList: { mObjStatus: rows } } }, mode, rows, isJournaled: true };
}

function statusRow({ row, outcome }: RowResult): Message<'MObjStatus'> {
  const { id, status, reason } = outcome;
  const { echoedKey: externalKey } = row;
  if (status === 'FAILED') {
    const error = reason ?? '';
    return externalKey === undefined ? { id, status, error } : { id, externalKey, status, error };
  }
  return externalKey === undefined ? { id, status } : { id, externalKey, status };
}
