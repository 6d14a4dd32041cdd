import { leadNotFound, readLeadKey } from '../rules/leads/lead-key.ts';
import { leadMessage } from '../rules/leads/lead-message.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Leads of one key that are answered at most. */
const LEADS_AT_MOST = 1000;

/**
 * getLead: all leads that have a key, newest first (docs/behaviour-leads.md#getlead). Faults: 20101 without a key, 20102
 * for an unknown key type, 20103 and 20108 if no lead has the key.
 */
export const getLead: Operation<'getLead'> = (call, { backend, settings }) =>
  refusalsAreFaults(async () => {
    const key = readLeadKey(call.params.leadKey, call.unreadable);
    refuseUnreadable(call);
    const leads = await backend.newestLeads([key], LEADS_AT_MOST);
    if (leads.length === 0) throw leadNotFound(key);
    const { fields } = await backend.schema();
    const options = { fields: fields.Lead, timeZone: settings.timeZone };
    return readOutcome(`${key.keyType}: ${leads.length} found`, {
      result: {
        count: leads.length,
        leadRecordList: { leadRecord: leads.map((lead) => leadMessage(lead, options)) },
      },
    });
  });
