import type { FieldDefinition } from '../contract/fields.ts';
import type { Columns, ColumnValue } from './column.ts';
import type { FieldValues } from './field-values.ts';

/** Any number of named texts per record, stored as rows of a separate table. */
export interface TextsPart {
  readonly kind: 'texts';
  readonly table: string;
  /** The column that holds the name. */
  readonly nameColumn: string;
}

/** Rows with ids of their own that belong to a record. */
export interface RowsPart<C extends Columns = Columns> {
  readonly kind: 'rows';
  readonly table: string;
  readonly columns: C;
  /** The counter that assigns their ids. */
  readonly counter: string;
}
export type Part = TextsPart | RowsPart;
export type Parts = Readonly<Record<string, Part>>;

/** A way to find the records of a type by the values of columns. */
export interface Lookup {
  /** Properties or fields that are compared for equality; a value may be null. Needs an index. */
  readonly columns: readonly string[];
  /**
   * Those of `columns` whose values name the lock of the lookup, which a call also takes on what it does not find. Not
   * given: all. Empty: no lock, since all callers lock a record that the found ones belong to.
   */
  readonly lock?: readonly string[];
}
export type Lookups = Readonly<Record<string, Lookup>>;

/** The declaration of a record type: plain data, without SQL and functions. Decisions belong in `rules/`. */
export interface Declaration {
  /** The type name in the API. */
  readonly name: string;
  readonly table: string;
  /** The plural name used in instance files, copies and reports. */
  readonly section: string;
  /**
   * False: not in the instance file, since it records what the server did. `nested`: in the file, but not as a list of
   * records with ids: under the record that it belongs to, or by name.
   */
  readonly inFile?: false | 'nested';
  /** Instance file property → field, for fields that are not under `attributes`. */
  readonly instance?: Readonly<Record<string, string>>;
  /** Record property → column; without `id`. */
  readonly columns: Columns;
  /**
   * The standard fields, for types whose records have `values`. Each but `Id` is a column. The values of custom
   * fields are one JSON object in the column `custom`.
   */
  readonly fields?: readonly FieldDefinition[];
  /** Set where standard fields have no columns: the column `custom` holds the values of all fields. */
  readonly fieldsAreJson?: true;
  /** Standard field → the property that holds its value; it is not among `values`. */
  readonly fieldProperties?: Readonly<Record<string, string>>;
  /**
   * The source of external keys: the fields, or the named properties (texts and columns). Undefined: the type has no
   * external keys.
   */
  readonly keys?: 'fields' | readonly string[];
  /** Name → how other records find them (`Wanted.lookups`). */
  readonly lookups?: Lookups;
  /** Record property → repeated data, stored in separate tables. */
  readonly parts: Parts;
  /** The lock of a record that a call only reads: shared where most calls only refer to it. Changes lock exclusively. */
  readonly readLock: 'exclusive' | 'shared';
  /**
   * Set where clients read on from the highest id they have seen: a record with a lower id never appears later, so calls
   * that add records of the type commit one after the other.
   */
  readonly idsInCommitOrder?: true;
}

/** A row of a part, with its id. */
export type PartRow<P> =
  P extends RowsPart<infer C>
    ? { readonly id: number } & { readonly [Property in keyof C]: ColumnValue<C[Property]> }
    : never;

type PartValue<P> = P extends TextsPart ? ReadonlyMap<string, string> : readonly PartRow<P>[];

/** The record of a declared type. */
export type RecordOf<D extends Declaration> = { readonly id: number } & {
  readonly [Property in keyof D['columns'] as D['columns'][Property] extends { readonly foldedOf: string }
    ? never
    : Property]: ColumnValue<D['columns'][Property]>;
} & { readonly [Property in keyof D['parts']]: PartValue<D['parts'][Property]> } & (D extends {
    readonly fields: readonly FieldDefinition[];
  }
    ? { readonly values: FieldValues }
    : unknown);

/** Declares a record type. */
export function recordType<const D extends Declaration>(declaration: D): D {
  const { fieldProperties } = declaration;
  if (fieldProperties === undefined) return declaration;
  // Without a prototype: a custom field may be named as one of its properties is.
  return { ...declaration, fieldProperties: Object.assign(Object.create(null), fieldProperties) };
}
