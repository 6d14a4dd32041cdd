/**
 * Times as they are kept: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`, which compare as texts. A time that is of the years 1 to 9999
 * in some zone may be a few hours beyond them in UTC. Hours before are of the last day of the year 0000; hours after
 * are counted on from 24 on 9999-12-31, so that the text has its length and its place in the order.
 */
export type UtcTime = string;

const HOUR = 3_600_000;
/** The first moment of the year 10000. */
const END = Date.UTC(10_000, 0, 1);
/** Zones are at most so many hours from UTC. */
const MAX_OFFSET_HOURS = 14;

const FIRST = '0001';
const AFTER_LAST = '9999-12-31T24';

/** Whether a time is of the years 1 to 9999 in UTC, as almost all are. */
export const isOrdinary = (utc: UtcTime): boolean => utc >= FIRST && utc < AFTER_LAST;

/** The text of an instant, in milliseconds since 1970; undefined: it is of the years 1 to 9999 in no zone. */
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

/** The instant of a time in milliseconds since 1970; NaN: the text is no time in the form in which times are kept. */
export function instantOf(utc: UtcTime): number {
  const [, day = '', hours = '', rest = ''] = TIME.exec(utc) ?? [];
  const instant = Date.parse(`${day}00${rest}`) + Number(hours) * HOUR;
  return utcTime(instant) === utc ? instant : Number.NaN;
}
