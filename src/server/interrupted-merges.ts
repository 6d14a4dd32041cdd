import { moveActivities } from '../store/move-activities.ts';
import type { Objects } from '../store/store.ts';
import type { Logger } from './log.ts';

/**
 * Moves the activities of merges that a crash interrupted, while calls are served. Returns a function that stops it. A
 * failure is logged: the next call that reads activities tries again.
 */
export function finishMerges(store: Pick<Objects, 'list' | 'apply'>, logger: Logger): () => void {
  const ended = new AbortController();
  moveActivities(store, { signal: ended.signal }).catch((error: unknown) => {
    logger.error({ err: error }, 'activities of merged leads could not be moved');
  });
  return () => ended.abort();
}
