import type { EnumerationValue } from '../contract/enumerations.ts';
import type { FieldDefinition, ReferenceTarget, StoredType, SyncType } from '../contract/fields.ts';
import type { MObjectRecord, ProgramRecord } from '../records/all.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { WantedKey } from './facts.ts';

export type Comparison = EnumerationValue<'ComparisonEnum'>;

/** What of a program can be compared, besides what every object has (docs/behaviour.md#criteria). */
export const programProperties = ['name', 'type', 'crmId', 'workspaceId', 'workspaceName'] as const;
export type ProgramProperty = (typeof programProperties)[number];

/** What a condition looks at. Times are UTC texts, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export type ConditionSubject =
  | { readonly kind: 'id' }
  | { readonly kind: 'time'; readonly which: 'createdAt' | 'updatedAt' }
  | { readonly kind: 'field'; readonly field: FieldDefinition }
  | { readonly kind: 'program'; readonly property: ProgramProperty };

/**
 * One condition. Texts compare by code point, with case. An object without a value meets NE only.
 */
export interface Condition {
  readonly subject: ConditionSubject;
  readonly comparison: Comparison;
  readonly value: FieldValue;
}

/**
 * The object that an association leads to. By key it is the newest that has it; if there is none, nothing is found.
 */
export type QueryPointer = { readonly id: number } | { readonly key: WantedKey };

/**
 * A question for objects of one type: all conditions hold at once. Answered by ascending id, so that pages go on
 * behind the last id of the one before, whatever is added or removed meanwhile.
 */
export interface ObjectQuery {
  readonly type: SyncType;
  readonly conditions: readonly Condition[];
  /** Only the newest object that has this external key. */
  readonly key: WantedKey | undefined;
  /**
   * Roles of an opportunity or a lead; opportunities of a lead (through its roles) or of a company. A company's key
   * that no company has is looked for among the leads, as in syncMObjects.
   */
  readonly associations: readonly {
    readonly target: ReferenceTarget;
    readonly pointer: QueryPointer;
  }[];
  /** Programs with a tag of one of these types, with one of these values, or both in one tag; as they are spelled. */
  readonly tag: { readonly types?: readonly string[]; readonly values?: readonly string[] } | undefined;
  readonly includeArchived: boolean;
  /** Only ids above it. */
  readonly after: number;
  /** At most so many are answered. */
  readonly limit: number;
}

/** The objects found, ascending by id, and whether there are more behind them. */
export type FoundObjects =
  | { readonly type: 'Program'; readonly records: readonly ProgramRecord[]; readonly hasMore: boolean }
  | {
      readonly type: StoredType;
      readonly records: readonly MObjectRecord[];
      readonly hasMore: boolean;
    };
