import type { ActivityType } from './contract/enumerations.ts';
import type { Message } from './contract/messages.ts';
import type { AnsweredActivity } from './rules/activities/activity-message.ts';
import type { ActivityStart, TimeWindow } from './rules/activities/activity-position.ts';
import type { CampaignQuery, NamedCampaign } from './rules/campaigns/campaigns-of-source.ts';
import type { RequestCall } from './rules/campaigns/request-campaign.ts';
import type { ScheduleCall } from './rules/campaigns/schedule-campaign.ts';
import type { CustomObjectResults } from './rules/custom-objects/custom-object-row.ts';
import type { DeleteCustomObjectsCall } from './rules/custom-objects/delete-custom-objects.ts';
import type { CustomObjectQuery, FoundCustomObjects } from './rules/custom-objects/find-query.ts';
import type { CustomObjectTypeRecord } from './rules/custom-objects/object-type.ts';
import type { SyncCustomObjectsCall } from './rules/custom-objects/sync-custom-objects.ts';
import type { DeleteCall } from './rules/delete.ts';
import type { LeadKey } from './rules/leads/lead-key.ts';
import type { AnsweredLead } from './rules/leads/lead-message.ts';
import type { LeadSet } from './rules/leads/lead-sets.ts';
import type { MergeCall, MergeOutcome } from './rules/leads/merge.ts';
import type { SyncLeadCall } from './rules/leads/sync-lead.ts';
import type { SyncLeadsCall } from './rules/leads/sync-leads.ts';
import type { ImportCall } from './rules/lists/import-call.ts';
import type { ImportCounts, ListImport } from './rules/lists/import-counts.ts';
import type { ListCall, ListRow } from './rules/lists/list-operation.ts';
import type { NamedList } from './rules/lists/static-list.ts';
import type { FoundObjects, ObjectQuery } from './rules/query.ts';
import type { Schema } from './rules/schema.ts';
import type { MObjectSettings } from './rules/settings.ts';
import type { RowResult, SyncCall } from './rules/sync.ts';

/**
 * The objects that operations work on: in this server's store (`src/local/`), or in a remote service that decides for
 * itself. The interface therefore promises no transaction.
 *
 * A method rejects with `SoapFault` if the whole call is refused, or with the error of the layer below
 * (`StoreError`). Nothing was changed then, unless the error says `outcomeUnknown`.
 */
export interface Backend
  extends ActivityBackend,
    CustomObjectBackend,
    LeadBackend,
    LeadReads,
    LeadMerges,
    ListBackend,
    CampaignBackend {
  /**
   * Handles syncMObjects row by row in request order, each row seeing the changes of earlier ones, and writes the
   * call's journal entry. Resolves to one result per row. Once a row was written, or may have been, the call no
   * longer rejects; the results tell the outcome of each row.
   */
  sync(call: SyncCall): Promise<readonly RowResult[]>;

  /** Handles deleteMObjects; otherwise like `sync`. */
  delete(call: DeleteCall): Promise<readonly RowResult[]>;

  /** Returns one page of the objects that a query finds. Rejects with fault 20122 if it no longer knows the place. */
  find(query: PageQuery): Promise<FoundPage>;

  /** Returns the current definitions of fields, tags and channels. */
  schema(): Promise<Schema>;

  /** Returns a 32-byte signature of the text that only this instance can make, to sign what clients send back later. */
  sign(text: string): Promise<Uint8Array>;
}

/** The part of a backend that holds custom objects. Methods reject as those of `Backend`. */
export interface CustomObjectBackend {
  /** Handles syncCustomObjects, as `Backend.sync` handles syncMObjects. Rejects with fault 20110 for an unknown type. */
  syncCustomObjects(call: SyncCustomObjectsCall): Promise<CustomObjectResults>;

  /** Handles deleteCustomObjects; otherwise like `syncCustomObjects`. */
  deleteCustomObjects(call: DeleteCustomObjectsCall): Promise<CustomObjectResults>;

  /** Returns the type of this name, in any case. */
  customObjectType(name: string): Promise<CustomObjectTypeRecord | undefined>;

  /** Returns a page of custom objects. */
  findCustomObjects(query: CustomObjectQuery): Promise<FoundCustomObjects>;
}

/** The leads. */
export interface LeadBackend {
  /**
   * Handles syncLead and writes its journal entry. Resolves to its result, and to the lead after the write if it is
   * to be answered, else null.
   */
  syncLead(
    call: SyncLeadCall,
  ): Promise<{ readonly result: RowResult; readonly lead: Message<'LeadRecord'> | null }>;

  /** Handles syncMultipleLeads; otherwise like `Backend.sync`. */
  syncLeads(call: SyncLeadsCall): Promise<readonly RowResult[]>;
}

