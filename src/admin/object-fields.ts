import type { DataType, FieldDefinition, ValueType } from '../contract/fields.ts';
import { declarationOf, isKeyed, type Records, type RecordType } from '../records/all.ts';
import { fieldKinds, type Kind } from '../records/column.ts';
import type { CustomObjectField } from '../records/custom-object.ts';
import type { Declaration } from '../records/declare.ts';
import type { FieldValue, FieldValues } from '../records/field-values.ts';
import { foldName, type Schema } from '../rules/schema.ts';
import { isoText } from '../rules/values.ts';
import type { BrowseSubject } from '../store/browsing.ts';
import { columnsOf, fieldColumns, type TableColumn } from '../store/columns.ts';

/** A value that objects of a type have: the id, a property of the record, or a field. */
export interface ObjectField {
  readonly name: string;
  readonly displayName: string | null;
  readonly dataType: DataType;
  readonly custom: boolean;
  readonly references: RecordType | null;
  readonly kind: Kind;
  /** The subject of filters and sorts. */
  readonly subject: BrowseSubject;
  /** Reads it from a record. */
  read(record: Properties): FieldValue | null;
}

/** Any record. */
export type Properties = Readonly<Record<string, unknown>> & { readonly id: number };

/** The data type of each kind of property. */
const dataTypes: Readonly<Record<Kind, DataType>> = {
  id: 'integer',
  text: 'string',
  integer: 'integer',
  number: 'float',
  boolean: 'boolean',
  date: 'date',
  time: 'datetime',
  texts: 'text',
  json: 'text',
};

const valuesOf = (record: Properties) => (record as { readonly values?: FieldValues }).values;

/** Returns what can be shown of a type's objects, filtered and sorted by: declared ones, then those of the instance. */
export function objectFields(type: RecordType, schema: Schema): ObjectField[] {
  const declaration = declarationOf[type];
  const columns = columnsOf(declaration);
  const [id, ...others] = columns as [TableColumn, ...TableColumn[]];
  return [
    propertyField('id', id),
    ...Object.keys(declaration.columns).flatMap((property, index) => {
      const column = others[index];
      return column === undefined || isHidden(column) ? [] : [propertyField(property, column)];
    }),
    ...standardOf(declaration, columns),
    ...customOf(type, columns, schema),
  ];
}

/** Tells whether a column holds no single value, repeats another column, or is not for people. */
const isHidden = ({ kind, isFolded, isInternal }: TableColumn) =>
  kind === 'texts' || kind === 'json' || isFolded === true || isInternal === true;

function propertyField(name: string, column: TableColumn): ObjectField {
  const { kind, references = null } = column;
  const own = kind as Kind;
  return {
    name,
    displayName: null,
    dataType: references === null ? dataTypes[own] : 'reference',
    custom: false,
    references,
    kind: own,
    subject: { column },
    read: (record) => (record[name] ?? null) as FieldValue | null,
  };
}

function standardOf({ name, fields }: Declaration, columns: readonly TableColumn[]): ObjectField[] {
  if (fields === undefined) return [];
  return fieldColumns[name as ValueType].flatMap(({ field, column: columnName }) => {
    const column = columns.find((each) => each.name === columnName);
    return column === undefined
      ? []
      : [fieldOf(field, { column, field: foldName(field.name) }, readValue(field))];
  });
}

const readValue = (field: FieldDefinition) => (record: Properties) =>
  valuesOf(record)?.get(field.name) ?? null;

/** Fields of the instance are in the JSON of the type: custom values with their types, or texts by name. */
function customOf(type: RecordType, columns: readonly TableColumn[], schema: Schema): ObjectField[] {
  if (!isKeyed(type)) return [];
  const column =
    columns.find(({ kind }) => kind === 'custom') ?? columns.find(({ kind }) => kind === 'texts');
  if (column === undefined) return [];
  const { fieldsAreJson = false, fieldProperties } = declarationOf[type];
  const property = textsOf(declarationOf[type])[0];
  return schema.fields[type].all
    .filter(({ name, custom }) => (custom || fieldsAreJson) && fieldProperties?.[name] === undefined)
    .map((field) => {
      const isTyped = column.kind === 'custom';
      const member = { name: field.name, kind: isTyped ? fieldKinds[field.dataType] : ('text' as const) };
      const subject = { column, member, ...(isTyped ? { field: foldName(field.name) } : {}) };
      const readText = (record: Properties) =>
        (record[property ?? ''] as ReadonlyMap<string, string> | undefined)?.get(field.name) ?? null;
      return fieldOf(field, subject, isTyped ? readValue(field) : readText);
    });
}

