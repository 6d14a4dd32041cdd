import type { FieldValue } from '../../records/field-values.ts';

/** Compares two values of one kind as the engines do: texts by code point, false before true. */
export function compareValues(a: FieldValue, b: FieldValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return Number(a) - Number(b);
}

/** UTF-16 has the code points above U+FFFF before U+E000, by its surrogates; UTF-8 has them in order. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (!astral.test(a) && !astral.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const astral = /[\uD800-\uDFFF]/;
