import type { EnumerationValue } from '../../contract/enumerations.ts';
import { SoapFault } from '../../contract/faults.ts';
import type { RecordType } from '../../records/all.ts';
import { addActivities } from '../activities/add-activity.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Facts, Wanted } from '../facts.ts';
import { journaledKey, type LeadKey, leadKeysWanted, leadNotFound, leadsOf } from '../leads/lead-key.ts';
import { assetName } from '../lists/asset-name.ts';
import { unlessMissing } from '../missing-data.ts';
import type { Plan } from '../plan.ts';
import type { RowResult, RowResults } from '../sync.ts';
import { type CampaignTarget, campaignOf, campaignWanted, notRequestable } from './campaign-target.ts';
import { campaignRow, type Token } from './tokens.ts';

/** A decoded requestCampaign call. */
export interface RequestCall {
  readonly source: EnumerationValue<'ReqCampSourceType'>;
  readonly target: CampaignTarget;
  readonly keys: readonly LeadKey[];
  readonly tokens: readonly Token[];
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

/** The most leads that the keys of a call can mean together, since one key can mean very many. */
const MATCHES_AT_MOST = 1000;
/** The most leads that are loaded for the keys of a call. */
const LOADED_AT_MOST = 10_000;

/** Plans a requestCampaign call (docs/behaviour-leads.md#requestcampaign). */
export function planRequestCampaign(call: RequestCall): Plan<RowResults> {
  const wanted = wantedBy(call);
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const results = unlessMissing(() => request(call, facts, draft));
      const more = draft.missing();
      if (more !== undefined || results === undefined) return { more: more as Wanted };
      return { changes: draft.changes(), results };
    },
  };
}

/** Adds the activities and the run of the campaign. Returns a result for the campaign and one for each lead of a key. */
function request(
  { source, target, keys, tokens, now }: RequestCall,
  facts: Facts,
  draft: Draft,
): RowResult[] {
  const campaign = campaignOf(target, draft);
  if (campaign.kind !== 'trigger' || !campaign.sources.includes(source))
    throw notRequestable(campaign, source);
  const found = keys.map((key) => leadsOfKey(key, facts, () => leadsOf(draft, key)));
  const leadIds = [...new Set(found.flat())];
  if (leadIds.length > MATCHES_AT_MOST) throw tooMany();
  const name = assetName(campaign.name, target.program?.name);
  const attributes = [
    ['Campaign ID', String(campaign.id)],
    ['Source', source],
  ] as const;
  addActivities(
    draft,
    leadIds.map((leadId) => ({
      leadId,
      type: 'RequestCampaign',
      at: now,
      assetName: name,
      campaign: name,
      attributes,
    })),
  );
  draft.put('CampaignRun', {
    id: draft.takeId('CampaignRun'),
    campaignId: campaign.id,
    kind: 'request',
    at: now,
    runAt: null,
    source,
    leadIds,
    tokens,
  });
  return [
    campaignRow(campaign.id, name, tokens),
    ...keys.flatMap((key, index) => leadRows(found[index] ?? [], key)),
  ];
}

function wantedBy({ target, keys }: RequestCall): Wanted & { readonly writes: readonly RecordType[] } {
  const campaign = campaignWanted(target);
  const leads = leadKeysWanted(keys);
  return {
    ids: { ...campaign.ids, ...leads.ids },
    keys: [],
    lookups: [...campaign.lookups, ...leads.lookups],
    newIds: { ...campaign.newIds, Activity: keys.length, CampaignRun: 1 },
    writes: [...campaign.writes, 'Lead', 'Activity', 'CampaignRun'],
    depth: Math.min(MATCHES_AT_MOST, Math.ceil(LOADED_AT_MOST / Math.max(keys.length, 1))) + 1,
  };
}

/** Returns the leads of a key. Refuses the call if there are none, or too many to load. */
function leadsOfKey(key: LeadKey, { lookups }: Facts, find: () => readonly number[]): readonly number[] {
  if (key.find !== undefined && !('id' in key.find) && lookups.isCut(key.find)) throw tooMany();
  const ids = find();
  if (ids.length === 0) throw leadNotFound(key).fault();
  return ids;
}

const tooMany = () =>
  new SoapFault(20110, `leadList means too many leads; expected at most ${MATCHES_AT_MOST}`);

function leadRows(ids: readonly number[], key: LeadKey): RowResult[] {
  const { echoedKey, name } = journaledKey(key);
  return ids.map((id) => ({
    row: { sentType: 'Lead', id, echoedKey },
    outcome: { status: 'UPDATED', id, name },
  }));
}
