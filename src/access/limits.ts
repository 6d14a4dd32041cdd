import { SoapFault } from '../contract/faults.ts';
import { type CallCounts, COUNTS_LEASE } from '../store/store.ts';
import { endOf, quotaDay } from './quota-day.ts';
import { createRateWindow } from './rate-window.ts';

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

/** Whether any number of calls is taken. */
export const areOff = (settings: LimitSettings): boolean =>
  Object.values(settings).every((limit) => limit === undefined);

/** Marketo's published limits (docs/behaviour.md#limits). */
export const marketoLimits: LimitSettings = { daily: 10_000, rate: 100, concurrency: 10 };

/** The limits of one instance, over all its users. */
export interface Limits {
  /**
   * Takes one call, or throws fault 20015, 20023 or 20024, in this order of checks. A refused call counts for
   * nothing. The caller must call what is returned when the call has ended.
   */
  admit(): () => void;
  /** Ends what goes on beside the calls. All calls have ended. */
  close(): Promise<void>;
}

/** Limits as one server counts them. */
export interface ServerLimits extends Limits {
  /** What this server took. */
  taken(): CallCounts;
  /**
   * Counts what other servers took, too, in the place of what they were said to have taken before. Their calls under
   * way count until `COUNTS_LEASE` has passed without a new word.
   */
  countOthers(others: CallCounts): void;
}

export interface LimitsOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many calls of today were taken before the start. */
  readonly takenToday?: number;
}

export function createLimits(settings: LimitSettings, options: LimitsOptions = {}): ServerLimits {
  const { now = Date.now } = options;
  const window = settings.rate === undefined ? undefined : createRateWindow(settings.rate);
  let day = quotaDay(now());
  let takenToday = options.takenToday ?? 0;
  let underWay = 0;
  let others: (CallCounts & { readonly heardAt: number }) | undefined;

  function beginDay(at: number): void {
    if (at >= day.start && at < day.end) return;
    day = quotaDay(at);
    takenToday = 0;
  }

  function checkDaily(): void {
    const taken = takenToday + (others?.day === day.start ? others.today : 0);
    if (settings.daily === undefined || taken < settings.daily) return;
    throw new SoapFault(
      20015,
      `All ${settings.daily} calls of this day are used; the next day begins at ${endOf(day)} (00:00 US Central)`,
    );
  }

  function checkRate(at: number): void {
    const wait = window?.wait(at) ?? 0;
    if (wait === 0) return;
    const seconds = Math.ceil(wait / 100) / 10;
    throw new SoapFault(
      20023,
      `At most ${settings.rate} calls are taken in 20 seconds; the next one in ${seconds} s`,
    );
  }

  function checkConcurrency(at: number): void {
    const silence = at - (others?.heardAt ?? at);
    const heard = silence >= 0 && silence < COUNTS_LEASE ? (others?.underWay ?? 0) : 0;
    if (settings.concurrency === undefined || underWay + heard < settings.concurrency) return;
    throw new SoapFault(
      20024,
      `At most ${settings.concurrency} calls are taken at once; send this one again when another is answered`,
    );
  }

  return {
    admit() {
      const at = now();
      beginDay(at);
      checkDaily();
      checkRate(at);
      checkConcurrency(at);
      takenToday++;
      underWay++;
      window?.take(at);
      let ended = false;
      return () => {
        if (!ended) underWay--;
        ended = true;
      };
    },
    taken() {
      const at = now();
      beginDay(at);
      return { day: day.start, today: takenToday, underWay, recent: window?.own(at) ?? [] };
    },
    countOthers(counts) {
      const at = now();
      others = { ...counts, heardAt: at };
      window?.countOthers(at, counts.recent);
    },
    async close() {},
  };
}
