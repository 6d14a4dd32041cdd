import type { StoredType } from '../contract/fields.ts';
import type { Records, RecordType } from '../records/all.ts';
import type { Kind } from '../records/column.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { LooseKey } from '../rules/facts.ts';
import type { TableColumn } from './columns.ts';

/** What a browsing compares: a column, or one value of the JSON object in a column. Plain data, for another thread. */
export interface BrowseSubject {
  readonly column: TableColumn;
  /** A custom field or an attribute, by its name, and how its values compare. */
  readonly member?: { readonly name: string; readonly kind: Kind };
  /** The folded name of the field, if it is one: equality can use the index of external keys. */
  readonly field?: string;
}

/** `contains`: without regard to the case of A to Z. `starts`: exactly. Texts compare by code point. */
export const browseOperators = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'starts', 'contains', 'isNull'] as const;
export type BrowseOperator = (typeof browseOperators)[number];

/** A condition. Without a value an object matches `ne` and `isNull` true. */
export interface BrowseFilter {
  readonly subject: BrowseSubject;
  readonly operator: BrowseOperator;
  /** Of the subject's kind; a boolean for `isNull`. */
  readonly value: FieldValue;
}

/** The object after which a page continues: its id, and the value that the list is sorted by; null: none. */
export interface BrowsePosition {
  readonly id: number;
  readonly value: FieldValue | null;
}

export interface BrowseQuery {
  readonly type: RecordType;
  readonly filters: readonly BrowseFilter[];
  /** Matches objects with this text in any text, or with this id. */
  readonly search: string | undefined;
  /** Equal values are sorted by id, in the same direction; objects without a value come last in both directions. */
  readonly sort: { readonly subject: BrowseSubject; readonly descending: boolean };
  readonly after: BrowsePosition | undefined;
  readonly limit: number;
}

/** A page of objects. */
export interface BrowsePage<Type extends RecordType = RecordType> {
  readonly type: Type;
  readonly records: readonly Records[Type][];
  /**
   * Where the next page continues; null: this was the last one. A page that had to read many objects ends early, with
   * fewer than `limit` objects or none.
   */
  readonly next: BrowsePosition | null;
}

/** The external keys of an object. */
export interface ObjectKeys {
  /** The folded names of the fields of its type that calls have used as keys. */
  readonly fields: readonly string[];
  /** Its keys that no field holds. */
  readonly loose: readonly LooseKey[];
}

/** Numbers of journal entries, the newest first. `next`: the entry before which to go on; null: that was all. */
export interface Mentions {
  readonly numbers: readonly number[];
  readonly next: number | null;
}

/** Number of rows and the sum of a column, for each value of another one. */
export interface BrowseTotal {
  readonly value: FieldValue | null;
  readonly rows: number;
  /** 0 if no row has a value. */
  readonly sum: number;
}

/** A query for totals: of a record type, or of one of its parts, optionally of one record. */
export interface TotalsQuery {
  readonly table: string;
  readonly by: TableColumn;
  readonly sum: TableColumn;
  /** Only rows whose column has this id. */
  readonly only?: { readonly column: string; readonly id: number };
}

/**
 * Reads objects for people: of any type, with any filter and order. It never delays calls: on SQLite it has a thread
 * and a connection of its own, and no method reads for longer than a few seconds.
 */
export interface Browsing {
  /** Returns a page. Rejects with `BrowseTooSlow` if a sort reads every object and takes too long. */
  page<Type extends RecordType>(query: BrowseQuery & { readonly type: Type }): Promise<BrowsePage<Type>>;
  /** Returns the number of records of a type. */
  count(type: RecordType): Promise<number>;
  /** Returns what external keys an object can have. */
  keys(type: StoredType, id: number): Promise<ObjectKeys>;
  /**
   * Returns the newest journal entries with rows of this type and id, older than `before`. `type`: as the journal names
   * it, a custom object by the name of its type. Like a page, it may end early.
   */
  mentions(type: string, id: number, before: number | undefined, limit: number): Promise<Mentions>;
  /** Returns totals ascending by value, without one last. */
  totals(query: TotalsQuery): Promise<BrowseTotal[]>;
}

/** A browsing took longer than it may. */
export class BrowseTooSlow extends Error {
  override readonly name = 'BrowseTooSlow';
}

/** Time limits of a page, in milliseconds. */
export interface BrowseTimes {
  /** A page that is read in order ends early after this time. */
  readonly page: number;
  /** A page that must read every object fails after this time. */
  readonly scan: number;
}
export const browseTimes: BrowseTimes = { page: 60, scan: 5000 };

export const kindOf = ({ column, member }: BrowseSubject): Kind =>
  member?.kind ?? (column.kind === 'custom' ? 'texts' : column.kind);
