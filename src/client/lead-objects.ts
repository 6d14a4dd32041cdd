import type { leadFields } from '../contract/described-fields.ts';
import type { EnumerationValue } from '../contract/enumerations.ts';
import type { AnsweredValueOf, FieldValue, ValueOf } from './objects.ts';

type StandardLeadField = (typeof leadFields)[number];

type StandardLeadValues = {
  readonly [Field in StandardLeadField as Field['name']]?: ValueOf<Field['dataType']> | undefined;
};

type AnsweredLeadValues = {
  readonly [Field in StandardLeadField as Field['name']]?: AnsweredValueOf<Field['dataType']>;
};

/**
 * Values of a lead by field name: the standard fields, and the custom ones of your instance.
 *
 * A `Date` is written in UTC; DateofBirth takes its UTC day. `'1980-03-31'` says a day without doubt.
 */
export interface LeadAttributes extends StandardLeadValues {
  readonly [customField: string]: FieldValue | undefined;
}

/** Values of a lead in an answer, by their data type. False is not among them. */
export interface AnsweredLeadAttributes extends AnsweredLeadValues {
  readonly [customField: string]: string | number | boolean | Date | undefined;
}

/** `'CUSTOM'`, `'SFDC'` or `'NETSUITE'`. */
export type ForeignSysType = EnumerationValue<'ForeignSysType'>;

/** `'IDNUM'`, `'EMAIL'`, `'COOKIE'`, … */
export type LeadKeyType = EnumerationValue<'LeadKeyRef'>;

/** A key by which leads are found: `{ keyType: 'EMAIL', keyValue: 'ann@example.com' }`. */
export interface LeadKey {
  readonly keyType: LeadKeyType;
  readonly keyValue: string | number;
}

/** A lead, as it can be sent. The first of id, foreign id and email that is given says which lead is meant. */
export interface Lead {
  readonly id?: number | undefined;
  readonly email?: string | null | undefined;
  readonly foreignSysPersonId?: string | undefined;
  /** The system of the foreign id. The server's default is CUSTOM. */
  readonly foreignSysType?: ForeignSysType | undefined;
  readonly attributes?: LeadAttributes | undefined;
}

/** A lead that was found. */
export interface FoundLead {
  readonly id: number;
  readonly email: string | null;
  readonly foreignSysPersonId: string | null;
  readonly foreignSysType: ForeignSysType | null;
  readonly attributes: AnsweredLeadAttributes;
}

/** The lead was added. */
export interface LeadCreated {
  readonly status: 'CREATED';
  readonly id: number;
  /** The lead that was sent. */
  readonly request: Lead;
}

/** The lead was there. It has the values that were sent, whether or not it had them before. */
export interface LeadUpdated {
  readonly status: 'UPDATED';
  readonly id: number;
  /** The lead that was sent. */
  readonly request: Lead;
}

/** Nothing was done, because the lead is not accepted. The others of the call are not affected. */
export interface LeadFailed {
  readonly status: 'FAILED';
  /** The id that was sent, if any. */
  readonly id: number | null;
  /** Begins with a code: `20103 - …`. */
  readonly error: string;
  /** The lead that was sent. */
  readonly request: Lead;
}

/** The result of a lead of `syncLeads`, a union told apart by `status`. */
export type LeadResult = LeadCreated | LeadUpdated | LeadFailed;

/** The result of `syncLead`. */
export interface SyncedLead {
  readonly status: 'CREATED' | 'UPDATED';
  readonly id: number;
  /** The lead after the call, if `returnLead` asked for it. */
  readonly lead: FoundLead | null;
}

/** The losers are part of the winner now. */
export interface LeadsMerged {
  readonly status: 'MERGED';
  readonly winnerId: number;
  readonly loserIds: readonly number[];
}

/** Nothing was changed. */
export interface MergeFailed {
  readonly status: 'FAILED';
  readonly error: string;
}

/** The result of `mergeLeads`, a union told apart by `status`. */
export type MergeResult = LeadsMerged | MergeFailed;

/** The leads that have one of these keys. */
export interface LeadsByKey {
  readonly keyType: LeadKeyType;
  readonly keyValues: readonly (string | number)[];
}

/** The members of a static list, by its id or its name: `List` or `Program.List`. */
export type LeadsOfList = { readonly staticListId: number } | { readonly staticListName: string };

/** The leads that changed in a time, both ends included. */
export interface LeadsByUpdate {
  readonly oldestUpdatedAt: Date | string;
  /** Default: now. */
  readonly latestUpdatedAt?: Date | string | undefined;
}

/** Says which leads are meant. */
export type LeadSelector = LeadsByKey | LeadsOfList | LeadsByUpdate;

/** The leads to find. */
export type LeadQuery = LeadSelector & {
  /** Names of the fields to return; default: all. */
  readonly includeAttributes?: readonly string[] | undefined;
  /** Leads per page; default and maximum: 1,000. */
  readonly batchSize?: number | undefined;
  /** The position where an earlier search ended. */
  readonly streamPosition?: string | undefined;
};

/** Leads that were found. */
export interface LeadPage {
  readonly leads: readonly FoundLead[];
  /** Number of leads on the pages that follow; of several key lists, on those of this one. */
  readonly remaining: number;
  /** Continues the search behind this page, also later. Empty after the last page of a search by keys. */
  readonly streamPosition: string;
}

/** The result of a lead of `addToList`, `removeFromList` or `isMemberOfList`. */
export interface ListResult {
  /** True if the lead was there: in the database for `addToList`, on the list for the others. */
  readonly success: boolean;
  /** The key that was sent. */
  readonly request: LeadKey;
}
