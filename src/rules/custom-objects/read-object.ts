import { MAX_CREATED_FIELDS_PER_TYPE } from '../../contract/fields.ts';
import type { Received } from '../../contract/messages.ts';
import { nameProblem } from '../../contract/names.ts';
import type { CustomObjectField } from '../../records/custom-object.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { ignoredNames } from '../field-names.ts';
import { quote, refuse } from '../refusal.ts';
import { readAttribute } from '../row-values.ts';
import { foldName } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';
import { objectKey } from './object-key.ts';
import { createdField, definitionOf, type NamedType } from './object-type.ts';

export type Attributes = Received<'ArrayOfAttribute'> | null | undefined;

/** The keys that a row sends, read. `values`: one for each key of the type, in its order. */
export interface SentKeys {
  readonly values: readonly FieldValue[];
  readonly key: string;
}

/**
 * Reads the keys of a row. `strangers`: unknown names among its attributes, which are reported with those of its keys.
 * Refuses the row if a name is unknown, a key missing or a value invalid (docs/behaviour-leads.md#keys-of-custom-objects).
 */
export function readKeys(
  list: Attributes,
  { type, keys }: NamedType,
  settings: MObjectSettings,
  strangers: readonly string[] = [],
): SentKeys {
  const { known, unknown } = byField(list, keys);
  if (unknown.size + strangers.length > 0) {
    // Marketo's text, the only one that is published for a row of these operations.
    refuse(`Unknown name attribute list: ${[...unknown.values(), ...strangers].join(', ')}`);
  }
  const missing = type.keys.filter((key) => (known.get(key) ?? '').trim() === '');
  if (missing.length > 0) refuse(`Missing key: ${missing.map(({ name }) => name).join(', ')}`);
  const values = type.keys.map((key) => readAttribute(definitionOf(key), known.get(key) ?? '', settings));
  return { values: values as FieldValue[], key: objectKey(values as FieldValue[]) };
}

/** A row of syncCustomObjects, read. */
export interface SentObject extends SentKeys {
  /** Values by name, of fields and keys; null: clear. */
  readonly attributes: ReadonlyMap<string, FieldValue | null>;
  /** Fields among them that the type does not have yet. */
  readonly newFields: readonly CustomObjectField[];
}

/** Reads a row of syncCustomObjects. Refuses it if the row is invalid by itself. */
export function readObject(
  { customObjKeyList, customObjAttributeList }: Received<'CustomObj'>,
  named: NamedType,
  settings: MObjectSettings,
): SentObject {
  const { known, unknown } = byField(customObjAttributeList, named.all);
  const { unknownFields } = settings;
  for (const folded of ignoredNames) unknown.delete(folded);
  const keys = readKeys(
    customObjKeyList,
    named,
    settings,
    unknownFields === 'fail' ? [...unknown.values()] : [],
  );
  const newFields = unknownFields === 'create' ? fieldsToCreate([...unknown.values()], named) : [];
  const added = new Map(newFields.map((field) => [foldName(field.name), field]));
  const texts = [...known, ...byField(customObjAttributeList, added).known];

  const attributes = new Map<string, FieldValue | null>();
  for (const [field, text] of texts) {
    const value = readAttribute(definitionOf(field), text, settings);
    if (value !== undefined) attributes.set(field.name, value);
  }
  for (const [index, { name }] of named.type.keys.entries()) {
    const value = keys.values[index] as FieldValue;
    if (attributes.has(name) && attributes.get(name) !== value) {
      refuse(`${name}: customObjAttributeList and customObjKeyList have different values; they must agree`);
    }
    attributes.set(name, value);
  }
  return { ...keys, attributes, newFields: newFields.filter(({ name }) => attributes.has(name)) };
}

/** Attributes by the field that they name, and the unknown names as sent, by folded name. The last of a name counts. */
function byField(list: Attributes, fields: ReadonlyMap<string, CustomObjectField>) {
  const known = new Map<CustomObjectField, string>();
  const unknown = new Map<string, string>();
  for (const { attrName = '', attrValue = '' } of list?.attribute ?? []) {
    const folded = foldName(attrName);
    const field = fields.get(folded);
    if (field !== undefined) known.set(field, attrValue);
    else unknown.set(folded, attrName.trim());
  }
  return { known, unknown };
}

function fieldsToCreate(names: readonly string[], { type }: NamedType): CustomObjectField[] {
  if (type.fields.length + names.length > MAX_CREATED_FIELDS_PER_TYPE) {
    refuse(
      `${type.name} has no field ${quote(names[0] ?? '')}, and it cannot be created: ` +
        `a type has at most ${MAX_CREATED_FIELDS_PER_TYPE} fields`,
    );
  }
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem !== undefined) {
      refuse(`customObjAttributeList: ${quote(name)} cannot become a field: the name ${problem}`);
    }
  }
  return names.map(createdField);
}

/** Describes keys for people: `MKTOID = "7", rid = "a"`. */
export const describeKeys = (list: Attributes): string =>
  (list?.attribute ?? [])
    .map(({ attrName = '', attrValue = '' }) => `${attrName.trim()} = ${quote(attrValue)}`)
    .join(', ');
