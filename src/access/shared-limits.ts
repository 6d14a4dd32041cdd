import type { CallCountTable } from '../store/store.ts';
import type { Limits, ServerLimits } from './limits.ts';

/** How long a server waits after an exchange of counts before the next one, in milliseconds. */
export const EXCHANGE_INTERVAL = 250;

/** Entries of the journal older than this, in milliseconds, are of calls that a living server has told the others. */
export const SETTLED_AFTER = 2 * EXCHANGE_INTERVAL;

/** Where it is said that counts cannot be exchanged; pino's loggers fit. */
export interface LimitsLog {
  warn(details: object, message: string): void;
}

/**
 * Limits that hold over all servers on one database, nearly: each server counts its own calls at once, and those of
 * the others as they said in the last exchange. No call waits for an exchange.
 *
 * A call of another server is known here after two intervals and four exchanges' duration at the latest. So a call that
 * is under the limit is never refused, except that others' calls leave the rate window up to `BURST` and an exchange's
 * duration late; and of n servers all take together at most as many calls over the limit as n - 1 of them took in that
 * time, which is never more than n - 1 times the limit.
 *
 * While the database does not answer, the last known counts stay, but calls under way only for `COUNTS_LEASE`.
 */
export async function shareLimits(
  limits: ServerLimits,
  table: CallCountTable,
  log: LimitsLog,
): Promise<Limits> {
  let timer: NodeJS.Timeout | undefined;
  let exchanging: Promise<void> = Promise.resolve();
  let failed = false;
  let closed = false;

  async function exchange(): Promise<void> {
    try {
      limits.countOthers(await table.exchange(limits.taken()));
      failed = false;
    } catch (error) {
      if (!failed) {
        log.warn(
          { err: error },
          'the limits cannot be exchanged with other servers; they go on with the counts known last',
        );
      }
      failed = true;
    }
  }

  function next(): void {
    if (closed) return;
    timer = setTimeout(() => {
      exchanging = exchange().finally(next);
    }, EXCHANGE_INTERVAL).unref();
  }

  await exchange();
  next();
  return {
    admit: limits.admit,
    async close() {
      closed = true;
      clearTimeout(timer);
      await exchanging;
      await exchange();
    },
  };
}
