import { type Operation, readOutcome } from './operation.ts';
import { refuseUnreadable } from './unreadable.ts';

/**
 * getCampaignsForSource: the trigger campaigns that a source can request
 * (docs/behaviour-leads.md#getcampaignsforsource). Fault: 20110 for an unknown source.
 */
export const getCampaignsForSource: Operation<'getCampaignsForSource'> = async (call, { backend }) => {
  refuseUnreadable(call);
  const { source = 'MKTOWS', name, exactName } = call.params;
  const found = await backend.campaigns({ source, name: name ?? '', isExact: exactName ?? false });
  const campaignRecord = found.map(({ id, name: own, description }) => ({
    id,
    name: own,
    description: description ?? '',
  }));
  return readOutcome(source, {
    result: { returnCount: found.length, campaignRecordList: { campaignRecord } },
  });
};
