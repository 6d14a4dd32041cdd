/** A client of Marketo's SOAP API, for mktows or any server of the same WSDL. It runs on Node, Bun and Deno. */
export type { SyncOperation } from '../contract/enumerations.ts';
export type { OperationName } from '../contract/operations.ts';
export type { CallOptions } from './call.ts';
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
export { MktowsError, MktowsFault, MktowsNoAnswer, type NoAnswerReason } from './errors.ts';
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