/** The activities of leads. */
export interface ActivityBackend {
  /** Returns a page of activities. Rejects with a `CodedRefusal` 20103 or 20108 if no lead has the key. */
  activities(query: ActivityQuery): Promise<FoundActivities>;
}

export interface ActivityQuery extends ActivityStart {
  /** The newest lead that has a key, or a set of leads. Undefined: all leads. */
  readonly leads?: { readonly newest: LeadKey } | LeadSet;
  /** Undefined: all. */
  readonly types?: readonly ActivityType[];
  readonly window: TimeWindow;
  /** The highest ids first. */
  readonly descending: boolean;
  readonly limit: number;
}

/** A page of activities. `remaining`: the number of those behind it. */
export interface FoundActivities {
  readonly activities: readonly AnsweredActivity[];
  readonly remaining: number;
}

/** The static lists. */
export interface ListBackend {
  /** Returns the id of a list. Rejects with fault 20111 if there is none, or the name could mean several. */
  staticListId(named: NamedList): Promise<number>;

  /** Handles listOperation and writes its journal entry. Resolves to one result per key. */
  listOperation(
    call: Omit<ListCall, 'target'> & { readonly listName: string; readonly settings: MObjectSettings },
  ): Promise<readonly ListRow[]>;

  /**
   * Handles importToList and writes its journal entries. Resolves to the numbers of rows. Large imports are not one
   * transaction; rejects with a fault that says `outcomeUnknown` if only a part of one was written.
   */
  importToList(call: ImportCall): Promise<ImportCounts>;

  /** Returns the last import of a list. Rejects with fault 20110 or 20111 if there is none. */
  lastImport(list: ImportedList): Promise<ListImport>;
}

/** The campaigns. */
export interface CampaignBackend {
  /** Returns the trigger campaigns of a source, sorted by name without case, then id. */
  campaigns(query: CampaignQuery): Promise<readonly NamedCampaign[]>;

  /** Handles requestCampaign and writes its journal entry. */
  requestCampaign(
    call: Omit<RequestCall, 'target'> & {
      readonly named: RequestedCampaign;
      readonly settings: MObjectSettings;
    },
  ): Promise<void>;

  /** Handles scheduleCampaign and writes its journal entry. */
  scheduleCampaign(
    call: Omit<ScheduleCall, 'target'> & {
      readonly programName: string;
      readonly campaignName: string;
      readonly settings: MObjectSettings;
    },
  ): Promise<void>;
}

/** A campaign as requestCampaign names it. */
export type RequestedCampaign =
  | { readonly id: number }
  | { readonly programName: string; readonly name: string };

/** A list as getImportToListStatus names it. `programName` undefined: not given. */
export interface ImportedList {
  readonly programName: string | undefined;
  readonly listName: string;
}

/** Creates the backend of one call. Throws `SoapFault` if it serves no calls of this user. */
export type BackendFor = (call: CallInfo) => Backend;

/** The data of a call that a backend needs besides its content: for the journal, and to select a service. */
export interface CallInfo {
  /** The same in log and journal. */
  readonly callId: string;
  readonly userId: string;
  readonly address: string | null;
  /** When it began, from `performance.now()` in milliseconds. */
  readonly began: number;
}

/**
 * A place in the results of a query: 0 before the first object, otherwise the backend's `end`. Clients receive it in
 * stream positions and may send it back after a restart.
 */
export type Place = number | string;

export interface PageQuery extends Omit<ObjectQuery, 'after'> {
  readonly after: Place;
}

/** A page, and the place after its last object; for an empty page, the query's own place. */
export type FoundPage = FoundObjects & { readonly end: Place };

/** Reads of leads. */
export interface LeadReads {
  /** Returns the leads that have one of the keys, all of one type: highest id first, and at most `limit`. */
  newestLeads(keys: readonly LeadKey[], limit: number): Promise<readonly AnsweredLead[]>;
  /** Returns a page of a set of leads, in the order of their ids. */
  pageOfLeads(query: LeadPage): Promise<FoundLeads>;
}

export interface LeadPage {
  readonly set: LeadSet;
  /** The id of the last lead of the page before; 0: none. */
  readonly after: number;
  readonly limit: number;
  /** The number of leads behind `after`, as the page before answered it. */
  readonly remaining?: number;
}

/** A page of leads. `remaining`: the number of leads behind it; 0 only if there are none. */
export interface FoundLeads {
  readonly leads: readonly AnsweredLead[];
  readonly remaining: number;
}

export interface LeadMerges {
  /** Handles mergeLeads, all or nothing, and writes the call's journal entry. */
  merge(call: MergeCall): Promise<MergeOutcome>;
}
