import { byValueType, type FieldDefinition, type ValueType } from '../contract/fields.ts';
import { byType, declarationOf, type RecordType } from '../records/all.ts';
import { type Columns, columnName, fieldKinds, type Kind } from '../records/column.ts';
import type { Declaration, RowsPart } from '../records/declare.ts';
import { valueFields } from '../records/field-values.ts';

/** A standard field and its column. */
export interface FieldColumn {
  readonly field: FieldDefinition;
  readonly column: string;
}

/** Content of a column. `custom`: the values of custom fields, as one JSON object. */
export type ColumnKind = Kind | 'custom';

/** A column of a record type's table. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** The record type whose ids it holds. */
  readonly references?: RecordType;
  /** It holds a text without case. */
  readonly isFolded?: boolean;
  /** Its text means nothing to people. */
  readonly isInternal?: boolean;
}

/** The table of each record type. */
export const tableNames: Readonly<Record<RecordType, string>> = byType(({ table }) => table);

/** The columns of `valueFields`, in the same order. `Id` is not included: it is the primary key. */
export const fieldColumns: Readonly<Record<ValueType, readonly FieldColumn[]>> = byValueType((type) =>
  valueFields[type].map((field) => ({ field, column: columnName(field.name) })),
);

const idColumn: TableColumn = { name: 'id', kind: 'id', nullable: false };

const fixedColumns = (columns: Columns): TableColumn[] =>
  Object.entries(columns).map(
    ([property, { name = columnName(property), kind, nullable, references, foldedOf, isInternal }]) => ({
      name,
      kind,
      nullable,
      ...(references === undefined ? {} : { references: references as RecordType }),
      ...(foldedOf === undefined ? {} : { isFolded: true }),
      ...(isInternal === undefined ? {} : { isInternal }),
    }),
  );

/** Returns the columns of a record type's table: `id`, those of properties, those of fields, `custom`. */
export function columnsOf({ name, columns, fields }: Declaration): readonly TableColumn[] {
  const own = [idColumn, ...fixedColumns(columns)];
  if (fields === undefined) return own;
  const ofFields = fieldColumns[name as ValueType].map(
    ({ field: { dataType, references }, column }): TableColumn => ({
      name: column,
      kind: fieldKinds[dataType],
      nullable: true,
      ...(references === null ? {} : { references }),
    }),
  );
  return [...own, ...ofFields, { name: 'custom', kind: 'custom', nullable: true }];
}

/** The column of each property and field of a type. */
const columnsByProperty = byType((declaration) => {
  const columns = new Map(columnsOf(declaration).map((column) => [column.name, column]));
  const properties = Object.entries(declaration.columns).map(
    ([property, { name = columnName(property) }]) => [property, name] as const,
  );
  const fields = (declaration.fields ?? []).map(({ name }) => [name, columnName(name)] as const);
  return new Map(
    [...properties, ...fields].flatMap(([property, name]) => {
      const column = columns.get(name);
      return column === undefined ? [] : [[property, column] as const];
    }),
  ).set('id', idColumn);
});

/** Returns the column of a standard field, or of the property that holds it; undefined: its values are in `custom`. */
export function columnOfField(type: ValueType, field: FieldDefinition): string | undefined {
  const property = field.custom ? undefined : declarationOf[type].fieldProperties?.[field.name];
  if (property !== undefined) return columnFor(type, property).name;
  return fieldColumns[type].find((standard) => standard.field === field)?.column;
}

/** Returns the column that holds a property or a standard field. */
export function columnFor(type: RecordType, property: string): TableColumn {
  const column = columnsByProperty[type].get(property);
  if (column === undefined) throw new TypeError(`${type} has no column for ${property}`);
  return column;
}

/** Returns the column of a part's table that holds the id of the record that the row belongs to. */
export const ownerColumn = ({ table }: Declaration): string => `${table}_id`;

/** Returns the columns of a part's table: `id`, those of properties, and the owner's, which stands last. */
export const partColumns = (part: RowsPart, owner: Declaration): readonly TableColumn[] => [
  idColumn,
  ...fixedColumns(part.columns),
  { name: ownerColumn(owner), kind: 'id', nullable: false },
];
