import type { Records, RecordType } from '../records/all.ts';
import type { LookupValue } from './facts.ts';

/**
 * A condition on a property or standard field of a record. Texts compare by code point; times are UTC,
 * `YYYY-MM-DDTHH:MM:SS.sssZ`. `from` and `to` are inclusive. A record without a value meets only `equals: null` and
 * `notIn`.
 */
export type ListCondition = { readonly property: string } & (
  | { readonly equals: LookupValue }
  | { readonly in: readonly (string | number)[] | ListSource }
  | { readonly notIn: readonly (string | number)[] }
  | { readonly from?: string | number; readonly to?: string | number }
);

/** The values of a property in some records, e.g. the leads of a list's members. */
export interface ListSource {
  readonly type: RecordType;
  readonly property: string;
  readonly where: readonly ListCondition[];
  /** Checks each record against the source, rather than first reading the whole source, which may be large. */
  readonly each?: boolean;
}

/** Records of a type that meet all conditions. Some condition or `by` should have an index. */
export interface ListFilter<Type extends RecordType = RecordType> {
  readonly type: Type;
  readonly where: readonly ListCondition[];
  /**
   * Only these ids. The records are found by id or through a property compared for equality, never through the range of
   * another property, so that the work is bounded by the number of ids.
   */
  readonly ids?: IdRange;
}

/** Both ends are inclusive. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** A page of records of any declared type. */
export interface ListQuery<Type extends RecordType = RecordType> extends ListFilter<Type> {
  /** The property that orders the records: different in all that meet the conditions. Not given: the id. */
  readonly by?: string;
  readonly descending?: boolean;
  /** Only records behind this value of `by`, in the order of the page. */
  readonly after?: string | number;
  /** The maximum number of records. */
  readonly limit: number;
}

/** `hasMore`: more records follow. */
export interface ListedRecords<Type extends RecordType = RecordType> {
  readonly records: readonly Records[Type][];
  readonly hasMore: boolean;
}
