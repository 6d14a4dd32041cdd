import { dataTypes, type FieldDefinition } from '../../contract/fields.ts';
import { quote } from '../../rules/refusal.ts';
import { instantOf } from '../../rules/utc-time.ts';
import { readValue } from '../../rules/values.ts';

/**
 * Describes what is wrong with a stored value; returns undefined for a valid one. A value is valid if reading its
 * text returns the same value (docs/behaviour.md#data-types). Its length is not checked, because a field may have
 * been shortened later; unknown data types are reported by the check of definitions.
 */
export function valueProblem(
  field: FieldDefinition,
  value: unknown,
): { readonly found: string; readonly expected: string } | undefined {
  if (!dataTypes.includes(field.dataType)) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return { found: quote(String(JSON.stringify(value))), expected: `a value of type ${field.dataType}` };
  }
  if (field.dataType === 'datetime' && typeof value === 'string' && isTime(value)) return undefined;
  const read = readValue({ ...field, size: null }, String(value), 'UTC');
  if ('value' in read && read.value === value) return undefined;
  const expected =
    'problem' in read
      ? read.problem.replace(/^expected /, '')
      : `${JSON.stringify(read.value)}, the stored form of ${field.dataType}`;
  return { found: `the ${typeof value} ${quote(String(value))}`, expected };
}

/** Tells whether a text is a time as they are stored, a `UtcTime`. */
export const isTime = (text: string): boolean => !Number.isNaN(instantOf(text));
