import type { CallInfo, CampaignBackend } from '../backend.ts';
import {
  compareCampaigns,
  matchingCampaigns,
  type NamedCampaign,
} from '../rules/campaigns/campaigns-of-source.ts';
import { planRequestCampaign } from '../rules/campaigns/request-campaign.ts';
import { planScheduleCampaign } from '../rules/campaigns/schedule-campaign.ts';
import type { Objects } from '../store/store.ts';
import { requestTarget, scheduleTarget } from './find-campaign.ts';
import { programsOf } from './find-list.ts';
import { journalEntry } from './journal-entry.ts';

/** Campaigns that are read at once. */
const PAGE = 500;

/** Returns the campaigns of this server's store, for one call. `hasValues`: the journal gets tokens, too. */
export function createCampaignBackend(store: Objects, info: CallInfo, hasValues: boolean): CampaignBackend {
  return {
    async campaigns(query) {
      const found: NamedCampaign[] = [];
      const where = [{ property: 'kind', equals: 'trigger' }];
      for (let after = 0, hasMore = true; hasMore; ) {
        const page = await store.list({ type: 'Campaign', where, after, limit: PAGE });
        found.push(...matchingCampaigns(page.records, await programsOf(store, page.records), query));
        hasMore = page.hasMore;
        after = page.records.at(-1)?.id ?? after;
      }
      return found.sort(compareCampaigns);
    },
    async requestCampaign({ named, settings, ...call }) {
      const target = await requestTarget(store, named, call.source, settings.undefinedNames === 'create');
      const plan = planRequestCampaign({ ...call, target });
      const journaled = { ...info, operation: 'requestCampaign', mode: call.source, at: call.now } as const;
      await store.apply(plan.wanted, (facts) => {
        const decision = plan.decide(facts);
        if ('more' in decision) return decision;
        const { changes, results } = decision;
        return { changes, answer: null, journal: journalEntry(journaled, results, hasValues) };
      });
    },
    async scheduleCampaign({ programName, campaignName, settings, ...call }) {
      const creates = settings.undefinedNames === 'create';
      const target = await scheduleTarget(store, programName, campaignName, creates);
      const plan = planScheduleCampaign({ ...call, target });
      const journaled = { ...info, operation: 'scheduleCampaign', mode: call.runAt, at: call.now } as const;
      await store.apply(plan.wanted, (facts) => {
        const decision = plan.decide(facts);
        if ('more' in decision) return decision;
        const { changes, results } = decision;
        return { changes, answer: null, journal: journalEntry(journaled, results, hasValues) };
      });
    },
  };
}
