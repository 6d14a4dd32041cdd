import type { DescribedField } from '../bulk/columns.ts';
import { type DataType, isStored, type ReferenceTarget } from '../contract/fields.ts';
import {
  countedParts,
  declarationOf,
  type FileSection,
  isKeyed,
  type RecordType,
  sectionTypes,
} from '../records/all.ts';
import { fieldKinds, type Kind } from '../records/column.ts';
import type { Declaration } from '../records/declare.ts';
import type { Schema } from '../rules/schema.ts';

/** The place of a column's value in a record of an instance file. */
export type Place =
  | { readonly kind: 'property'; readonly property: string }
  /** A value by name, such as one under `attributes`. */
  | { readonly kind: 'named'; readonly property: string; readonly name: string }
  /** A property of a row that belongs to the record, such as the month of a cost. */
  | { readonly kind: 'part'; readonly property: string; readonly name: string };

/** A column of a file. `name`: its header. */
export interface TransferField extends DescribedField {
  readonly references: ReferenceTarget | null;
  readonly place: Place;
}

/** The columns of a record type in files. */
export interface Layout {
  readonly type: RecordType;
  readonly declaration: Declaration;
  /** All columns but the id and those of names that no definition has. */
  readonly fields: readonly TransferField[];
  /** The types that a row can refer to. */
  readonly targets: readonly ReferenceTarget[];
  /** The properties that hold values by name. */
  readonly named: readonly string[];
  /** The property that holds the values of fields without a property of their own. */
  readonly fieldsIn: string | undefined;
  /** The property whose rows have a row of the file each; undefined: a record has one row. */
  readonly part: string | undefined;
  /** Returns the column of a header such as `tokens.NAME`; undefined: it is no such header. */
  exactField(header: string): TransferField | undefined;
}

/** The data type as which values of a kind are read and written. */
const dataTypes: Readonly<Partial<Record<Kind, DataType>>> = {
  id: 'integer',
  integer: 'integer',
  number: 'float',
  boolean: 'boolean',
  time: 'datetime',
};

/** Returns the columns of a section, derived from the declaration of its type and from the definitions. */
export function layoutOf(section: FileSection, schema: Schema): Layout {
  const type = sectionTypes[section];
  const declaration: Declaration = declarationOf[type];
  const { fieldProperties = {} } = declaration;
  const named = namedProperties(declaration);
  const ownTexts = Object.keys(declaration.columns).find(
    (name) => declaration.columns[name]?.kind === 'texts',
  );
  const fieldsIn = declaration.fields === undefined ? ownTexts : 'attributes';
  const properties = Object.entries(declaration.columns).filter(
    ([, { kind, foldedOf, references }]) =>
      kind !== 'texts' && foldedOf === undefined && references !== 'Workspace',
  );
  const displayNames = new Map(
    (declaration.fields ?? []).map(({ name, displayName }) => [fieldProperties[name], displayName]),
  );
  const isTime = ([, { kind }]: (typeof properties)[number]) => kind === 'time';
  const ofProperty = ([property, { kind, references }]: (typeof properties)[number]) =>
    propertyField(
      property,
      references === undefined ? (dataTypes[kind] ?? 'text') : 'reference',
      (references as ReferenceTarget | undefined) ?? null,
      property,
      displayNames.get(property) ?? null,
    );
  const fields = [
    ...properties.filter((each) => !isTime(each)).map(ofProperty),
    ...definedFields(declaration, fieldsIn, schema),
    ...(type === 'OpportunityPersonRole' ? [propertyField('orphan', 'boolean', null)] : []),
    ...('tags' in declaration.parts ? tagFields(schema) : []),
    ...countedParts(declaration).flatMap(([property, part]) => partFields(property, part)),
    ...properties.filter(isTime).map(ofProperty),
  ];
  return {
    type,
    declaration,
    fields,
    targets: fields.flatMap(({ references }) => references ?? []),
    named,
    fieldsIn,
    part: countedParts(declaration)[0]?.[0],
    exactField(header) {
      const property = named.find((each) => header.startsWith(`${each}.`) && header.length > each.length + 1);
      if (property === undefined) return undefined;
      const name = header.slice(property.length + 1);
      const field = property === fieldsIn && isKeyed(type) ? schema.fields[type].find(name) : undefined;
      return namedField(property, name, header, null, field?.dataType, field?.size);
    },
  };
}

function namedProperties({ name, columns, parts, fields }: Declaration): string[] {
  const texts = Object.keys(columns).filter((property) => columns[property]?.kind === 'texts');
  const parted = Object.keys(parts).filter((property) => parts[property]?.kind === 'texts');
  const own = fields === undefined ? [] : ['attributes', ...(isStored(name) ? ['externalKeys'] : [])];
  return [...own, ...texts, ...parted];
}

const propertyField = (
  property: string,
  dataType: DataType,
  references: ReferenceTarget | null,
  name = property,
  displayName: string | null = null,
  size: number | null = null,
): TransferField => ({
  name,
  displayName,
  dataType,
  size,
  references,
  place: { kind: 'property', property },
});

const namedField = (
  property: string,
  name: string,
  header: string,
  displayName: string | null,
  dataType: DataType = 'text',
  size: number | null = null,
): TransferField => ({
  name: header,
  displayName,
  dataType,
  size,
  references: null,
  place: { kind: 'named', property, name },
});

function definedFields(
  { name: type, columns, instance = {}, fieldProperties = {} }: Declaration,
  fieldsIn: string | undefined,
  schema: Schema,
): TransferField[] {
  if (!isKeyed(type as RecordType) || fieldsIn === undefined) return [];
  const own = new Set(['id', ...Object.keys(columns)].map((name) => name.toLowerCase()));
  return schema.fields[type as keyof Schema['fields']].all.flatMap((field) => {
    const { name, displayName, dataType, size, references, custom } = field;
    // A field that a property holds has the property's column.
    if (name === 'Id' || (!custom && fieldProperties[name] !== undefined)) return [];
    const property = Object.keys(instance).find((each) => instance[each] === name);
    if (property !== undefined)
      return [propertyField(property, dataType, references, name, displayName, size)];
    const header = own.has(name.toLowerCase()) ? `${fieldsIn}.${name}` : name;
    return [{ ...namedField(fieldsIn, name, header, displayName, dataType, size), references }];
  });
}

const tagFields = ({ tags }: Schema): TransferField[] =>
  Array.from(tags.keys(), (type) => namedField('tags', type, `tags.${type}`, type));

function partFields(property: string, { columns, counter }: ReturnType<typeof countedParts>[number][1]) {
  const prefix = counter.toLowerCase();
  const field = (name: string, dataType: DataType): TransferField => ({
    name: `${prefix}.${name}`,
    displayName: name === 'id' ? null : name,
    dataType,
    size: null,
    references: null,
    place: { kind: 'part', property, name },
  });
  return [
    field('id', 'integer'),
    ...Object.entries(columns).map(([name, { kind }]) => field(name, dataTypes[kind] ?? 'text')),
  ];
}

/** Tells whether an empty text is a value of its own, as in texts by name. */
export const isText = ({ dataType }: Pick<TransferField, 'dataType'>): boolean =>
  fieldKinds[dataType] === 'text';
