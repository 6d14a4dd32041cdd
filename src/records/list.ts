import { activity, activityMove } from './activity.ts';
import { campaign, campaignRun } from './campaign.ts';
import { company } from './company.ts';
import { customObject, customObjectType } from './custom-object.ts';
import { lead, leadCookie, leadCrmKey, leadForeignId, workspace } from './lead.ts';
import { opportunity } from './opportunity.ts';
import { opportunityPersonRole } from './opportunity-role.ts';
import { program } from './program.ts';
import { listImport, listMember, staticList } from './static-list.ts';

/**
 * All stored record types, in write and copy order: no type refers to a later one. All lists and unions of record
 * types are derived from it, in `all.ts`.
 */
export const declarations = [
  program,
  workspace,
  company,
  lead,
  opportunity,
  opportunityPersonRole,
  leadForeignId,
  leadCookie,
  leadCrmKey,
  staticList,
  listMember,
  campaign,
  campaignRun,
  listImport,
  activity,
  activityMove,
  customObjectType,
  customObject,
] as const;
