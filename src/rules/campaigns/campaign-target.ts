import { SoapFault } from '../../contract/faults.ts';
import type { Records } from '../../records/all.ts';
import type { Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { quote } from '../refusal.ts';

export type Campaign = Records['Campaign'];

/** The program of a campaign. */
export interface CampaignProgram {
  readonly id: number;
  readonly name: string;
}

/**
 * The campaign that a call works on: one that exists, or one that is created if no earlier call has created it
 * meanwhile (`--schema open`). `id` of such a one: as sent, or undefined.
 */
export type CampaignTarget = { readonly program: CampaignProgram | undefined } & (
  | { readonly creates: undefined; readonly id: number }
  | { readonly creates: Omit<Campaign, 'id'>; readonly id: number | undefined }
);

/** Returns what a call must load to work on the campaign. */
export function campaignWanted({
  id,
  creates,
}: CampaignTarget): Required<Pick<Wanted, 'ids' | 'lookups' | 'newIds' | 'writes'>> {
  const isNamed = id === undefined && creates !== undefined;
  return {
    ids: id === undefined ? {} : { Campaign: [id] },
    lookups: isNamed ? [{ ...lookup('Campaign', 'name', creates.name), all: true }] : [],
    newIds: isNamed ? { Campaign: 1 } : {},
    writes: creates === undefined ? [] : ['Campaign'],
  };
}

/** Returns the campaign, created if need be. Throws fault 20113 if it is gone. */
export function campaignOf({ id, creates }: CampaignTarget, draft: Draft): Campaign {
  const known = id ?? (creates && namedCampaign(creates, draft));
  const found = known === undefined ? undefined : draft.record('Campaign', known);
  if (found !== undefined) return found;
  if (creates === undefined) throw unknownCampaign(`with id ${id}`);
  const created = { ...creates, id: id ?? draft.takeId('Campaign') };
  draft.put('Campaign', created);
  return created;
}

const namedCampaign = ({ name, programId }: Omit<Campaign, 'id'>, draft: Draft): number | undefined =>
  draft
    .all(lookup('Campaign', 'name', name))
    .find((id) => draft.record('Campaign', id)?.programId === programId);

/** Returns the fault of a campaign that does not exist. `which`: words behind "campaign". */
export const unknownCampaign = (which: string): SoapFault =>
  new SoapFault(
    20113,
    `There is no campaign ${which}; define it in the instance file, or serve with --schema open`,
  );

/** Returns the fault of a campaign that a source cannot request. */
export const notRequestable = ({ name, kind, sources }: Campaign, source: string): SoapFault =>
  new SoapFault(
    20113,
    kind === 'trigger'
      ? `The campaign ${quote(name)} cannot be requested by ${source}; its sources are ${sources.join(', ') || 'none'}`
      : `The campaign ${quote(name)} is a ${kind} campaign; expected a trigger campaign of ${source}`,
  );
