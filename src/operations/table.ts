import type { OperationName } from '../contract/operations.ts';
import { deleteCustomObjects } from './delete-custom-objects.ts';
import { deleteMObjects } from './delete-mobjects.ts';
import { describeMObject } from './describe-mobject.ts';
import { getCampaignsForSource } from './get-campaigns-for-source.ts';
import { getChannels } from './get-channels.ts';
import { getCustomObjects } from './get-custom-objects.ts';
import { getImportToListStatus } from './get-import-to-list-status.ts';
import { getLead } from './get-lead.ts';
import { getLeadActivity } from './get-lead-activity.ts';
import { getLeadChanges } from './get-lead-changes.ts';
import { getMObjects } from './get-mobjects.ts';
import { getMultipleLeads } from './get-multiple-leads.ts';
import { getTags } from './get-tags.ts';
import { importToList } from './import-to-list.ts';
import { listMObjects } from './list-mobjects.ts';
import { listOperation } from './list-operation.ts';
import { mergeLeads } from './merge-leads.ts';
import type { Operation } from './operation.ts';
import { requestCampaign } from './request-campaign.ts';
import { scheduleCampaign } from './schedule-campaign.ts';
import { syncCustomObjects } from './sync-custom-objects.ts';
import { syncLead } from './sync-lead.ts';
import { syncMObjects } from './sync-mobjects.ts';
import { syncMultipleLeads } from './sync-multiple-leads.ts';

/** Operations by name. */
export type OperationTable = { readonly [Name in OperationName]: Operation<Name> };

/** All operations. */
export const operationTable: OperationTable = {
  deleteCustomObjects,
  deleteMObjects,
  describeMObject,
  getCampaignsForSource,
  getChannels,
  getCustomObjects,
  getImportToListStatus,
  getLeadActivity,
  getLeadChanges,
  getLead,
  getMObjects,
  getMultipleLeads,
  getTags,
  importToList,
  listMObjects,
  listOperation,
  requestCampaign,
  scheduleCampaign,
  mergeLeads,
  syncCustomObjects,
  syncLead,
  syncMObjects,
  syncMultipleLeads,
};
