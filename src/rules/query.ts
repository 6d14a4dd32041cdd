import type { EnumerationValue } from '../contract/enumerations.ts';
import type { FieldDefinition, ReferenceTarget, StoredType, SyncType } from '../contract/fields.ts';
import type { MObjectRecord, ProgramRecord } from '../records/all.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { WantedKey } from './facts.ts';

export type Comparison = EnumerationValue<'ComparisonEnum'>;

/** Properties of programs that criteria can compare, besides id and times (docs/behaviour.md#criteria). */
export const programProperties = ['name', 'type', 'crmId', 'workspaceId', 'workspaceName'] as const;
export type ProgramProperty = (typeof programProperties)[number];

/** The property that a condition compares. Times are UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export type ConditionSubject =
  | { readonly kind: 'id' }
  | { readonly kind: 'time'; readonly which: 'createdAt' | 'updatedAt' }
  | { readonly kind: 'field'; readonly field: FieldDefinition }
  | { readonly kind: 'program'; readonly property: ProgramProperty };

/** One condition. Texts compare by code point, case-sensitively. An object without a value matches only NE. */
export interface Condition {
  readonly subject: ConditionSubject;
  readonly comparison: Comparison;
  readonly value: FieldValue;
}

/**
 * The object that an association refers to. A key refers to its newest holder; without one, the query finds nothing.
 */
export type QueryPointer = { readonly id: number } | { readonly key: WantedKey };

/**
 * A query for objects of one type that meet all conditions. Results are ordered by id, and a page continues after the
 * last id of the previous one, so that concurrent changes do not shift pages.
 */
export interface ObjectQuery {
  readonly type: SyncType;
  readonly conditions: readonly Condition[];
  /** Matches only the newest object with this external key. */
  readonly key: WantedKey | undefined;
  /**
   * Matches roles of an opportunity or a lead, and opportunities of a company or of a lead (through its roles). If no
   * company has a company's key, a lead with that key is used, as in syncMObjects.
   */
  readonly associations: readonly {
    readonly target: ReferenceTarget;
    readonly pointer: QueryPointer;
  }[];
  /** Matches programs with a tag of one of these types and one of these values, spelled as stored. */
  readonly tag: { readonly types?: readonly string[]; readonly values?: readonly string[] } | undefined;
  readonly includeArchived: boolean;
  /** Only ids above this one. */
  readonly after: number;
  /** The maximum number of results. */
  readonly limit: number;
}

/** The objects found, ascending by id. `hasMore`: more objects follow. */
export type FoundObjects =
  | { readonly type: 'Program'; readonly records: readonly ProgramRecord[]; readonly hasMore: boolean }
  | {
      readonly type: StoredType;
      readonly records: readonly MObjectRecord[];
      readonly hasMore: boolean;
    };
