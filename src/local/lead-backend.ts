import type { LeadBackend } from '../backend.ts';
import { planSyncLead } from '../rules/leads/sync-lead.ts';
import { planSyncLeads } from '../rules/leads/sync-leads.ts';
import type { Objects } from '../store/store.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal } from './call-journal.ts';

/** Returns the leads of this server's store, for one call. */
export function createLeadBackend(store: Objects, journal: CallJournal): LeadBackend {
  return {
    async syncLead(call) {
      const plan = planSyncLead(call, await store.lastSchema());
      const operation = { operation: 'syncLead', mode: null, at: call.now } as const;
      return applyPlan(store, plan, ({ result, lead }) => ({
        answer: { result, lead },
        journal: journal(operation, [result]),
      }));
    },
    async syncLeads(call) {
      const plan = planSyncLeads(call, await store.lastSchema());
      const mode = call.byEmail ? null : 'without dedup';
      const operation = { operation: 'syncMultipleLeads', mode, at: call.now } as const;
      return applyPlan(store, plan, ({ results }) => ({
        answer: results,
        journal: journal(operation, results),
      }));
    },
  };
}
