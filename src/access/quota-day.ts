import { DateTime } from 'luxon';
import type { Journal } from '../store/store.ts';

/** The zone in which a day of the quota begins and ends (docs/behaviour.md#limits). */
const QUOTA_ZONE = 'America/Chicago';

/** A day of the quota, in milliseconds since the epoch: start inclusive, end not. */
export interface QuotaDay {
  readonly start: number;
  readonly end: number;
}

/** The day of the quota that this moment lies in. */
export function quotaDay(at: number): QuotaDay {
  const start = DateTime.fromMillis(at, { zone: QUOTA_ZONE }).startOf('day');
  return { start: start.toMillis(), end: start.plus({ days: 1 }).startOf('day').toMillis() };
}

/** When a day ends, in the quota's zone: `2026-06-16T00:00:00-05:00`. */
export const endOf = (day: QuotaDay): string =>
  DateTime.fromMillis(day.end, { zone: QUOTA_ZONE }).toISO({ suppressMilliseconds: true }) ?? '';

const refusedByLimit: ReadonlySet<number | null> = new Set([20015, 20023, 20024]);
const PAGE = 500;

/**
 * How many calls of the quota's day in which `at` lies were taken, by the journal: for the start of a server with a
 * daily limit. Counting ends at `enough`; entries later than `until` are not counted.
 */
export async function takenTodayBy(
  journal: Journal,
  at: number,
  enough: number,
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  const since = new Date(quotaDay(at).start).toISOString();
  if ((await journal.countSince(since)) === 0) return 0;
  // A call of unknown outcome can have two entries.
  const seen = new Set<string>();
  let taken = 0;
  let before: number | undefined;
  for (;;) {
    const page = await journal.newest(PAGE, before);
    const ofToday = page.filter((entry) => entry.at >= since);
    for (const { at: noted, fault, callId } of ofToday) {
      if (Date.parse(noted) > until || refusedByLimit.has(fault) || seen.has(callId)) continue;
      if (callId !== '') seen.add(callId);
      taken += 1;
    }
    if (ofToday.length < PAGE || taken >= enough) return taken;
    before = page.at(-1)?.number;
  }
}
