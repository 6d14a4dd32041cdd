import type { CallInfo, LeadBackend } from '../backend.ts';
import { planSyncLead } from '../rules/leads/sync-lead.ts';
import { planSyncLeads } from '../rules/leads/sync-leads.ts';
import type { Objects } from '../store/store.ts';
import { journalEntry } from './journal-entry.ts';

/** Returns the leads of this server's store, for one call. `hasValues`: as in `createLocalBackend`. */
export function createLeadBackend(store: Objects, info: CallInfo, hasValues: boolean): LeadBackend {
  return {
    async syncLead(call) {
      const plan = planSyncLead(call, await store.lastSchema());
      const journaled = { ...info, operation: 'syncLead', mode: null, at: call.now } as const;
      return store.apply(plan.wanted, (facts) => {
        const decision = plan.decide(facts);
        if ('more' in decision) return decision;
        const { changes, result, lead } = decision;
        return { changes, answer: { result, lead }, journal: journalEntry(journaled, [result], hasValues) };
      });
    },
    async syncLeads(call) {
      const plan = planSyncLeads(call, await store.lastSchema());
      const mode = call.byEmail ? null : 'without dedup';
      const journaled = { ...info, operation: 'syncMultipleLeads', mode, at: call.now } as const;
      return store.apply(plan.wanted, (facts) => {
        const decision = plan.decide(facts);
        if ('more' in decision) return decision;
        const { changes, results } = decision;
        return { changes, answer: results, journal: journalEntry(journaled, results, hasValues) };
      });
    },
  };
}
