import { pruneActivities } from '../store/prune-activities.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from './log.ts';

const HOUR = 3_600_000;

/** Removes what is older than a time; resolves to its number. Ends early once `signal` is aborted. */
export type Prune = (at: string, signal: AbortSignal) => Promise<number>;

/**
 * Removes what is older than `days`, now and every hour. Returns a function that stops it. Failures are logged and
 * retried an hour later. `what`: for the log, in the plural.
 */
export function pruneHourly(what: string, prune: Prune, days: number, logger: Logger): () => void {
  const ended = new AbortController();

  async function run(): Promise<void> {
    const oldest = new Date(Date.now() - days * 24 * HOUR).toISOString();
    try {
      const removed = await prune(oldest, ended.signal);
      if (removed > 0) logger.info({ removed, days }, `old ${what} removed`);
    } catch (error) {
      logger.error({ err: error }, `old ${what} could not be removed`);
    }
  }
  void run();
  const timer = setInterval(run, HOUR);
  timer.unref();
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}

/** The days for which each is kept; 0: forever. */
export interface KeptDays {
  readonly journalDays: number;
  readonly activityDays: number;
}

/** Prunes the journal, with the bodies of its calls, and activities every hour. Returns a function that stops it. */
export function startPruning(
  store: Store,
  { journalDays, activityDays }: KeptDays,
  logger: Logger,
): () => void {
  const journal: Prune = async (at, signal) => {
    const removed = await store.journal.prune(at, signal);
    await store.bodies.prune(at);
    return removed;
  };
  const activities: Prune = (at, signal) => pruneActivities(store, at, signal);
  const ends = [
    ...(journalDays > 0 ? [pruneHourly('journal entries', journal, journalDays, logger)] : []),
    ...(activityDays > 0 ? [pruneHourly('activities', activities, activityDays, logger)] : []),
  ];
  return () => {
    for (const end of ends) end();
  };
}
