import { SoapFault } from '../contract/faults.ts';
import type { Operation } from './operation.ts';
import { leadStatus } from './sync-lead.ts';
import { refuseLostLists, refuseOwnUnreadable } from './unreadable.ts';

/** The most leads of a call (docs/behaviour-leads.md#4-syncmultipleleads). */
const MAX_LEADS_PER_CALL = 1000;

/**
 * syncMultipleLeads: inserts or updates up to 1,000 leads, each with a status of its own
 * (docs/behaviour-leads.md#4-syncmultipleleads). Faults: 20109 for a missing list, 20110 for over 1,000 leads.
 */
export const syncMultipleLeads: Operation<'syncMultipleLeads'> = async (call, { backend, settings, now }) => {
  const { params, unreadable } = call;
  refuseLostLists(unreadable);
  refuseOwnUnreadable(call);
  const leads = params.leadRecordList?.leadRecord;
  if (leads === undefined) throw new SoapFault(20109, 'leadRecordList is missing; an empty one is accepted');
  if (leads.length > MAX_LEADS_PER_CALL) {
    throw new SoapFault(
      20110,
      `leadRecordList has ${leads.length} leads; at most ${MAX_LEADS_PER_CALL} are accepted in a call`,
    );
  }
  const byEmail = params.dedupEnabled ?? true;
  const results = await backend.syncLeads({ leads, byEmail, unreadable, settings, now: now.toISOString() });
  const rows = results.map(leadStatus);
  return {
    answer: { result: { syncStatusList: { syncStatus: rows } } },
    mode: byEmail ? null : 'without dedup',
    rows,
    isJournaled: true,
  };
};
