/**
 * A stored time: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`, which sorts as text. A time in the years 1 to 9999 of some zone can
 * be a few hours outside them in UTC. Earlier hours are written with the year 0000; later hours continue on
 * 9999-12-31 as hour 24 and up, which keeps length and sort order.
 */
export type UtcTime = string;

const HOUR = 3_600_000;
/** The first moment of the year 10000. */
const END = Date.UTC(10_000, 0, 1);
/** The largest distance of a zone from UTC. */
const MAX_OFFSET_HOURS = 14;

const FIRST = '0001';
const AFTER_LAST = '9999-12-31T24';

/** Returns whether a time is in the years 1 to 9999 in UTC, as almost all are. */
export const isOrdinary = (utc: UtcTime): boolean => utc >= FIRST && utc < AFTER_LAST;

/** Formats an instant (milliseconds since 1970). Returns undefined if no zone has it in the years 1 to 9999. */
export function utcTime(instant: number): UtcTime | undefined {
  if (Number.isNaN(instant)) return undefined;
  if (instant < END) {
    const text = new Date(instant).toISOString();
    return text >= '0000-12-31T10' && text.length === 24 ? text : undefined;
  }
  const hours = Math.floor((instant - END) / HOUR);
  if (hours >= MAX_OFFSET_HOURS) return undefined;
  return `9999-12-31T${24 + hours}${new Date(instant).toISOString().slice(-11)}`;
}

const TIME = /^(\d{4}-\d\d-\d\dT)(\d\d)(:\d\d:\d\d\.\d{3}Z)$/;

/** Returns the instant of a time in milliseconds since 1970, or NaN if the text is not a valid `UtcTime`. */
export function instantOf(utc: UtcTime): number {
  const [, day = '', hours = '', rest = ''] = TIME.exec(utc) ?? [];
  const instant = Date.parse(`${day}00${rest}`) + Number(hours) * HOUR;
  return utcTime(instant) === utc ? instant : Number.NaN;
}
