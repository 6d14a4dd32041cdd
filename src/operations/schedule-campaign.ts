import { SoapFault } from '../contract/faults.ts';
import { readTokens } from '../rules/campaigns/tokens.ts';
import { newName } from '../rules/lists/asset-name.ts';
import { quote } from '../rules/refusal.ts';
import { readDatetime } from '../rules/values.ts';
import type { Operation } from './operation.ts';
import { requiredText } from './required-text.ts';
import { refuseLostLists, refuseUnreadable } from './unreadable.ts';

/**
 * scheduleCampaign: records when a batch campaign is to run; nothing runs
 * (docs/behaviour-leads.md#schedulecampaign). Faults: 20109 for a missing name, 20110 for an unknown program, a campaign
 * that is no batch campaign, an unreadable time and a cloneToProgramName in use, 20113 for an unknown campaign.
 */
export const scheduleCampaign: Operation<'scheduleCampaign'> = async (call, { backend, settings, now }) => {
  const { params, unreadable } = call;
  refuseLostLists(unreadable);
  const programName = requiredText('programName', params.programName);
  const campaignName = requiredText('campaignName', params.campaignName);
  refuseUnreadable(call);
  const at = now.toISOString();
  const asked = readRunAt(params.campaignRunAt, settings.timeZone);
  const runAt = asked === undefined || asked < at ? at : asked;
  const tokens = readTokens(params.programTokenList);
  const cloneTo = readCloneName(params.cloneToProgramName);
  await backend.scheduleCampaign({ programName, campaignName, runAt, tokens, cloneTo, settings, now: at });
  return { answer: { result: { success: true } }, mode: runAt, rows: [], isJournaled: true };
};

function readRunAt(sent: string | null | undefined, timeZone: string): string | undefined {
  if (sent == null || sent.trim() === '') return undefined;
  const read = readDatetime(sent.trim(), timeZone);
  if ('problem' in read) throw new SoapFault(20110, `campaignRunAt: ${quote(sent)}; ${read.problem}`);
  return String(read.value);
}

function readCloneName(sent: string | null | undefined): string | undefined {
  return newName('cloneToProgramName', sent ?? '') || undefined;
}
