import { SoapFault } from '../../contract/faults.ts';
import type { RecordType } from '../../records/all.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { assetName } from '../lists/asset-name.ts';
import { lookup } from '../lookups.ts';
import { unlessMissing } from '../missing-data.ts';
import type { Plan } from '../plan.ts';
import { quote } from '../refusal.ts';
import type { RowResult, RowResults } from '../sync.ts';
import { type CampaignProgram, type CampaignTarget, campaignOf, campaignWanted } from './campaign-target.ts';
import { cloneProgram } from './clone-program.ts';
import { campaignRow, type Token } from './tokens.ts';

/** A decoded scheduleCampaign call. */
export interface ScheduleCall {
  readonly target: CampaignTarget & { readonly program: CampaignProgram };
  /** When it is to run; UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly runAt: string;
  readonly tokens: readonly Token[];
  /** The name of a copy of the program whose campaign is scheduled instead; undefined: none. */
  readonly cloneTo: string | undefined;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

/** Plans a scheduleCampaign call (docs/behaviour-leads.md#schedulecampaign). */
export function planScheduleCampaign(call: ScheduleCall): Plan<RowResults> {
  const wanted = wantedBy(call);
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const results = unlessMissing(() => schedule(call, draft));
      const more = draft.missing();
      if (more !== undefined || results === undefined) return { more: more as Wanted };
      return { changes: draft.changes(), results };
    },
  };
}

function wantedBy({ target, cloneTo }: ScheduleCall): Wanted & { readonly writes: readonly RecordType[] } {
  const campaign = campaignWanted(target);
  const writes: RecordType[] = [...campaign.writes, 'CampaignRun'];
  const base = { keys: [], costs: [], depth: 2 };
  if (cloneTo === undefined) {
    return { ...base, ...campaign, newIds: { ...campaign.newIds, CampaignRun: 1 }, writes };
  }
  const { id } = target.program;
  return {
    ...base,
    ids: { ...campaign.ids, Program: [id] },
    lookups: [...campaign.lookups, lookup('Program', 'name', cloneTo)],
    newIds: { ...campaign.newIds, CampaignRun: 1, Program: 1 },
    writes: [...writes, 'Program', 'Campaign', 'StaticList'],
  };
}

function schedule({ target, runAt, tokens, cloneTo, now }: ScheduleCall, draft: Draft): RowResult[] {
  const { program } = target;
  const campaign = campaignOf(target, draft);
  if (campaign.kind !== 'batch') {
    throw new SoapFault(
      20110,
      `campaignName: ${quote(campaign.name)} is a ${campaign.kind} campaign; expected a batch campaign`,
    );
  }
  const clone = cloneTo === undefined ? undefined : cloneOf(program, cloneTo, draft, now);
  const campaignId = clone?.campaigns.get(campaign.id) ?? campaign.id;
  draft.put('CampaignRun', {
    id: draft.takeId('CampaignRun'),
    campaignId,
    kind: 'schedule',
    at: now,
    runAt,
    source: null,
    leadIds: [],
    tokens,
  });
  const scheduled = campaignRow(campaignId, assetName(campaign.name, cloneTo ?? program.name), tokens);
  if (clone === undefined) return [scheduled];
  const row = { sentType: 'Program', id: clone.id, echoedKey: undefined };
  return [{ row, outcome: { status: 'CREATED', id: clone.id, name: cloneTo } }, scheduled];
}

function cloneOf({ id, name }: CampaignProgram, cloneTo: string, draft: Draft, now: string) {
  const program = draft.record('Program', id);
  if (program === undefined) throw new SoapFault(20110, `programName: there is no program ${quote(name)}`);
  return cloneProgram(program, cloneTo, draft, now);
}
