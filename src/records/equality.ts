import { isDeepStrictEqual } from 'node:util';
import type { Records, RecordType } from './all.ts';
import type { FieldValues } from './field-values.ts';

/**
 * Returns whether two records of a type hold the same; undefined equals undefined only. The values of custom fields are
 * read on first need and are no property, so Node's deep equality does not see them.
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
