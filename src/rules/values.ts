import { DateTime } from 'luxon';
import { type DataType, type FieldDefinition, MAX_ID } from '../contract/fields.ts';
import { characterCount, isLongerThan } from '../contract/shortened.ts';
import type { FieldValue } from '../records/field-values.ts';
import { instantOf, isOrdinary, type UtcTime, utcTime } from './utc-time.ts';

/** A value, or the problem with its text, worded as "expected …". */
export type ReadValue = { readonly value: FieldValue } | { readonly problem: string };

const expected = (what: string): { problem: string } => ({ problem: `expected ${what}` });

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

/** The number of decimal digits that a double always holds exactly. */
const DIGITS_AT_MOST = 15;
const TENS = [1, 10, 100, 1000, 10000];

/**
 * Fast path for plain numbers: up to 15 digits, up to 4 of them after the point. Returns undefined for any other
 * text. Dividing two integers that doubles hold exactly rounds to the same double as `Number(text)`.
 */
function readPlainNumber(text: string): number | undefined {
  const from = text.startsWith('-') ? 1 : 0;
  let digits = 0;
  let point = -1;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits = digits * 10 + code - 48;
    else if (code === 46 && point === -1 && at > from) point = at;
    else return undefined;
  }
  const places = point === -1 ? 0 : text.length - point - 1;
  const tens = TENS[places];
  const length = text.length - from - (point === -1 ? 0 : 1);
  if (tens === undefined || length === 0 || length > DIGITS_AT_MOST || (point !== -1 && places === 0))
    return undefined;
  const value = digits / tens;
  return from === 1 && value !== 0 ? -value : value;
}

const INTEGER = /^(-?\d+)(?:\.0+)?%?$/;

/** Reads `-?[0-9]+`, optionally followed by `.0` or `%`, within the range of exact integers. */
export function readInteger(text: string): ReadValue {
  const plain = readPlainNumber(text);
  if (plain !== undefined && Number.isInteger(plain)) return { value: plain };
  const digits = INTEGER.exec(text)?.[1];
  if (digits === undefined) return expected('a whole number, such as 80 or 80%');
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return expected('a whole number within ±9007199254740991');
  return { value: value === 0 ? 0 : value };
}

/** Reads the id of an object, from 1 to `MAX_ID`. */
export function readId(text: string): ReadValue {
  const read = readInteger(text);
  if ('problem' in read) return expected('the id of an object, a whole number');
  return Number(read.value) >= 1 && Number(read.value) <= MAX_ID
    ? read
    : expected(`the id of an object, from 1 to ${MAX_ID}`);
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const PLACES = 4;

/**
 * Reads a decimal, also in exponent form, rounded half away from zero to 4 places. Rejects numbers that a double
 * cannot hold exactly to 4 places.
 */
export function readDecimal(text: string): ReadValue {
  const plain = readPlainNumber(text);
  if (plain !== undefined) return { value: plain };
  const parts = text.length <= 1000 ? DECIMAL.exec(text) : null;
  const whole = parts?.[2] ?? '';
  const fraction = parts?.[3] ?? '';
  const digits = (whole + fraction).replace(/^0+/, '');
  if (parts === null || whole + fraction === '') return expected('a decimal number, such as 501.00 or 1.0E7');
  if (digits === '') return { value: 0 };
  const power = Number(parts[4] ?? 0) - fraction.length;
  const magnitude = digits.length + power;
  if (magnitude > 309) return expected('a number within ±1.8e308');
  if (magnitude < -PLACES) return { value: 0 };
  const scaled = (parts[1] === '-' ? -1n : 1n) * scale(BigInt(digits), power + PLACES);
  const value = Number(unscaled(scaled));
  if (!Number.isFinite(value)) return expected('a number within ±1.8e308');
  if (scaledOf(value) !== scaled) {
    return expected('a number that can be kept exactly to 4 places: at most 15 digits in all');
  }
  return { value: value === 0 ? 0 : value };
}

/** Returns digits × 10^power, rounded half up. `digits` is not negative. */
function scale(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits * 2n + divisor) / (divisor * 2n);
}

function unscaled(scaled: bigint): string {
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(PLACES + 1, '0');
  return `${scaled < 0n ? '-' : ''}${text.slice(0, -PLACES)}.${text.slice(-PLACES)}`;
}

function scaledOf(value: number): bigint {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scaled = scale(BigInt(whole + fraction), Number(exponent) - fraction.length + PLACES);
  return value < 0 ? -scaled : scaled;
}

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
  if (typeof value === 'number' && Math.abs(value) >= 1e21)
    return (scaledOf(value) / 10n ** BigInt(PLACES)).toString();
  return String(value);
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
