import { DateTime } from 'luxon';
import type { DataType, FieldDefinition } from '../contract/fields.ts';
import { characterCount, isLongerThan } from '../contract/shortened.ts';
import type { FieldValue } from '../records/field-values.ts';
import { formatNumber, readDecimal, readId, readInteger } from './numbers.ts';
import { expected, type ReadValue } from './read-value.ts';
import { instantOf, isOrdinary, type UtcTime, utcTime } from './utc-time.ts';

/**
 * Reads the text of an attribute as its field's data type (docs/behaviour.md#data-types). `timeZone`: IANA name, for
 * datetimes without an offset. Does not check whether a referenced object exists.
 */
export function readValue(field: FieldDefinition, text: string, timeZone: string): ReadValue {
  return readers[field.dataType](text, field.size, timeZone);
}

type Reader = (text: string, size: number | null, timeZone: string) => ReadValue;

const readText: Reader = (text, size) => {
  if (size === null || !isLongerThan(text, size)) return { value: text };
  return expected(`at most ${size} characters, not ${characterCount(text)}`);
};

const readNumber: Reader = (text) => readDecimal(text.trim());

const readers: Record<DataType, Reader> = {
  string: readText,
  text: readText,
  phone: readText,
  url: readText,
  email: readText,
  integer: (text) => readInteger(text.trim()),
  float: readNumber,
  currency: readNumber,
  boolean: (text) => readBoolean(text.trim()),
  date: (text) => readDate(text.trim()),
  datetime: (text, _size, timeZone) => readDatetime(text.trim(), timeZone),
  reference: (text) => readId(text.trim()),
};

/** Reads 1, 0, true or false, in any case (docs/behaviour.md#data-types). */
export function readBoolean(text: string): ReadValue {
  const folded = text.toLowerCase();
  if (folded === 'true' || folded === '1') return { value: true };
  if (folded === 'false' || folded === '0') return { value: false };
  return expected('true, false, 1 or 0');
}

const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(?: ?(Z|[+-]\d\d:?\d\d))?$/;

/** A date with optional time and offset, as written. */
interface Moment {
  readonly parts: readonly [
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
  ];
  readonly millisecond: number;
  /** In minutes. */
  readonly offset: number | undefined;
}

