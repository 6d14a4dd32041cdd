import { DateTime } from 'luxon';
import { SoapFault } from '../contract/faults.ts';
import type { Journal } from '../store/store.ts';

/** How many calls are taken; undefined: any number. Each is 1 or more. */
export interface LimitSettings {
  /** In a day of US Central time. */
  readonly daily: number | undefined;
  /** In any 20 seconds. */
  readonly rate: number | undefined;
  /** At once. */
  readonly concurrency: number | undefined;
}

export const noLimits: LimitSettings = { daily: undefined, rate: undefined, concurrency: undefined };

/** Marketo's published limits (F7.3). */
export const marketoLimits: LimitSettings = { daily: 10_000, rate: 100, concurrency: 10 };

/** The zone in which a day of the quota begins and ends. */
const QUOTA_ZONE = 'America/Chicago';
const RATE_WINDOW = 20_000;

/** The limits of one instance, over all its users. */
export interface Limits {
  /**
   * Takes one call, or throws fault 20015, 20023 or 20024, in this order of checks. A refused call counts for
   * nothing. The caller must call what is returned when the call has ended.
   */
  admit(): () => void;
}

export interface LimitsOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many calls of today were taken before the start. */
  readonly takenToday?: number;
}

export function createLimits(settings: LimitSettings, options: LimitsOptions = {}): Limits {
  const { now = Date.now } = options;
  let day = quotaDay(now());
  let takenToday = options.takenToday ?? 0;
  let recent: number[] = [];
  let underWay = 0;

  function checkDaily(at: number): void {
    if (at < day.start || at >= day.end) {
      day = quotaDay(at);
      takenToday = 0;
    }
    if (settings.daily === undefined || takenToday < settings.daily) return;
    const reset = DateTime.fromMillis(day.end, { zone: QUOTA_ZONE }).toISO({ suppressMilliseconds: true });
    throw new SoapFault(
      20015,
      `All ${settings.daily} calls of this day are used; the next day begins at ${reset} (00:00 US Central)`,
    );
  }

  function checkRate(at: number): void {
    if (settings.rate === undefined) return;
    // Later than now: the clock was set back.
    recent = recent.filter((taken) => taken > at - RATE_WINDOW && taken <= at);
    const oldest = recent[recent.length - settings.rate];
    if (oldest === undefined) return;
    const wait = Math.ceil((oldest + RATE_WINDOW - at) / 100) / 10;
    throw new SoapFault(
      20023,
      `At most ${settings.rate} calls are taken in 20 seconds; the next one in ${wait} s`,
    );
  }

  function checkConcurrency(): void {
    if (settings.concurrency === undefined || underWay < settings.concurrency) return;
    throw new SoapFault(
      20024,
      `At most ${settings.concurrency} calls are taken at once; send this one again when another is answered`,
    );
  }

  return {
    admit() {
      const at = now();
      checkDaily(at);
      checkRate(at);
      checkConcurrency();
      takenToday++;
      underWay++;
      if (settings.rate !== undefined) recent.push(at);
      let ended = false;
      return () => {
        if (!ended) underWay--;
        ended = true;
      };
    },
  };
}

/** The day of the quota that this moment lies in, in milliseconds since the epoch: start inclusive, end not. */
function quotaDay(at: number): { readonly start: number; readonly end: number } {
  const start = DateTime.fromMillis(at, { zone: QUOTA_ZONE }).startOf('day');
  return { start: start.toMillis(), end: start.plus({ days: 1 }).startOf('day').toMillis() };
}

const refusedByLimit: ReadonlySet<number | null> = new Set([20015, 20023, 20024]);
const PAGE = 500;

/**
 * How many calls of the quota's present day were taken, by the journal: for the start of a server with a daily
 * limit. Counting ends at `enough`.
 */
export async function takenTodayBy(journal: Journal, at: number, enough: number): Promise<number> {
  const since = new Date(quotaDay(at).start).toISOString();
  if ((await journal.countSince(since)) === 0) return 0;
  let taken = 0;
  let before: number | undefined;
  for (;;) {
    const page = await journal.newest(PAGE, before);
    const ofToday = page.filter((entry) => entry.at >= since);
    taken += ofToday.filter((entry) => !refusedByLimit.has(entry.fault)).length;
    if (ofToday.length < PAGE || taken >= enough) return taken;
    before = page.at(-1)?.number;
  }
}
