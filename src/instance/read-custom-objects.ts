import { nameProblem } from '../contract/names.ts';
import type { Records } from '../records/all.ts';
import type { CustomObjectField } from '../records/custom-object.ts';
import type { FieldValue } from '../records/field-values.ts';
import { keyOf, MAX_KEYS_PER_TYPE } from '../rules/custom-objects/object-key.ts';
import { definitionOf, isLeadId, type NamedType, namedType } from '../rules/custom-objects/object-type.ts';
import { ignoredNames } from '../rules/field-names.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { readValue } from '../rules/values.ts';
import { inside } from './mistakes.ts';
import { checkKnown, checkReference, type Reading, readInstant } from './reading.ts';
import type { Instance, InstanceObjectType } from './shape.ts';

type ObjectTypeRecord = Records['CustomObjectType'];

/** A custom object of the file. */
export interface ReadObject {
  readonly path: string;
  readonly key: string;
  readonly leadId: number | null;
  readonly attributes: Readonly<Record<string, FieldValue>>;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
}

/** A custom object type of the file. */
export interface ReadObjectType {
  /** The type of this name that the store has. */
  readonly before: ObjectTypeRecord | undefined;
  /** The type after the file is applied. */
  readonly content: Omit<ObjectTypeRecord, 'id'>;
  readonly objects: readonly ReadObject[];
}

/** Reads the custom object types and their objects. */
export function readObjectTypes({ customObjects = [] }: Instance, reading: Reading): ReadObjectType[] {
  const names = new Set<string>();
  return customObjects.flatMap((item: InstanceObjectType | undefined, index) => {
    if (item === undefined) return [];
    const path = inside('customObjects', index);
    const problem = nameProblem(item.type);
    if (problem !== undefined) reading.mistakes.add(`${path}.type`, `${quote(item.type)} ${problem}`);
    if (names.has(foldName(item.type))) {
      reading.mistakes.add(`${path}.type`, `duplicate type ${quote(item.type)} (case does not count)`);
    }
    names.add(foldName(item.type));
    checkFields(item, path, reading);
    const before = reading.objectType(item.type);
    const content =
      reading.exact || before === undefined ? contentOf(item) : merged(item, before, path, reading);
    return [{ before, content, objects: readObjects(item, content, path, reading) }];
  });
}

const contentOf = ({ type, keys, fields = [] }: InstanceObjectType): ReadObjectType['content'] => ({
  name: type,
  keys: keys.map(fieldOf),
  fields: fields.map(fieldOf),
});
const fieldOf = ({ name, dataType }: CustomObjectField): CustomObjectField => ({ name, dataType });

/** Checks the names and data types of keys and fields. */
function checkFields({ keys, fields = [] }: InstanceObjectType, path: string, { mistakes }: Reading): void {
  if (keys.length === 0 || keys.length > MAX_KEYS_PER_TYPE) {
    mistakes.add(`${path}.keys`, `has ${keys.length} keys; expected 1 to ${MAX_KEYS_PER_TYPE}`);
  }
  const seen = new Set<string>();
  for (const [property, list] of Object.entries({ keys, fields })) {
    for (const [index, { name, dataType }] of list.entries()) {
      const place = inside(inside(path, property), index);
      const problem = ignoredNames.has(foldName(name))
        ? 'is set by the server; no key or field can have that name'
        : nameProblem(name);
      if (problem !== undefined) mistakes.add(`${place}.name`, `${quote(name)} ${problem}`);
      if (seen.has(foldName(name))) {
        mistakes.add(`${place}.name`, `duplicate ${quote(name)} among keys and fields (case does not count)`);
      }
      seen.add(foldName(name));
      if (isLeadId(name) && dataType !== 'integer') {
        mistakes.add(`${place}.dataType`, `${quote(name)} holds the id of a lead; expected integer`);
      }
    }
  }
}

/**
 * Adds the fields of the file to the type that exists, whose objects may have values under all names that it has. Its
 * keys stay: other ones would identify its objects anew.
 */
