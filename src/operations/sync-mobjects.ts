import { enumerations, type SyncOperation } from '../contract/enumerations.ts';
import { SoapFault } from '../contract/faults.ts';
import { MAX_MOBJECTS_PER_CALL } from '../contract/fields.ts';
import type { Message } from '../contract/messages.ts';
import type { JournalEntry, JournalRow } from '../mobjects/facts.ts';
import { planSync, type SyncResult } from '../mobjects/sync.ts';
import type { Operation, OperationCall } from './operation.ts';

/**
 * syncMObjects: inserts or updates up to 100 mObjects (behaviour.md 1). Faults: 20109 for a missing list or
 * operation, 20110 for over 100 mObjects or an unknown operation value.
 */
export const syncMObjects: Operation<'syncMObjects'> = async (call, { store, settings, now, caller }) => {
  const operation = requiredOperation(call);
  const mObjects = requiredList(call);
  const plan = planSync(
    { mObjects, operation, unreadable: call.unreadable, settings, now: now.toISOString() },
    await store.schema(),
  );
  const answer = await store.apply(plan.wanted, (facts) => {
    const decision = plan.decide(facts);
    if ('more' in decision) return decision;
    const journal: JournalEntry = {
      at: now.toISOString(),
      userId: caller.userId,
      operation: 'syncMObjects',
      mode: operation,
      address: caller.address,
      fault: null,
      rows: decision.results.map(journalRow),
    };
    return { changes: decision.changes, answer: decision.results.map(statusRow), journal };
  });
  return { answer: { result: { mObjStatusList: { mObjStatus: answer } } }, journal: 'written' };
};

function requiredOperation({ params, unreadable }: OperationCall<'syncMObjects'>): SyncOperation {
  if (params.operation !== undefined) return params.operation;
  const sent = unreadable.get(params)?.find(({ element }) => element === 'operation');
  const known = enumerations.SyncOperationEnum.join(', ');
  if (sent === undefined) throw new SoapFault(20109, `operation is missing; expected one of ${known}`);
  throw new SoapFault(20110, `operation "${sent.value}"; expected one of ${known}`);
}

function requiredList({ params }: OperationCall<'syncMObjects'>) {
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

function statusRow({ row, outcome }: SyncResult): Message<'MObjStatus'> {
  const { id, status, because } = outcome;
  const externalKey = row.echoedKey === undefined ? {} : { externalKey: row.echoedKey };
  return { id, ...externalKey, status, ...(status === 'FAILED' ? { error: because ?? '' } : {}) };
}

function journalRow({ row, outcome }: SyncResult): JournalRow {
  return {
    type: row.sentType,
    ...outcome,
    ...(row.echoedKey === undefined ? {} : { externalKey: row.echoedKey }),
  };
}
