import type { Store } from '../store/store.ts';
import type { Logger } from './log.ts';

const HOUR = 3_600_000;

/**
 * Removes journal entries and bodies older than `days`, now and every hour. Returns a function that stops it. Failures are
 * logged and retried an hour later.
 */
export function pruneHourly(
  { journal, bodies }: Pick<Store, 'journal' | 'bodies'>,
  days: number,
  logger: Logger,
): () => void {
  const ended = new AbortController();

  async function prune(): Promise<void> {
    const oldest = new Date(Date.now() - days * 24 * HOUR).toISOString();
    try {
      const removed = await journal.prune(oldest, ended.signal);
      await bodies.prune(oldest);
      if (removed > 0) logger.info({ removed, days }, 'old journal entries removed');
    } catch (error) {
      logger.error({ err: error }, 'old journal entries could not be removed');
    }
  }
  void prune();
  const timer = setInterval(prune, HOUR);
  timer.unref();
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}
