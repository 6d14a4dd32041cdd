import type { DataType, ReferenceTarget } from '../contract/fields.ts';

/**
 * The value of a column of each kind, the same in every engine. `time`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ` (a `UtcTime` of the rules); `date`:
 * `YYYY-MM-DD`; `texts`: texts by name.
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
}
export type Kind = keyof KindValues;

/** One column of a record type: the property of the record that it holds has its name in camel case. */
export interface Column<K extends Kind = Kind, Nullable extends boolean = boolean> {
  readonly kind: K;
  readonly nullable: Nullable;
  /** The column's name where it is not the property's in snake case. */
  readonly name?: string;
  /** The record type whose ids it holds. */
  readonly references?: ReferenceTarget;
}
export type Columns = Readonly<Record<string, Column>>;

/** The value of a column. */
export type ColumnValue<C> =
  C extends Column<infer K, infer Nullable> ? KindValues[K] | (Nullable extends true ? null : never) : never;

const column = <K extends Kind>(kind: K): Column<K, false> => ({ kind, nullable: false });

export const text = column('text');
export const integer = column('integer');
export const number = column('number');
export const boolean = column('boolean');
export const date = column('date');
export const time = column('time');
export const texts = column('texts');

/** The same column, with null for "no value". */
export const nullable = <K extends Kind>(of: Column<K>): Column<K, true> => ({ ...of, nullable: true });

/** The same column under a name of its own. */
export const named = <C extends Column>(of: C, name: string): C => ({ ...of, name });

/** A column of ids of another record type; null: it leads to none. */
export const reference = (references: ReferenceTarget): Column<'id', true> => ({
  kind: 'id',
  nullable: true,
  references,
});

/** The kind of the column that holds a field of each data type. */
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
