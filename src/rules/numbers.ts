import { MAX_ID } from '../contract/fields.ts';
import { expected, type ReadValue } from './read-value.ts';

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

/** Formats a number that `readDecimal` returned, without an exponent. */
export const formatNumber = (value: number): string =>
  Math.abs(value) < 1e21 ? String(value) : (scaledOf(value) / 10n ** BigInt(PLACES)).toString();
