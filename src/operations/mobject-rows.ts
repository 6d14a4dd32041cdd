import { SoapFault } from '../contract/faults.ts';
import { MAX_MOBJECTS_PER_CALL } from '../contract/fields.ts';
import type { Message, Received, UnreadableParts } from '../contract/messages.ts';
import type { OperationName } from '../contract/operations.ts';
import type { JournalEntry, JournalRow } from '../rules/facts.ts';
import type { RowResult } from '../rules/sync.ts';
import type { OperationContext } from './operation.ts';
import { refuseLostLists } from './unreadable.ts';

/**
 * The mObjects of a call: fault 20109 without a list, 20110 for over 100 and for a list of other elements
 * (docs/behaviour.md#what-ends-the-whole-call).
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

/** The answer to one row. */
export function statusRow({ row, outcome }: RowResult): Message<'MObjStatus'> {
  const { id, status, because } = outcome;
  const { echoedKey: externalKey } = row;
  if (status === 'FAILED') {
    const error = because ?? '';
    return externalKey === undefined ? { id, status, error } : { id, externalKey, status, error };
  }
  return externalKey === undefined ? { id, status } : { id, externalKey, status };
}

/** What the journal says of a call that was decided row by row. */
export function journalEntry(
  operation: OperationName,
  mode: string | null,
  results: readonly RowResult[],
  { callId, now, caller }: OperationContext,
): JournalEntry {
  return {
    callId,
    at: now.toISOString(),
    userId: caller.userId,
    operation,
    mode,
    address: caller.address,
    fault: null,
    outcomeUnknown: false,
    rows: results.map(journalRow),
  };
}

function journalRow({ row, outcome }: RowResult): JournalRow {
  const { sentType: type, echoedKey: externalKey } = row;
  const { status, id, because, changed } = outcome;
  if (externalKey === undefined) return { type, ...outcome };
  if (changed !== undefined) return { type, status, id, changed, externalKey };
  if (because !== undefined) return { type, status, id, because, externalKey };
  return { type, status, id, externalKey };
}
