import { isDeepStrictEqual } from 'node:util';
import type { StoredType } from '../contract/fields.ts';
import type { FieldValue, FieldValues } from './field-values.ts';

/** An opportunity or an opportunity role. `createdAt`, `updatedAt`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface MObjectRecord {
  readonly id: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly values: FieldValues;
}

/** A cost of a program. `month`: first of the month, `YYYY-MM-01`. Ids count over the whole instance. */
export interface CostRecord {
  readonly id: number;
  readonly month: string;
  readonly amount: number;
  readonly note: string | null;
}

/** A program: loaded from the instance file, changed by syncMObjects in its costs, tags and channel only. */
export interface ProgramRecord {
  readonly id: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly name: string;
  readonly type: string;
  readonly channel: string | null;
  readonly workspaceId: number | null;
  readonly workspaceName: string | null;
  readonly treePath: string | null;
  readonly archived: boolean;
  readonly startDate: string | null;
  readonly endDate: string | null;
  /** The id of the CRM campaign that it is linked to. */
  readonly crmId: string | null;
  /** Tag type → value. */
  readonly tags: ReadonlyMap<string, string>;
  /** Token name → value. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Ascending by id. */
  readonly costs: readonly CostRecord[];
}

/** A lead, as far as associations need it. `attributes`: every attribute as text, by name. */
export interface LeadRecord {
  readonly id: number;
  readonly email: string | null;
  readonly companyId: number | null;
  readonly attributes: ReadonlyMap<string, string>;
}

/** A company, as far as associations need it. */
export interface CompanyRecord {
  readonly id: number;
  readonly name: string;
  readonly externalKeys: ReadonlyMap<string, string>;
}

/** Every kind of object that the store keeps, with its record. */
export interface Records {
  Program: ProgramRecord;
  Opportunity: MObjectRecord;
  OpportunityPersonRole: MObjectRecord;
  Lead: LeadRecord;
  Company: CompanyRecord;
}
export type RecordType = keyof Records;
export const recordTypes = ['Program', 'Opportunity', 'OpportunityPersonRole', 'Lead', 'Company'] as const;

/** Records by type and id; null: there is none of that id. */
export type RecordMaps = { readonly [Type in RecordType]: Map<number, Records[Type] | null> };

/** Maps without any record. */
export const emptyRecordMaps = (): RecordMaps => ({
  Program: new Map(),
  Opportunity: new Map(),
  OpportunityPersonRole: new Map(),
  Lead: new Map(),
  Company: new Map(),
});

/**
 * Returns whether two records of a type hold the same; undefined equals undefined only. The values of custom fields are
 * read on first need and are no property, so Node's deep equality does not see them.
 */
export function areEqual<Type extends RecordType>(
  type: Type,
  one: Records[Type] | undefined,
  other: Records[Type] | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (type !== 'Opportunity' && type !== 'OpportunityPersonRole') return isDeepStrictEqual(one, other);
  const { values, ...times } = one as MObjectRecord;
  const { values: otherValues, ...otherTimes } = other as MObjectRecord;
  return isDeepStrictEqual(times, otherTimes) && values.equals(otherValues);
}

/** The types whose objects can be found by an external key. */
export type KeyedType = StoredType | 'Lead' | 'Company';

/**
 * The text by which a value is found as an external key: one text for each value, however it was written
 * (501 = 501.00, 1 = true).
 */
export const keyText = (value: FieldValue): string => String(value);
