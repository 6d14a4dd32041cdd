import { DateTime } from 'luxon';
import { type DataType, type FieldDefinition, MAX_ID } from '../contract/fields.ts';
import { characterCount } from '../contract/shortened.ts';
import type { FieldValue } from '../records/field-values.ts';

/** A value that could be read, or why it could not: what was expected, in words that follow "expected". */
export type ReadValue = { readonly value: FieldValue } | { readonly problem: string };

const expected = (what: string): { problem: string } => ({ problem: `expected ${what}` });

/**
 * Reads the text of an attribute as a value of its field (docs/behaviour.md#data-types). `timeZone`: IANA
 * name, for datetimes without an offset. Whether a reference leads to an object is not asked here.
 */
export function readValue(field: FieldDefinition, text: string, timeZone: string): ReadValue {
  return readers[field.dataType](text, field.size, timeZone);
}

type Reader = (text: string, size: number | null, timeZone: string) => ReadValue;

const readText: Reader = (text, size) => {
  if (size === null || text.length <= size) return { value: text };
  const length = characterCount(text);
  return length <= size ? { value: text } : expected(`at most ${size} characters, not ${length}`);
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

/** More digits than these a double may not hold exactly. */
const DIGITS_AT_MOST = 15;
const TENS = [1, 10, 100, 1000, 10000];

/**
 * The number in a text of up to 15 digits, 4 of them behind the point, as most numbers are sent; undefined for all
 * other texts. Two whole numbers that a double holds exactly are divided, so it is the double that `Number` gives.
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

/** `-?[0-9]+`, also with `.0` or `%` behind it, within what a double holds exactly. */
export function readInteger(text: string): ReadValue {
  const plain = readPlainNumber(text);
  if (plain !== undefined && Number.isInteger(plain)) return { value: plain };
  const digits = INTEGER.exec(text)?.[1];
  if (digits === undefined) return expected('a whole number, such as 80 or 80%');
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) return expected('a whole number within ±9007199254740991');
  return { value: value === 0 ? 0 : value };
}

/** The id of an object: a whole number from 1 to `MAX_ID`. */
export function readId(text: string): ReadValue {
  const read = readInteger(text);
  if ('problem' in read) return expected('the id of an object, a whole number');
  return Number(read.value) >= 1 && Number(read.value) <= MAX_ID
    ? read
    : expected(`the id of an object, from 1 to ${MAX_ID}`);
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const PLACES = 4;

/** A decimal, also in exponent form, rounded half away from zero to 4 places, which a double must hold exactly. */
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
  if (magnitude > 309) return expected('a number that is not beyond all bounds');
  if (magnitude < -PLACES) return { value: 0 };
  const scaled = (parts[1] === '-' ? -1n : 1n) * scale(BigInt(digits), power + PLACES);
  const value = Number(unscaled(scaled));
  if (!Number.isFinite(value)) return expected('a number that is not beyond all bounds');
  if (scaledOf(value) !== scaled) {
    return expected('a number that can be kept exactly to 4 places: at most 15 digits in all');
  }
  return { value: value === 0 ? 0 : value };
}

/** digits × 10^power, rounded half up (digits are not negative). */
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

/** 1, 0, true, false, in any case (docs/behaviour.md#data-types). */
export function readBoolean(text: string): ReadValue {
  const folded = text.toLowerCase();
  if (folded === 'true' || folded === '1') return { value: true };
  if (folded === 'false' || folded === '0') return { value: false };
  return expected('true, false, 1 or 0');
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?$/;
const DATE_EXPECTED = 'a date of the calendar, YYYY-MM-DD';

/** YYYY-MM-DD, or the date part of a dateTime. */
export function readDate(text: string): ReadValue {
  const parts = DATE.exec(text);
  if (parts === null || !isCalendarDate(Number(parts[1]), Number(parts[2]), Number(parts[3]))) {
    return expected(DATE_EXPECTED);
  }
  return { value: text.slice(0, 10) };
}

/** Whether the Gregorian calendar has that day, in the years 1 to 9999. */
function isCalendarDate(year: number, month: number, day: number): boolean {
  return (
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  );
}

const DATETIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(?: ?(Z|[+-]\d\d:?\d\d))?$/;
const DATETIME_EXPECTED = 'a date and time, such as 2013-06-09T14:04:54-08:00 or 2013-06-09 14:04:54';

/** ISO 8601 with or without offset, "YYYY-MM-DD HH:MM:SS", or a date (its midnight). The value is UTC. */
export function readDatetime(text: string, timeZone: string): ReadValue {
  const parts = DATETIME.exec(text);
  if (parts === null) return expected(DATETIME_EXPECTED);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((part) =>
    Number(parts[part] ?? 0),
  ) as [number, number, number, number, number, number];
  const millisecond = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  if (!isCalendarDate(year, month, day) || hour > 23 || minute > 59 || second > 59) {
    return expected(DATETIME_EXPECTED);
  }
  const zone = parts[8];
  const offset = zone === undefined ? undefined : offsetMinutes(zone);
  if (offset !== undefined && Math.abs(offset) > 14 * 60) return expected(DATETIME_EXPECTED);
  const instant =
    offset === undefined && timeZone !== 'UTC'
      ? DateTime.fromObject(
          { year, month, day, hour, minute, second, millisecond },
          { zone: timeZone },
        ).toMillis()
      : utcMillis(year, month, day, hour, minute, second, millisecond) - (offset ?? 0) * 60_000;
  const iso = new Date(instant).toISOString();
  return iso.length === 24 && iso >= '0001' ? { value: iso } : expected(DATETIME_EXPECTED);
}

/** Date.UTC without its reading of the years 0 to 99 as 1900 to 1999. */
function utcMillis(year: number, month: number, ...rest: [number, number, number, number, number]): number {
  return new Date(Date.UTC(2000, month - 1, ...rest)).setUTCFullYear(year, month - 1, rest[0]);
}

function offsetMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

const MONTH = /^(\d{4}-\d\d)(?:-\d\d)?$/;

/** YYYY-MM or YYYY-MM-DD of the calendar; the first of that month (docs/behaviour.md#costs). */
export function readMonth(text: string): { readonly month: string } | { readonly problem: string } {
  const month = MONTH.exec(text.trim())?.[1];
  const day = text.trim().length === 7 ? `${month}-01` : text.trim();
  if (month === undefined || 'problem' in readDate(day)) return expected('a month, YYYY-MM or YYYY-MM-DD');
  return { month: `${month}-01` };
}

/**
 * The text of a value as it is reported, which `readValue` reads as that value. Datetimes carry the offset of the
 * zone (docs/behaviour.md#dates-and-times), and milliseconds if they have any.
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
 * A UTC time as ISO 8601 in seconds with the zone's offset: 2013-06-09T14:04:54-08:00. The offset is +00:00 where
 * the zone's own would lead out of the years 1 to 9999.
 */
export function formatDatetime(utc: string, timeZone: string): string {
  const inUtc = `${utc.slice(0, 19)}+00:00`;
  if (timeZone === 'UTC') return inUtc;
  const instant = Date.parse(utc);
  // Before zones were standardized, offsets had seconds; the text has whole minutes and still means that instant.
  const minutes = Math.round(DateTime.fromMillis(instant, { zone: timeZone }).offset);
  const local = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
  // Other years are written with a sign, which sorts before the digits, or as 0000.
  if (local < '0001') return inUtc;
  const pad = (part: number) => String(Math.trunc(part)).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${pad(Math.abs(minutes) / 60)}:${pad(Math.abs(minutes) % 60)}`;
}
