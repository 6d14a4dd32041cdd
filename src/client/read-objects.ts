import { type FieldDefinition, isStored, type StoredType, standardFields } from '../contract/fields.ts';
import type { Received } from '../contract/messages.ts';
import type { FoundMObject, FoundProgram } from './objects.ts';

/** Reads an object of an answer. Throws if it has no id, or a type that is not asked for. */
export function readObject(object: Received<'MObject'>): FoundMObject {
  const { type = '', id } = object;
  if (id === undefined) throw new Error(`the ${type} in the answer has no id`);
  if (type === 'Program') return readProgram(id, object);
  if (!isStored(type)) throw new Error(`the answer has an object of the type "${type}"`);
  return {
    type,
    id,
    createdAt: readDate(object.createdAt),
    updatedAt: readDate(object.updatedAt),
    attributes: readAttributes(type, object.attribList),
    associations: (object.associationList?.mObjAssociation ?? []).flatMap((association) =>
      association.id === undefined ? [] : [{ type: association.mObjType ?? '', id: association.id }],
    ),
  } as FoundMObject;
}

/** Reads a time; null if there is none. */
export const readDate = (text: string | undefined): Date | null =>
  text === undefined ? null : new Date(text);

function readAttributes(type: StoredType, list: Received<'ArrayOfAttrib'> | undefined): object {
  const fields: readonly FieldDefinition[] = standardFields[type];
  const kinds = new Map(fields.map(({ name, dataType }) => [name, dataType]));
  return Object.fromEntries(
    (list?.attrib ?? []).map(({ name = '', value = '' }) => [name, readValue(value, kinds.get(name))]),
  );
}

/** Reads a value by its data type. One of another data type, and one that does not have its type, stays text. */
export function readValue(text: string, dataType: string | undefined): string | number | boolean | Date {
  switch (dataType) {
    case 'integer':
    case 'float':
    case 'currency':
    case 'reference': {
      const number = Number(text);
      return text.trim() === '' || Number.isNaN(number) ? text : number;
    }
    case 'boolean':
      return text === 'true' || text === '1' || (text === 'false' || text === '0' ? false : text);
    case 'datetime': {
      const date = new Date(text);
      return Number.isNaN(date.getTime()) ? text : date;
    }
    default:
      return text;
  }
}

/** Reads pairs of name and value. */
export const readPairs = (list: Received<'ArrayOfAttrib'> | undefined): Record<string, string> =>
  Object.fromEntries((list?.attrib ?? []).map(({ name = '', value = '' }) => [name, value]));

function readProgram(id: number, { attribList, typeAttribList }: Received<'MObject'>): FoundProgram {
  const items = (typeAttribList?.typeAttrib ?? []).map(({ attrType, attrList }) => ({
    attrType,
    values: readPairs(attrList),
  }));
  const pairs = (kind: string, name: string) =>
    Object.fromEntries(
      items.flatMap(({ attrType, values }) => {
        const key = values[name];
        return attrType !== kind || key === undefined ? [] : [[key, values.Value ?? '']];
      }),
    );
  const { Channel: channel = null, ...tags } = pairs('Tag', 'Type');
  return {
    type: 'Program',
    id,
    attributes: readPairs(attribList),
    channel,
    tags,
    tokens: pairs('Token', 'Name'),
    costs: items.flatMap(({ attrType, values }) =>
      attrType === 'Cost'
        ? [
            {
              id: Number(values.Id),
              month: values.Month ?? '',
              amount: Number(values.Amount),
              note: values.Note ?? null,
            },
          ]
        : [],
    ),
  };
}
