import type { CampaignBackend } from '../backend.ts';
import {
  compareCampaigns,
  matchingCampaigns,
  type NamedCampaign,
} from '../rules/campaigns/campaigns-of-source.ts';
import { planRequestCampaign } from '../rules/campaigns/request-campaign.ts';
import { planScheduleCampaign } from '../rules/campaigns/schedule-campaign.ts';
import type { Objects } from '../store/store.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal } from './call-journal.ts';
import { requestTarget, scheduleTarget } from './find-campaign.ts';
import { programsOf } from './find-list.ts';

/** Campaigns that are read at once. */
const PAGE = 500;

/** Returns the campaigns of this server's store, for one call. */
export function createCampaignBackend(store: Objects, journal: CallJournal): CampaignBackend {
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
      const operation = { operation: 'requestCampaign', mode: call.source, at: call.now } as const;
      await applyPlan(store, plan, ({ results }) => ({
        answer: null,
        journal: journal(operation, results),
      }));
    },
    async scheduleCampaign({ programName, campaignName, settings, ...call }) {
      const creates = settings.undefinedNames === 'create';
      const target = await scheduleTarget(store, programName, campaignName, creates);
      const plan = planScheduleCampaign({ ...call, target });
      const operation = { operation: 'scheduleCampaign', mode: call.runAt, at: call.now } as const;
      await applyPlan(store, plan, ({ results }) => ({
        answer: null,
        journal: journal(operation, results),
      }));
    },
  };
}
