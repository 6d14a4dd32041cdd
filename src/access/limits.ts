import { SoapFault } from '../contract/faults.ts';
import { type CallCounts, COUNTS_LEASE } from '../store/store.ts';
import { endOf, quotaDay } from './quota-day.ts';
import { createRateWindow } from './rate-window.ts';

/** Maximum numbers of calls, each 1 or more; undefined means unlimited. */
export interface LimitSettings {
  /** Per day, US Central time. */
  readonly daily: number | undefined;
  /** In any 20 seconds. */
  readonly rate: number | undefined;
  /** Concurrently. */
  readonly concurrency: number | undefined;
}

export const noLimits: LimitSettings = { daily: undefined, rate: undefined, concurrency: undefined };

/** Tells whether no limit is set. */
export const areOff = (settings: LimitSettings): boolean =>
  Object.values(settings).every((limit) => limit === undefined);

/** Marketo's published limits (docs/behaviour.md#limits). */
export const marketoLimits: LimitSettings = { daily: 10_000, rate: 100, concurrency: 10 };

/** The limits of an instance. They apply to all its users together. */
export interface Limits {
  /**
   * Admits one call, or throws fault 20015, 20023 or 20024, checked in this order. A refused call is not counted. The
   * caller must call the returned function when the call ends.
   */
  admit(): () => void;
  /** Stops background work. Call it after all calls have ended. */
  close(): Promise<void>;
}

/** The limits of one server, which counts its own calls. */
export interface ServerLimits extends Limits {
  /** Returns the calls that this server admitted. */
  taken(): CallCounts;
  /**
   * Replaces the last known counts of other servers. Their running calls count until `COUNTS_LEASE` passes without an
   * update.
   */
  countOthers(others: CallCounts): void;
}

export interface LimitsOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Calls of today that were admitted before the start. */
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
      `At most ${settings.rate} calls are accepted in 20 seconds; the next one in ${seconds} s`,
    );
  }

  function checkConcurrency(at: number): void {
    const silence = at - (others?.heardAt ?? at);
    const heard = silence >= 0 && silence < COUNTS_LEASE ? (others?.underWay ?? 0) : 0;
    if (settings.concurrency === undefined || underWay + heard < settings.concurrency) return;
    throw new SoapFault(
      20024,
      `At most ${settings.concurrency} calls are accepted at once; retry when another one has been answered`,
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
