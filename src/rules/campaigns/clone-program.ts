import { SoapFault } from '../../contract/faults.ts';
import type { Records } from '../../records/all.ts';
import type { Draft } from '../draft.ts';
import { lookup } from '../lookups.ts';
import { quote } from '../refusal.ts';

/** The most lists and the most campaigns of a program that is copied. */
const ASSETS_AT_MOST = 1000;

/**
 * Copies a program with its channel, tags, tokens, campaigns and empty lists, without its costs
 * (docs/behaviour-leads.md#schedulecampaign). Throws fault 20110 if the name is in use. Returns the id of the copy, and
 * the ids of its campaigns by those of the originals.
 */
export function cloneProgram(
  program: Records['Program'],
  name: string,
  draft: Draft,
  now: string,
): { readonly id: number; readonly campaigns: ReadonlyMap<number, number> } {
  if (draft.newest(lookup('Program', 'name', name)) !== undefined) {
    throw new SoapFault(20110, `cloneToProgramName: there is a program ${quote(name)} already`);
  }
  const originals = draft.upTo(lookup('Campaign', 'program', program.id), ASSETS_AT_MOST);
  const lists = draft.upTo(lookup('StaticList', 'program', program.id), ASSETS_AT_MOST);
  if (originals === undefined || lists === undefined) {
    throw new SoapFault(
      20110,
      `cloneToProgramName: the program ${quote(program.name)} has over ${ASSETS_AT_MOST} lists or campaigns, too many to copy`,
    );
  }
  const [id] = draft.takeIds('Program', 1);
  const campaignIds = draft.takeIds('Campaign', originals.length);
  const listIds = draft.takeIds('StaticList', lists.length);
  const programId = id as number;
  // The link to a campaign of a CRM is of one program.
  draft.put('Program', {
    ...program,
    id: programId,
    name,
    createdAt: now,
    updatedAt: now,
    crmId: null,
    costs: [],
  });
  const campaigns = new Map<number, number>();
  for (const [index, original] of originals.entries()) {
    const campaign = draft.record('Campaign', original);
    const copy = campaignIds[index] as number;
    if (campaign !== undefined) draft.put('Campaign', { ...campaign, id: copy, programId });
    campaigns.set(original, copy);
  }
  for (const [index, original] of lists.entries()) {
    const list = draft.record('StaticList', original);
    if (list !== undefined) draft.put('StaticList', { ...list, id: listIds[index] as number, programId });
  }
  return { id: programId, campaigns };
}
