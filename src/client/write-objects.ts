import { isStored, standardFields } from '../contract/fields.ts';
import type { Message } from '../contract/messages.ts';
import type { Association, ExternalKey, FieldValue, MObject, MObjectKey, Program } from './objects.ts';

/** Writes a value as the API takes it. `name` is for the error. Throws `TypeError` for a value that it cannot take. */
export function writeValue(value: FieldValue, name: string, isDay = false): string {
  // One single space clears a field; an empty text leaves it as it is (docs/behaviour.md#empty-values).
  if (value === null) return ' ';
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError(`${name}: the date is invalid`);
    const text = value.toISOString();
    return isDay ? text.slice(0, 10) : text;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${name}: the number is ${value}; expected a finite one`);
  }
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`${name}: expected a text, number, boolean, Date or null, not ${typeof value}`);
  }
  return String(value);
}

/** Writes an object as syncMObjects takes it. Throws `TypeError` for a value that the API cannot take. */
export function writeObject(object: MObject): Message<'MObject'> {
  if (object.type === 'Program') return writeProgram(object);
  const { attributes = {}, associations } = object;
  const attrib = Object.entries(attributes).flatMap(([name, value]: [string, FieldValue | undefined]) =>
    value === undefined ? [] : [{ name, value: writeValue(value, name, isDayField(object.type, name)) }],
  );
  return {
    ...writeKey(object as MObjectKey),
    ...(attrib.length > 0 ? { attribList: { attrib } } : {}),
    ...(associations === undefined ? {} : { associationList: writeAssociations(associations) }),
  };
}

function isDayField(type: string, name: string): boolean {
  const folded = name.trim().toLowerCase();
  return (
    isStored(type) &&
    standardFields[type].some((field) => field.name.toLowerCase() === folded && field.dataType === 'date')
  );
}

/** Writes type, id and external key of an object. */
export function writeKey({ type, id, externalKey }: MObjectKey): Message<'MObject'> {
  return {
    type,
    ...(id === undefined ? {} : { id }),
    ...(externalKey === undefined ? {} : { externalKey: writeExternalKey(externalKey) }),
  };
}

export const writeExternalKey = ({ name, value }: ExternalKey): Message<'Attrib'> => ({
  name,
  value: writeValue(value, name),
});

export const writeAssociations = (
  associations: readonly Association[],
): Message<'ArrayOfMObjAssociation'> => ({
  mObjAssociation: associations.map((association) => ({
    mObjType: association.type,
    ...('id' in association
      ? { id: association.id }
      : { externalKey: writeExternalKey(association.externalKey) }),
  })),
});

function writeProgram({ type, id, costs = [], tags = {}, channel }: Program): Message<'MObject'> {
  const tag = (name: string, value: string) => item('Tag', { Type: name, Value: value });
  const typeAttrib = [
    ...Object.entries(tags).map(([name, value]) => tag(name, value)),
    ...(channel === undefined ? [] : [tag('Channel', channel)]),
    ...costs.map(({ id: costId, month, amount, note }) =>
      item('Cost', { Month: month, Amount: amount, Id: costId, Note: note }),
    ),
  ];
  return { type, id, typeAttribList: { typeAttrib } };
}

function item(
  attrType: string,
  values: Readonly<Record<string, string | number | undefined>>,
): Message<'TypeAttrib'> {
  const attrib = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: writeValue(value, `${attrType} ${name}`) }],
  );
  return { attrType, attrList: { attrib } };
}
