import { SoapFault } from '../contract/faults.ts';
import { readTokens } from '../rules/campaigns/tokens.ts';
import { readLeadKey } from '../rules/leads/lead-key.ts';
import { refusalsAreFaults } from './coded-faults.ts';
import type { Operation, OperationCall } from './operation.ts';
import { refuseLostLists, refuseOwnUnreadable, refuseUnreadable } from './unreadable.ts';

/** Lead keys of a call beyond these are ignored (docs/behaviour-leads.md#requestcampaign). */
const KEYS_AT_MOST = 100;

/**
 * requestCampaign: puts up to 100 leads into a trigger campaign; nothing is sent
 * (docs/behaviour-leads.md#requestcampaign). Faults: 20110 unless the campaign is named by id alone, or by name and
 * program; 20113 for an unknown campaign; 20101, 20102, 20103 and 20108 for a key that means no lead.
 */
export const requestCampaign: Operation<'requestCampaign'> = (call, { backend, settings, now }) =>
  refusalsAreFaults(async () => {
    const { params, unreadable } = call;
    refuseLostLists(unreadable);
    const named = readCampaign(call);
    const sent = (params.leadList?.leadKey ?? []).slice(0, KEYS_AT_MOST);
    const keys = sent.map((key) => readLeadKey(key, unreadable));
    refuseUnreadable({ params: { ...params, leadList: sent }, unreadable });
    const { source = 'MKTOWS' } = params;
    const tokens = readTokens(params.programTokenList);
    await backend.requestCampaign({ source, named, keys, tokens, settings, now: now.toISOString() });
    return { answer: { result: { success: true } }, mode: source, rows: [], isJournaled: true };
  });

/** Reads by what the campaign is named. */
function readCampaign({ params, unreadable }: OperationCall<'requestCampaign'>) {
  refuseOwnUnreadable({ params, unreadable });
  const name = params.campaignName?.trim() ?? '';
  const programName = params.programName?.trim() ?? '';
  const id = params.campaignId ?? 0;
  if (id > 0) {
    if (name === '' && programName === '') return { id };
    const other = name === '' ? 'programName' : 'campaignName';
    throw new SoapFault(
      20110,
      `campaignId and ${other} are both given; expected campaignId, or campaignName and programName`,
    );
  }
  if (name === '') {
    throw new SoapFault(20110, 'no campaign is named; expected campaignId, or campaignName and programName');
  }
  if (programName === '') throw new SoapFault(20110, 'programName is missing; it belongs to campaignName');
  return { name, programName };
}
