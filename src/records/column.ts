import type { DataType } from '../contract/fields.ts';

/**
 * The value type of each column kind, the same in every engine. `time`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ` (a `UtcTime`
 * of the rules); `date`: `YYYY-MM-DD`; `texts`: texts by name; `json`: what JSON can hold, in its order.
 */
export interface KindValues {
  id: number;
  text: string;
  integer: number;
  number: number;
  boolean: boolean;
  date: string;
  time: string;
  texts: ReadonlyMap<string, string>;
  json: unknown;
}
export type Kind = keyof KindValues;

/** A column of a record type. The record's property is the column name in camel case. */
export interface Column<K extends Kind = Kind, Nullable extends boolean = boolean> {
  readonly kind: K;
  readonly nullable: Nullable;
  /** The column name, if it is not the property name in snake case. */
  readonly name?: string;
  /** The record type whose ids the column holds. */
  readonly references?: string;
  /**
   * The text property whose value the column holds without case (`foldedText`), for lookups. The store fills it; no
   * record has a property of this name.
   */
  readonly foldedOf?: string;
  /** Its text is in a form of the rules, which means nothing to people. */
  readonly isInternal?: true;
}

/** A column whose JSON has a type of its own. */
export interface JsonColumn<T> extends Column<'json', false> {
  /** Exists for the type system only. */
  readonly holds?: T;
}
export type Columns = Readonly<Record<string, Column>>;

/** The value of a column. */
export type ColumnValue<C> =
  C extends JsonColumn<infer T>
    ? T
    : C extends Column<infer K, infer Nullable>
      ? KindValues[K] | (Nullable extends true ? null : never)
      : never;

const column = <K extends Kind>(kind: K): Column<K, false> => ({ kind, nullable: false });

export const text = column('text');
export const integer = column('integer');
export const number = column('number');
export const boolean = column('boolean');
export const date = column('date');
export const time = column('time');
export const texts = column('texts');

/** Declares a column whose text only the rules read. */
export const internal = <K extends Kind>(of: Column<K, false>): Column<K, false> => ({
  ...of,
  isInternal: true,
});

/** Makes a column nullable; null means no value. */
export const nullable = <K extends Kind>(of: Column<K>): Column<K, true> => ({ ...of, nullable: true });

/** Gives a column a name other than the default. */
export const named = <C extends Column>(of: C, name: string): C => ({ ...of, name });

/** Declares a nullable column that refers to another record type. */
export const reference = (references: string): Column<'id', true> => ({
  kind: 'id',
  nullable: true,
  references,
});

/** Declares the column of the record that a record belongs to. */
export const belongsTo = (references: string): Column<'id', false> => ({
  kind: 'id',
  nullable: false,
  references,
});

/** Declares a column that holds a text property without case, so that a lookup finds it in any. */
export const folded = (foldedOf: string): Column<'text', true> & { readonly foldedOf: string } => ({
  kind: 'text',
  nullable: true,
  foldedOf,
});

/** Declares a column of JSON that only the rules look into. */
export const json = <T>(): JsonColumn<T> => column('json');

/** The column kind that stores each field data type. */
export const fieldKinds: Readonly<Record<DataType, Kind>> = {
  string: 'text',
  text: 'text',
  phone: 'text',
  url: 'text',
  email: 'text',
  integer: 'integer',
  float: 'number',
  currency: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'time',
  reference: 'id',
};

/** Returns the name of the column for a property or field: `ExternalCreatedDate` → `external_created_date`. */
export const columnName = (property: string): string =>
  property.replace(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();