const fieldOf = (
  { name, displayName, dataType, custom, references }: FieldDefinition,
  subject: BrowseSubject,
  read: ObjectField['read'],
): ObjectField => ({
  name,
  displayName,
  dataType,
  custom,
  references,
  kind: subject.member?.kind ?? fieldKinds[dataType],
  subject,
  read,
});

/** Returns the properties that hold texts by name, or JSON. */
const propertiesOf = (kind: 'texts' | 'json', { columns }: Declaration): string[] =>
  Object.keys(columns).filter((property) => columns[property]?.kind === kind);

const textsOf = (declaration: Declaration): string[] => propertiesOf('texts', declaration);

/** A field that is none of the type's, but a name in its texts, such as an attribute of a lead. */
function textField(type: RecordType, written: string): ObjectField | undefined {
  const [prefix = '', ...rest] = written.split('.');
  const declaration = declarationOf[type];
  const property = textsOf(declaration).find((each) => foldName(each) === foldName(prefix));
  const name = rest.join('.');
  if (property === undefined || name === '') return undefined;
  const column = columnsOf(declaration)[1 + Object.keys(declaration.columns).indexOf(property)];
  if (column === undefined) return undefined;
  return {
    ...propertyField(written, column),
    dataType: 'text',
    kind: 'text',
    subject: { column, member: { name, kind: 'text' } },
    read: (record) => (record[property] as ReadonlyMap<string, string>).get(name) ?? null,
  };
}

/** Finds a field by its name without regard to case; `attributes.Country` is a name in the texts `attributes`. */
export function findObjectField(
  type: RecordType,
  fields: readonly ObjectField[],
  name: string,
): ObjectField | undefined {
  const folded = foldName(name);
  return fields.find((field) => foldName(field.name) === folded) ?? textField(type, name);
}

/** Properties and fields that name an object to people; the first that its type has counts. */
const naming = ['name', 'email', 'role', 'value', 'type'];

/** Returns the field that names objects of a type; undefined: they have an id only. */
export const nameField = (fields: readonly ObjectField[]): ObjectField | undefined =>
  naming.flatMap((name) => fields.find((field) => foldName(field.name) === name) ?? [])[0];

const jsonOf = (value: FieldValue, kind: Kind): FieldValue =>
  kind === 'time' ? isoText(String(value)) : value;

/** An object as the API shows it in a list. */
export interface ShownObject {
  readonly id: number;
  readonly name: string | null;
  /** By name, without those that have no value. Texts by name stand beside the fields. */
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** Returns the values of JSON: an object has one for each of its members, a list is one text. */
function shownJson(property: string, json: unknown): (readonly [name: string, value: FieldValue])[] {
  if (!Array.isArray(json)) return Object.entries((json ?? {}) as Readonly<Record<string, FieldValue>>);
  return json.length === 0 ? [] : [[property, json.map(itemText).join(', ')]];
}

/** Returns an item of a list as a text: a name with its value, a field with its data type, or a value. */
function itemText(item: unknown): string {
  if (Array.isArray(item)) return `${item[0]} = ${item[1] ?? ''}`;
  if (typeof item !== 'object' || item === null) return String(item);
  const { name, dataType } = item as CustomObjectField;
  return `${name} (${dataType})`;
}

const apart = new Set(['id', 'createdAt', 'updatedAt']);

/** Shows an object. */
export function showObject<Type extends RecordType>(
  type: Type,
  fields: readonly ObjectField[],
  record: Records[Type],
): ShownObject {
  const properties = record as unknown as Properties;
  const named = nameField(fields)?.read(properties) ?? null;
  const values: Record<string, FieldValue> = Object.create(null) as Record<string, FieldValue>;
  for (const property of textsOf(declarationOf[type])) {
    for (const [name, text] of properties[property] as ReadonlyMap<string, string>) values[name] = text;
  }
  for (const field of fields) {
    const value = apart.has(field.name) ? null : field.read(properties);
    if (value !== null) values[field.name] = jsonOf(value, field.kind);
  }
  for (const [name, value] of valuesOf(properties)?.custom ?? []) values[name] ??= value;
  for (const property of propertiesOf('json', declarationOf[type])) {
    for (const [name, value] of shownJson(property, properties[property])) values[name] ??= value;
  }
  const time = (property: string) =>
    typeof properties[property] === 'string' ? isoText(properties[property]) : null;
  return {
    id: record.id,
    name: named === null ? null : String(named),
    values,
    createdAt: time('createdAt'),
    updatedAt: time('updatedAt'),
  };
}
