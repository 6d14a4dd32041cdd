/** A client of Marketo's SOAP API, for mktows or any server of the same WSDL. It runs on Node, Bun and Deno. */
export type { ActivityType, SyncOperation } from '../contract/enumerations.ts';
export type { OperationName } from '../contract/operations.ts';
export type {
  ActivityPage,
  ActivityPosition,
  ActivityQuery,
  LeadActivity,
  LeadChange,
  LeadChangeQuery,
} from './activities.ts';
export type { CallOptions } from './call.ts';
export type {
  Campaign,
  CampaignQuery,
  CampaignRequest,
  CampaignSchedule,
  CampaignSource,
  ProgramTokens,
} from './campaigns.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export type {
  CustomObject,
  CustomObjectDeleteResult,
  CustomObjectFailed,
  CustomObjectKeys,
  CustomObjectPage,
  CustomObjectQuery,
  CustomObjectSyncResult,
  CustomObjectWritten,
  FoundCustomObject,
} from './custom-objects.ts';
export type { Channel, FieldDescription, MObjectDescription, Tag } from './descriptions.ts';
export {
  type AnsweredResult,
  MktowsError,
  MktowsFault,
  MktowsNoAnswer,
  type NoAnswerReason,
} from './errors.ts';
export type {
  AnsweredLeadAttributes,
  ForeignSysType,
  FoundLead,
  Lead,
  LeadAttributes,
  LeadCreated,
  LeadFailed,
  LeadKey,
  LeadKeyType,
  LeadPage,
  LeadQuery,
  LeadResult,
  LeadSelector,
  LeadsByKey,
  LeadsByUpdate,
  LeadsMerged,
  LeadsOfList,
  LeadUpdated,
  ListResult,
  MergeFailed,
  MergeResult,
  SyncedLead,
} from './lead-objects.ts';
export type { MergeOptions, SyncLeadOptions, SyncLeadsOptions } from './leads.ts';
export type {
  ImportState,
  ImportStatus,
  ImportValue,
  ListImport,
  ListOptions,
} from './lists.ts';
export type {
  AnsweredAssociation,
  AnsweredOpportunityAttributes,
  AnsweredRoleAttributes,
  Association,
  ExternalKey,
  FieldValue,
  FoundMObject,
  FoundOpportunity,
  FoundOpportunityPersonRole,
  FoundProgram,
  FoundProgramCost,
  MObject,
  MObjectKey,
  MObjectType,
  Opportunity,
  OpportunityAttributes,
  OpportunityPersonRole,
  OpportunityPersonRoleAttributes,
  Program,
  ProgramCost,
} from './objects.ts';
export type { Comparison, Criterion, MObjectPage, MObjectQuery } from './query.ts';
export type {
  Created,
  Deleted,
  DeleteResult,
  Failed,
  NotThere,
  Skipped,
  SyncResult,
  Unchanged,
  Updated,
} from './results.ts';
export type { Fetch, FetchRequest, FetchResponse } from './transport.ts';
