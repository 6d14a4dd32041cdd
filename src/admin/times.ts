import { DateTime } from 'luxon';
import { wrongParameter } from './validate.ts';

/** What a time that cannot be read is told. */
export const EXPECTED_TIME = 'expected a time such as 2026-11-27T08:00:00Z';

/** Reads a time in ISO 8601, as UTC unless it names a zone; undefined: it is none, or not of the years 0 to 9999. */
export function readTime(written: string): Date | undefined {
  const time = DateTime.fromISO(written, { zone: 'utc' });
  return /^\d{4}-/.test(written) && time.isValid && time.year >= 0 && time.year < 10_000
    ? time.toJSDate()
    : undefined;
}

/** Reads a time of the query, and returns it in the form of the journal. Throws a `Problem`. */
export function timeIn(name: string, written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const time = readTime(written);
  if (time === undefined) throw wrongParameter(name, EXPECTED_TIME);
  return time.toISOString();
}
