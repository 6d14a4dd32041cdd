import { isDeepStrictEqual } from 'node:util';
import type { Records, RecordType } from './all.ts';
import type { FieldValues } from './field-values.ts';

/**
 * Returns whether two records of a type are equal. Undefined equals only undefined. Custom values are parsed lazily
 * and kept in a private field, which Node's deep equality does not see.
 */
export function areEqual<Type extends RecordType>(
  one: Records[Type] | undefined,
  other: Records[Type] | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  const { values, ...properties } = one as object & { readonly values?: FieldValues };
  const { values: otherValues, ...otherProperties } = other as object & { readonly values?: FieldValues };
  if (!isDeepStrictEqual(properties, otherProperties)) return false;
  return values === undefined || otherValues === undefined
    ? values === otherValues
    : values.equals(otherValues);
}
