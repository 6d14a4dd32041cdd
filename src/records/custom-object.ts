import type { DataType } from '../contract/fields.ts';
import { belongsTo, folded, internal, json, reference, text, time } from './column.ts';
import { recordType } from './declare.ts';
import type { FieldValue } from './field-values.ts';

/** A key or field of a custom object type. */
export interface CustomObjectField {
  readonly name: string;
  readonly dataType: Exclude<DataType, 'reference'>;
}

/** A type of custom objects, with what identifies them and what else they have, in the order answered. */
export const customObjectType = recordType({
  name: 'CustomObjectType',
  table: 'custom_object_type',
  section: 'customObjectTypes',
  inFile: 'nested',
  columns: {
    name: text,
    nameKey: folded('name'),
    keys: json<readonly CustomObjectField[]>(),
    fields: json<readonly CustomObjectField[]>(),
  },
  lookups: { name: { columns: ['nameKey'] } },
  parts: {},
  readLock: 'shared',
});

/**
 * A custom object. `key`: the rules' text of its key values, unique in its type, by whose order they are answered.
 * `leadId`: of the key MKTOID. `attributes`: keys and fields by name.
 */
export const customObject = recordType({
  name: 'CustomObject',
  table: 'custom_object',
  section: 'customObjects',
  inFile: 'nested',
  columns: {
    typeId: belongsTo('CustomObjectType'),
    key: internal(text),
    leadId: reference('Lead'),
    createdAt: time,
    updatedAt: time,
    attributes: json<Readonly<Record<string, FieldValue>>>(),
  },
  lookups: { key: { columns: ['typeId', 'key'] }, lead: { columns: ['leadId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
});
