import type { ValueType } from '../contract/fields.ts';
import { declarationOf } from './all.ts';
import type { FieldValue, FieldValues } from './field-values.ts';

/** A record with values of fields. */
export interface Valued {
  readonly id: number;
  readonly values: FieldValues;
}

/** Returns the value of a field, whether it is among `values` or in a property of its own. */
export function heldValue(type: ValueType, record: Valued, field: string): FieldValue | undefined {
  const property = declarationOf[type].fieldProperties?.[field];
  return property === undefined
    ? record.values.get(field)
    : ((Reflect.get(record, property) as FieldValue | null) ?? undefined);
}

/** Returns whether both records have the same value for this field, or both have none. */
export function agreeOn(type: ValueType, field: string, some: Valued, other: Valued): boolean {
  return declarationOf[type].fieldProperties?.[field] === undefined
    ? some.values.agrees(field, other.values)
    : heldValue(type, some, field) === heldValue(type, other, field);
}
