import type { CallBurst } from '../store/store.ts';

/** The window of the rate limit, in milliseconds (docs/behaviour.md#limits). */
export const RATE_WINDOW = 20_000;

/** Calls within this time, in milliseconds, are reported to other servers as one burst. */
export const BURST = 100;

/** The calls of the last 20 seconds, those of other servers as far as they are known. */
export interface RateWindow {
  /** Returns the milliseconds from `at` until the window has room for a call; 0 if it has now. */
  wait(at: number): number;
  take(at: number): void;
  /** Returns this server's calls in the window. A burst has the time of its last call. */
  own(at: number): CallBurst[];
  /** Replaces the last known calls of other servers. */
  countOthers(at: number, bursts: readonly CallBurst[]): void;
}

/** Creates a window for `rate` calls. Times are milliseconds since the epoch. */
export function createRateWindow(rate: number): RateWindow {
  let recent: number[] = [];
  let others: readonly (readonly [at: number, calls: number])[] = [];

  function forget(now: number): void {
    // A time later than `now` means that the clock was set back.
    const isIn = (at: number) => at > now - RATE_WINDOW && at <= now;
    recent = recent.filter(isIn);
    others = others.filter(([at]) => isIn(at));
  }

  return {
    wait(now) {
      forget(now);
      const calls = others.reduce((sum, [, count]) => sum + count, recent.length);
      let surplus = calls - rate + 1;
      if (surplus <= 0) return 0;
      const all = [...recent.map((at) => [at, 1] as const), ...others].sort(([a], [b]) => a - b);
      const last = all.find(([, count]) => {
        surplus -= count;
        return surplus <= 0;
      });
      return (last?.[0] ?? now) + RATE_WINDOW - now;
    },
    take(at) {
      recent.push(at);
    },
    own(now) {
      forget(now);
      const bursts: { first: number; last: number; calls: number }[] = [];
      for (const at of recent) {
        const burst = bursts.at(-1);
        if (burst === undefined || at - burst.first >= BURST) bursts.push({ first: at, last: at, calls: 1 });
        else {
          burst.last = at;
          burst.calls += 1;
        }
      }
      return bursts.map(({ last, calls }) => [now - last, calls]);
    },
    countOthers(now, bursts) {
      others = bursts.map(([ago, calls]) => [now - ago, calls]);
    },
  };
}
