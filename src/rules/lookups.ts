import { declarationOf, type LookupName, type RecordType } from '../records/all.ts';
import type { Lookup } from '../records/declare.ts';
import type { FieldValues } from '../records/field-values.ts';
import type { LookupValue, WantedLookup } from './facts.ts';

/** Returns the lookup of the records whose columns have these values, in the order of the declared columns. */
export const lookup = <Type extends RecordType>(
  type: Type,
  name: LookupName<Type>,
  ...values: readonly LookupValue[]
): WantedLookup => ({ type, lookup: name, values });

/** Returns a declared lookup. */
export function declaredLookup(type: RecordType, name: string): Lookup {
  const found = declarationOf[type].lookups?.[name];
  if (found === undefined) throw new TypeError(`${type} declares no lookup ${name}`);
  return found;
}

/** Returns a text that only equal values of one lookup share. */
export const valuesIdentity = (values: readonly LookupValue[]): string => JSON.stringify(values);

/** Returns the values by which a lookup finds the record. */
export function lookupValues(columns: readonly string[], record: object): LookupValue[] {
  const { values } = record as { readonly values?: FieldValues };
  return columns.map((column) =>
    column in record ? (Reflect.get(record, column) as LookupValue) : (values?.get(column) ?? null),
  );
}
