import type { FieldDefinition } from '../contract/fields.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { readMonth, readValue } from '../rules/values.ts';
import type { DateReader } from './dates.ts';

export type DecimalMark = '.' | ',';

export interface ValueForms {
  readonly decimal: DecimalMark;
  readonly readDate: DateReader;
}

/** A field as its values are read. */
export interface FieldKind extends Pick<FieldDefinition, 'name' | 'dataType' | 'size'> {
  /** The only values that it takes, in any case; undefined: all of its data type. */
  readonly choices?: readonly string[];
  /** True for a date of which only year and month count, which may be written as `2013-06`. */
  readonly isMonth?: boolean;
}

/** A value as the API takes it, and as it is compared; or why there is none. */
export type ConvertedValue =
  | { readonly text: string; readonly compared: string }
  | { readonly problem: string };

/** Reads a value as people write it, and checks it by the rules of the server (docs/behaviour.md#data-types). */
export function convertValue(field: FieldKind, written: string, forms: ValueForms): ConvertedValue {
  if (field.choices !== undefined) return chosen(field, field.choices, written);
  if (field.isMonth && 'month' in readMonth(written)) return same(written.trim());
  const text = apiText(field, written, forms);
  // The zone does not matter for the check.
  const read = readValue(field as FieldDefinition, text, 'UTC');
  if ('value' in read) return { text, compared: String(read.value) };
  return { problem: `${field.name}: ${quote(written)}; ${read.problem}${adviceFor(field, written, forms)}` };
}

/** The value of a text that is sent and compared as it is. */
export const same = (text: string): ConvertedValue => ({ text, compared: text });

function chosen({ name }: FieldKind, choices: readonly string[], written: string): ConvertedValue {
  const found = choices.find((choice) => foldName(choice) === foldName(written));
  if (found !== undefined) return same(found);
  const first = choices.slice(0, 20).join(', ') + (choices.length > 20 ? ', …' : '');
  return { problem: `${name}: ${quote(written)}; expected one of: ${first || 'none is defined'}` };
}

function apiText({ dataType }: FieldKind, written: string, { decimal, readDate }: ValueForms): string {
  switch (dataType) {
    case 'integer':
    case 'float':
    case 'currency':
      return plainNumber(written.trim(), decimal);
    case 'boolean':
      return truths[written.trim().toLowerCase()] ?? written;
    case 'date':
    case 'datetime':
      return readDate(written.trim());
    default:
      return written;
  }
}

const truths: Readonly<Record<string, string>> = {
  yes: 'true',
  y: 'true',
  t: 'true',
  on: 'true',
  no: 'false',
  n: 'false',
  f: 'false',
  off: 'false',
};

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const CURRENCY = String.raw`(?:[A-Za-z]{0,3}\p{Sc}|[A-Z]{3}|[Kk]r\.?|Fr\.?|%)`;
const AMOUNT = new RegExp(
  String.raw`^(\()?([-+−]?)\s*${CURRENCY}?\s*([-+−]?)\s*(\d[\d.,'’\s]*?|[.,]\d+)(e[+-]?\d+)?\s*${CURRENCY}?(\))?$`,
  'iu',
);
/** Thousands, also in the Indian way (1,00,000). */
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^\d{1,3}(?:([,'’ \u00A0\u202F])(?:\d{2,3}\1)*\d{3})$/u,
  ',': /^\d{1,3}(?:([.'’ \u00A0\u202F])(?:\d{2,3}\1)*\d{3})$/u,
};

/**
 * `$1,000.00` → `1000.00`, `(5 €)` → `-5`. A text that is no such number is returned as it is, so that the rules
 * refuse it.
 */
function plainNumber(text: string, decimal: DecimalMark): string {
  if (decimal === '.' && PLAIN.test(text)) return text;
  const [, opened, sign = '', innerSign = '', digits = '', exponent = '', closed] = AMOUNT.exec(text) ?? [];
  if (digits === '' || (opened === undefined) !== (closed === undefined)) return unreadable(text, decimal);
  const signs = (opened === undefined ? '' : '-') + sign + innerSign;
  const [whole = '', fraction, ...more] = digits.split(decimal);
  const isWhole = /^\d*$/.test(whole) || GROUPED[decimal].test(whole);
  if (signs.length > 1 || !isWhole || more.length > 0 || !/^\d*$/.test(fraction ?? '')) {
    return unreadable(text, decimal);
  }
  const number = whole.replace(/\D/g, '') + (fraction === undefined ? '' : `.${fraction}`) + exponent;
  return signs === '' || signs === '+' ? number : `-${number}`;
}

/** The rules know points only: with a decimal comma, `1.5` must not reach them as it is. */
const unreadable = (text: string, decimal: DecimalMark): string => (decimal === ',' ? `"${text}"` : text);

function adviceFor({ dataType }: FieldKind, written: string, { decimal }: ValueForms): string {
  if (dataType === 'date' || dataType === 'datetime') {
    return /\d/.test(written) ? '; another form can be said with --date-format, such as d/M/yyyy' : '';
  }
  if (!['integer', 'float', 'currency'].includes(dataType)) return '';
  if (decimal === '.' && /,\d{1,2}\D*$/.test(written))
    return '; a decimal comma can be said with --decimal ,';
  if (decimal === ',' && /\.\d{1,2}\D*$/.test(written))
    return '; --decimal , takes points for thousands only';
  return '';
}