/** Parses a date or dateTime. 24:00:00 is valid and means the next midnight (XML Schema 1.1, part 2, 3.3.7). */
function readMoment(text: string): Moment | undefined {
  const written = MOMENT.exec(text);
  if (written === null) return undefined;
  const parts = [1, 2, 3, 4, 5, 6].map((part) => Number(written[part] ?? 0)) as unknown as Moment['parts'];
  const [year, month, day, hour, minute, second] = parts;
  const fraction = written[7] ?? '';
  const isTime =
    (hour <= 23 && minute <= 59 && second <= 59) ||
    (hour === 24 && minute === 0 && second === 0 && /^0*$/.test(fraction));
  const offset = written[8] === undefined ? undefined : offsetMinutes(written[8]);
  if (!isTime || Number.isNaN(offset) || !isCalendarDate(year, month, day)) return undefined;
  return { parts, millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')), offset };
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const DATE_EXPECTED = 'a date of the calendar, YYYY-MM-DD';

/** Reads YYYY-MM-DD, or the date part of a dateTime. */
export function readDate(text: string): ReadValue {
  const plain = DATE.exec(text);
  if (plain !== null && isCalendarDate(Number(plain[1]), Number(plain[2]), Number(plain[3]))) {
    return { value: text };
  }
  return readMoment(text) === undefined ? expected(DATE_EXPECTED) : { value: text.slice(0, 10) };
}

/** Returns whether the date exists in the Gregorian calendar, in the years 1 to 9999. */
function isCalendarDate(year: number, month: number, day: number): boolean {
  return (
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  );
}

const DATETIME_EXPECTED = 'a date and time, such as 2013-06-09T14:04:54-08:00 or 2013-06-09 14:04:54';

/** Reads ISO 8601 with or without offset, "YYYY-MM-DD HH:MM:SS", or a date (its midnight). Returns a `UtcTime`. */
export function readDatetime(text: string, timeZone: string): ReadValue {
  const moment = readMoment(text);
  if (moment === undefined) return expected(DATETIME_EXPECTED);
  const local = utcMillis(...moment.parts, moment.millisecond);
  const instant =
    moment.offset === undefined && timeZone !== 'UTC'
      ? instantInZone(local, timeZone)
      : local - (moment.offset ?? 0) * 60_000;
  const value = utcTime(instant);
  return value === undefined ? expected(DATETIME_EXPECTED) : { value };
}

/** Returns the instant of a local time in a zone. `local`: the same clock reading, as milliseconds in UTC. */
function instantInZone(local: number, timeZone: string): number {
  const inZone = DateTime.fromMillis(local, { zone: 'UTC' }).setZone(timeZone, { keepLocalTime: true });
  // Historic offsets have seconds. They are rounded, since `formatDatetime` writes whole minutes.
  const offset = Math.round(inZone.offset);
  return offset === inZone.offset ? inZone.toMillis() : local - offset * 60_000;
}

/** As `Date.UTC`, which however maps the years 0 to 99 to 1900 to 1999. */
function utcMillis(
  ...[year, month, day, hour, minute, second, millisecond]: [...Moment['parts'], number]
): number {
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

/** Returns the offset in minutes, or NaN if it is invalid. */
function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(-2));
  const all = Number(zone.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || all > 14 * 60) return Number.NaN;
  return zone.startsWith('-') ? -all : all;
}

const MONTH = /^(\d{4}-\d\d)(?:-\d\d)?$/;

/** Reads YYYY-MM or YYYY-MM-DD and returns the first day of that month (docs/behaviour.md#costs). */
export function readMonth(text: string): { readonly month: string } | { readonly problem: string } {
  const month = MONTH.exec(text.trim())?.[1];
  const day = text.trim().length === 7 ? `${month}-01` : text.trim();
  if (month === undefined || 'problem' in readDate(day)) return expected('a month, YYYY-MM or YYYY-MM-DD');
  return { month: `${month}-01` };
}

/**
 * Formats a value so that `readValue` reads it back. Datetimes carry the zone's offset
 * (docs/behaviour.md#dates-and-times), and milliseconds if there are any.
 */
export function formatValue(dataType: DataType, value: FieldValue, timeZone: string): string {
  if (dataType === 'datetime') {
    const utc = String(value);
    const text = formatDatetime(utc, timeZone);
    return utc.endsWith('.000Z') ? text : text.slice(0, 19) + utc.slice(19, 23) + text.slice(19);
  }
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

/**
 * Formats a `UtcTime` as ISO 8601 in seconds with the zone's offset: 2013-06-09T14:04:54-08:00. If that offset would
 * leave the years 1 to 9999, uses the smallest offset in whole hours that does not.
 */
export function formatDatetime(utc: UtcTime, timeZone: string): string {
  const isOrdinaryTime = isOrdinary(utc);
  if (timeZone === 'UTC' && isOrdinaryTime) return `${utc.slice(0, 19)}+00:00`;
  const instant = isOrdinaryTime ? Date.parse(utc) : instantOf(utc);
  // Historic offsets have seconds. They are rounded to minutes; the text still means the same instant.
  const minutes = Math.round(DateTime.fromMillis(instant, { zone: timeZone }).offset);
  return localText(instant, minutes) ?? localText(instant, hoursInto(utc) * 60) ?? utc;
}

/** Formats a `UtcTime` so that `readDatetime` reads it back, in UTC if the time is in the years 1 to 9999 there. */
export const isoText = (utc: UtcTime): string =>
  isOrdinary(utc) ? utc : formatValue('datetime', utc, 'UTC');

/** Returns the offset in hours that moves a time into the years 1 to 9999. */
function hoursInto(utc: UtcTime): number {
  if (isOrdinary(utc)) return 0;
  const hour = Number(utc.slice(11, 13));
  return utc < '0001' ? 24 - hour : 23 - hour;
}

/** Formats local time and offset. Returns undefined outside the years 1 to 9999. */
function localText(instant: number, minutes: number): string | undefined {
  const local = utcTime(instant + minutes * 60_000);
  if (local === undefined || !isOrdinary(local)) return undefined;
  const pad = (part: number) => String(Math.trunc(part)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local.slice(0, 19)}${minutes < 0 ? '-' : '+'}${pad(size / 60)}:${pad(size % 60)}`;
}
