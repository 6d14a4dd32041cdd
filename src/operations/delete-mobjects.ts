import { requiredMObjects, rowsOutcome } from './mobject-rows.ts';
import type { Operation } from './operation.ts';

/**
 * deleteMObjects: deletes up to 100 opportunities and roles by id or external key (docs/behaviour.md#deletemobjects).
 * Faults: 20109 for a missing list, 20110 for over 100 mObjects.
 */
export const deleteMObjects: Operation<'deleteMObjects'> = async (call, { backend, settings, now }) => {
  const mObjects = requiredMObjects(call);
  const { unreadable } = call;
  return rowsOutcome(null, await backend.delete({ mObjects, unreadable, settings, now: now.toISOString() }));
};
