import { SoapFault } from '../contract/faults.ts';
import type { ImportCall } from '../rules/lists/import-call.ts';
import { type ListTarget, newList } from '../rules/lists/list-target.ts';
import { quote } from '../rules/refusal.ts';
import type { Objects } from '../store/store.ts';
import { requiredCampaign } from './find-campaign.ts';
import { findProgram, listOfProgram } from './find-list.ts';

type Lists = Pick<Objects, 'list'>;

/**
 * Returns list and campaign of an import. Throws fault 20110 for an unknown program or a campaign that is no batch
 * campaign, 20111 for an unknown list and 20113 for an unknown campaign; `--schema open` creates a list.
 */
export async function importTargets(
  store: Lists,
  { programName, listName, campaignName, settings }: ImportCall,
): Promise<{ target: ListTarget; campaignId: number | null }> {
  const program = await findProgram(store, programName);
  const list = await listOfProgram(store, listName, program);
  if (list === undefined && settings.undefinedNames === 'fail') {
    throw new SoapFault(
      20111,
      `listName: the program ${quote(program.name)} has no list ${quote(listName)}; ` +
        'define it in the instance file, or serve with --schema open',
    );
  }
  const campaign =
    campaignName === undefined ? undefined : await requiredCampaign(store, campaignName, program);
  if (campaign !== undefined && campaign.kind !== 'batch') {
    throw new SoapFault(
      20110,
      `campaignName: ${quote(campaign.name)} is a ${campaign.kind} campaign; expected a batch campaign`,
    );
  }
  return {
    target: list ?? newList(listName, program),
    campaignId: campaign?.id ?? null,
  };
}
