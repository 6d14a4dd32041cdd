import { decideDelete, nothingWanted } from '../rules/delete.ts';
import { journalEntry, requiredMObjects, statusRow } from './mobject-rows.ts';
import type { Operation } from './operation.ts';

/**
 * deleteMObjects: deletes up to 100 opportunities and roles by id or external key (docs/behaviour.md#deletemobjects).
 * Faults: 20109 for a missing list, 20110 for over 100 mObjects.
 */
export const deleteMObjects: Operation<'deleteMObjects'> = async (sent, context) => {
  const { store, settings, now } = context;
  const mObjects = requiredMObjects(sent);
  const call = { mObjects, unreadable: sent.unreadable, settings, now: now.toISOString() };
  const answer = await store.apply(nothingWanted, (facts) => {
    const decision = decideDelete(call, facts);
    if ('more' in decision) return decision;
    const journal = journalEntry('deleteMObjects', null, decision.results, context);
    return { changes: decision.changes, answer: decision.results.map(statusRow), journal };
  });
  return { answer: { result: { mObjStatusList: { mObjStatus: answer } } }, journal: 'written' };
};
