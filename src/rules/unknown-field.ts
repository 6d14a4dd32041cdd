import type { StoredType, ValueType } from '../contract/fields.ts';
import { closestName, quote } from './refusal.ts';
import type { Schema } from './schema.ts';

/** Returns the error text for an undefined field name. `setting`: the option that would accept it. */
export function unknownFieldText(type: StoredType, name: string, schema: Schema, setting: string): string {
  const close = closestField(type, name, schema);
  const meant = close === undefined ? '' : ` (did you mean ${close}?)`;
  return (
    `${type} has no field ${quote(name)}${meant}; define it (mktows fields add --type ${type} --name …) ` +
    `or open the schema (mktows serve ${setting}, or --schema open)`
  );
}

/** Returns the name of the field closest to an undefined one. */
export const closestField = (type: ValueType, name: string, schema: Schema): string | undefined =>
  closestName(
    name,
    schema.fields[type].all.map((field) => field.name),
  );
