import type { FieldDefinition } from '../contract/fields.ts';
import type { Columns, ColumnValue } from './column.ts';
import type { FieldValues } from './field-values.ts';

/** Texts by name that a record has any number of; each is a row of a table of its own. */
export interface TextsPart {
  readonly kind: 'texts';
  readonly table: string;
  /** The column of the name. */
  readonly nameColumn: string;
}

/** Rows with ids of their own that belong to a record. */
export interface RowsPart<C extends Columns = Columns> {
  readonly kind: 'rows';
  readonly table: string;
  readonly columns: C;
  /** The counter that gives out their ids. */
  readonly counter: string;
}
export type Part = TextsPart | RowsPart;
export type Parts = Readonly<Record<string, Part>>;

/** What a record type is. It holds no rules, no SQL and no functions: what decides something belongs in `rules/`. */
export interface Declaration {
  /** The type's name in the API. */
  readonly name: string;
  readonly table: string;
  /** The plural by which the instance file, copy and reports call its records. */
  readonly section: string;
  /** Whether the store counts up their ids, or they are given from outside. */
  readonly ids: 'counted' | 'given';
  /** The field that each property of its records in the instance file holds, besides those under `attributes`. */
  readonly instance?: Readonly<Record<string, string>>;
  /** The columns besides `id`, by the property of the record. */
  readonly columns: Columns;
  /**
   * The standard fields of a type whose records have `values`. Each but `Id` is a column; the values of custom fields
   * stand together in the column `custom`, as JSON.
   */
  readonly fields?: readonly FieldDefinition[];
  /**
   * What external keys find a record by: its fields, or the texts and columns of these properties; undefined: it has
   * none.
   */
  readonly keys?: 'fields' | readonly string[];
  /** What a record has several of, in tables of their own, by the property of the record. */
  readonly parts: Parts;
  /** Whether calls that change a record lock that record, or the whole database. */
  readonly locking: 'row' | 'database';
}

/** A row of a part. */
export type PartRow<P> =
  P extends RowsPart<infer C>
    ? { readonly id: number } & { readonly [Property in keyof C]: ColumnValue<C[Property]> }
    : never;

type PartValue<P> = P extends TextsPart ? ReadonlyMap<string, string> : readonly PartRow<P>[];

/** The record of a declared type. */
export type RecordOf<D extends Declaration> = { readonly id: number } & {
  readonly [Property in keyof D['columns']]: ColumnValue<D['columns'][Property]>;
} & { readonly [Property in keyof D['parts']]: PartValue<D['parts'][Property]> } & (D extends {
    readonly fields: readonly FieldDefinition[];
  }
    ? { readonly values: FieldValues }
    : unknown);

/** Declares a record type. */
export const recordType = <const D extends Declaration>(declaration: D): D => declaration;
