import { CUSTOM_FIELD_SIZE, type FieldDefinition } from '../../contract/fields.ts';
import type { Records } from '../../records/all.ts';
import type { CustomObjectField } from '../../records/custom-object.ts';
import { foldName } from '../schema.ts';

export type CustomObjectTypeRecord = Records['CustomObjectType'];
export type CustomObjectRecord = Records['CustomObject'];

/** The name of the key or field that holds a lead's id (docs/behaviour-leads.md#mktoid). */
const LEAD_ID = 'MKTOID';

/** Returns whether a key or field of this name holds a lead's id. */
export const isLeadId = (name: string): boolean => foldName(name) === foldName(LEAD_ID);

/** A type with its keys and fields by folded name. */
export interface NamedType {
  readonly type: CustomObjectTypeRecord;
  readonly keys: ReadonlyMap<string, CustomObjectField>;
  /** Keys and fields. */
  readonly all: ReadonlyMap<string, CustomObjectField>;
}

export function namedType(type: CustomObjectTypeRecord): NamedType {
  const byName = (fields: readonly CustomObjectField[]) =>
    fields.map((field) => [foldName(field.name), field] as const);
  const keys = byName(type.keys);
  return { type, keys: new Map(keys), all: new Map([...byName(type.fields), ...keys]) };
}

/** Returns the definition by which the values of a key or field are read. */
export function definitionOf({ name, dataType }: CustomObjectField): FieldDefinition {
  const hasLeadId = isLeadId(name);
  return {
    name,
    displayName: null,
    description: null,
    dataType: hasLeadId ? 'reference' : dataType,
    size: dataType === 'string' ? CUSTOM_FIELD_SIZE : null,
    custom: true,
    references: hasLeadId ? 'Lead' : null,
  };
}

/** Returns the key or field that an undefined name becomes under `unknownFields: create`. */
export const createdField = (name: string): CustomObjectField =>
  isLeadId(name) ? { name: LEAD_ID, dataType: 'integer' } : { name, dataType: 'string' };
