import type { CallCountTable } from '../store/store.ts';
import type { Limits, ServerLimits } from './limits.ts';

/** Pause between two exchanges of counts, in milliseconds. */
export const EXCHANGE_INTERVAL = 250;

/**
 * Age in milliseconds from which a call in the journal has been reported by its server, if that server is alive.
 */
export const SETTLED_AFTER = 2 * EXCHANGE_INTERVAL;

/** Receives warnings when counts cannot be exchanged. Compatible with pino's loggers. */
export interface LimitsLog {
  warn(details: object, message: string): void;
}

/**
 * Applies limits to all servers on one database, approximately: each server counts its own calls immediately, and
 * those of others as of the last exchange. No call waits for an exchange.
 *
 * A server learns of another server's call after two intervals and the duration of four exchanges at most. Therefore:
 * - A call under the limit is never refused, except that calls of others leave the rate window late, by up to `BURST`
 *   and the duration of an exchange.
 * - n servers together exceed the limit by at most the calls that n - 1 of them accept in that time, which is never
 *   more than n - 1 times the limit.
 *
 * While the database does not answer, the last known counts stay; running calls of others count for `COUNTS_LEASE`.
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
          'cannot exchange call counts with other servers; the limits use the last known counts',
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