function merged(
  item: InstanceObjectType,
  before: ObjectTypeRecord,
  path: string,
  { mistakes }: Reading,
): ReadObjectType['content'] {
  const only = 'only when the store is made exactly like the file';
  const isSameKey = (key: CustomObjectField, index: number) =>
    foldName(key.name) === foldName(before.keys[index]?.name ?? '') &&
    key.dataType === before.keys[index]?.dataType;
  if (item.keys.length !== before.keys.length || !item.keys.every(isSameKey)) {
    const keys = before.keys.map(({ name, dataType }) => `${name} (${dataType})`).join(', ');
    mistakes.add(`${path}.keys`, `${before.name} already has the keys ${keys}; they can change ${only}`);
  }
  const { all } = namedType(before);
  const added = (item.fields ?? []).flatMap((field, index) => {
    const old = all.get(foldName(field.name));
    const place = inside(`${path}.fields`, index);
    if (old !== undefined && old.dataType !== field.dataType) {
      mistakes.add(
        `${place}.dataType`,
        `${quote(old.name)} already has type ${old.dataType}, which can become ${field.dataType} ${only}`,
      );
    }
    return old === undefined ? [fieldOf(field)] : [];
  });
  return { name: before.name, keys: before.keys, fields: [...before.fields, ...added] };
}

function readObjects(
  { objects = [] }: InstanceObjectType,
  content: ReadObjectType['content'],
  path: string,
  reading: Reading,
): ReadObject[] {
  const type = { id: 0, ...content };
  const named = namedType(type);
  const paths = new Map<string, string>();
  return objects.flatMap((object: (typeof objects)[number] | undefined, index) => {
    if (object === undefined) return [];
    const place = inside(`${path}.objects`, index);
    const attributes = readAttributes(object.attributes, named, `${place}.attributes`, reading);
    const key = keyOf(type, attributes) ?? '';
    const first = paths.get(key);
    if (first === undefined) paths.set(key, place);
    else if (key !== '') reading.mistakes.add(place, `has the same keys as ${first}; expected other ones`);
    const leadIds = Object.entries(attributes).filter(([name]) => isLeadId(name));
    return [
      {
        path: place,
        key,
        leadId: leadIds.length === 0 ? null : Number(leadIds[0]?.[1]),
        attributes,
        createdAt: readInstant(object, 'createdAt', place, reading),
        updatedAt: readInstant(object, 'updatedAt', place, reading),
      },
    ];
  });
}

function readAttributes(
  sent: Readonly<Record<string, FieldValue>>,
  { type, all }: NamedType,
  path: string,
  reading: Reading,
): Readonly<Record<string, FieldValue>> {
  const { mistakes } = reading;
  const read = new Map<string, FieldValue>();
  const given = new Set<string>();
  const wrong = new Set<string>();
  for (const [name, value] of Object.entries(sent)) {
    const place = inside(path, name);
    const field = all.get(foldName(name));
    if (field === undefined) {
      const names = [...all.values()].map((each) => each.name);
      if (reading.isComplete('customObjects')) {
        checkKnown(name, names, `key or field of ${type.name}`, place, reading);
      }
      continue;
    }
    if (given.has(field.name)) mistakes.add(place, 'duplicate name (case does not count)');
    given.add(field.name);
    const text = String(value);
    if (text.trim() === '') continue;
    const definition = definitionOf(field);
    const result = readValue(definition, text, reading.timeZone);
    if ('problem' in result) {
      mistakes.add(place, `${quote(text)}: ${result.problem}`);
      wrong.add(field.name);
      continue;
    }
    read.set(field.name, result.value);
    if (definition.references !== null) {
      checkReference(definition.references, Number(result.value), place, reading);
    }
  }
  for (const { name } of type.keys) {
    if (!read.has(name) && !wrong.has(name)) mistakes.addMissing(path, name);
  }
  return Object.fromEntries(read);
}
