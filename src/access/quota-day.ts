import { DateTime } from 'luxon';
import type { Journal } from '../store/store.ts';

/** The time zone of the daily quota (docs/behaviour.md#limits). */
const QUOTA_ZONE = 'America/Chicago';

/** A quota day, in milliseconds since the epoch: start inclusive, end exclusive. */
export interface QuotaDay {
  readonly start: number;
  readonly end: number;
}

/** Returns the quota day that contains a moment, in milliseconds since the epoch. */
export function quotaDay(at: number): QuotaDay {
  const start = DateTime.fromMillis(at, { zone: QUOTA_ZONE }).startOf('day');
  return { start: start.toMillis(), end: start.plus({ days: 1 }).startOf('day').toMillis() };
}

/** Formats the end of a day in the quota's zone: `2026-06-16T00:00:00-05:00`. */
export const endOf = (day: QuotaDay): string =>
  DateTime.fromMillis(day.end, { zone: QUOTA_ZONE }).toISO({ suppressMilliseconds: true }) ?? '';

const refusedByLimit: ReadonlySet<number | null> = new Set([20015, 20023, 20024]);
const PAGE = 500;

/**
 * Counts the calls of the quota day of `at` in the journal, for the start of a server with a daily limit. Stops at
 * `enough`; ignores entries after `until`.
 */
export async function takenTodayBy(
  journal: Journal,
  at: number,
  enough: number,
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  const since = new Date(quotaDay(at).start).toISOString();
  if ((await journal.countSince(since)) === 0) return 0;
  // A call with an unknown outcome may have two entries.
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
