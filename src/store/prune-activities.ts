import type { Wanted } from '../rules/facts.ts';
import { emptyWanted, noChanges } from '../rules/plan.ts';
import { removeInBatches } from './batches.ts';
import type { Objects } from './store.ts';

/**
 * Removes activities older than `at`, in the order of their ids up to the first that is not: an activity whose time lies
 * ahead of those behind it, because the clock went back, keeps them until it is old itself. So a page of activities
 * never has gaps. Resolves to their number; ends early once `signal` is aborted.
 */
export function pruneActivities(
  store: Pick<Objects, 'list' | 'apply'>,
  at: string,
  signal?: AbortSignal,
): Promise<number> {
  return removeInBatches(async (limit) => {
    const { records } = await store.list({ type: 'Activity', where: [], limit });
    const kept = records.findIndex((activity) => activity.at >= at);
    const ids = (kept < 0 ? records : records.slice(0, kept)).map(({ id }) => id);
    return ids.length === 0 ? 0 : remove(store, ids);
  }, signal);
}

function remove(store: Pick<Objects, 'apply'>, ids: readonly number[]): Promise<number> {
  const wanted: Wanted = { ...emptyWanted, ids: { Activity: ids } };
  return store.apply(wanted, ({ records }) => {
    const present = ids.flatMap((id) => records.Activity.get(id) ?? []);
    const removals = present.map((before) => ({ type: 'Activity' as const, before, after: undefined }));
    return {
      changes: { ...noChanges, records: removals },
      answer: removals.length,
      journal: null,
    };
  });
}
