import { hash } from 'node:crypto';
import { declarationOf, type LookupName, type RecordType } from '../records/all.ts';
import type { Lookup } from '../records/declare.ts';
import type { FieldValues } from '../records/field-values.ts';
import type { LookupValue, WantedLookup } from './facts.ts';
import { foldName } from './schema.ts';

/** Returns the lookup of the records whose columns have these values, in the order of the declared columns. */
export const lookup = <Type extends RecordType>(
  type: Type,
  name: LookupName<Type>,
  ...values: readonly LookupValue[]
): WantedLookup => {
  const { columns } = declaredLookup(type, name);
  return {
    type,
    lookup: name,
    values: columns.map((column, index) => asHeld(type, column, values[index] ?? null)),
  };
};

/** The longest text that a column for lookups holds. PostgreSQL indexes no long texts. */
const LOOKED_UP_AT_MOST = 250;

/** Returns a text that lookups can compare in place of this one: a long one is cut and ends in its hash. */
export function boundedText(text: string): string {
  if (text.length <= LOOKED_UP_AT_MOST) return text;
  return `${text.slice(0, 180).toWellFormed()}#${hash('sha256', text)}`;
}

/** Returns the bounded form in which texts are compared without case. */
export const foldedText = (text: string): string => boundedText(foldName(text));

/** Returns a value as a column holds it. */
export function asHeld(type: RecordType, property: string, value: LookupValue): LookupValue {
  const isFolded = declarationOf[type].columns[property]?.foldedOf !== undefined;
  return isFolded && typeof value === 'string' ? foldedText(value) : value;
}

/** Returns a declared lookup. */
export function declaredLookup(type: RecordType, name: string): Lookup {
  const found = declarationOf[type].lookups?.[name];
  if (found === undefined) throw new TypeError(`${type} declares no lookup ${name}`);
  return found;
}

/** Returns a text that only equal values of one lookup share. */
export function valuesIdentity(values: readonly LookupValue[]): string {
  if (values.length !== 1) return JSON.stringify(values);
  const [value] = values;
  // Most lookups have one value; a quote keeps texts apart from the rest.
  return typeof value === 'string' ? `"${value}` : String(value);
}

/** Returns the values by which a lookup finds the record. */
export function lookupValues(type: RecordType, properties: readonly string[], record: object): LookupValue[] {
  const { columns } = declarationOf[type];
  const { values } = record as { readonly values?: FieldValues };
  return properties.map((property) => {
    const source = columns[property]?.foldedOf ?? property;
    if (!(source in record)) return values?.get(property) ?? null;
    return asHeld(type, property, Reflect.get(record, source) as LookupValue);
  });
}
