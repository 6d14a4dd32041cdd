import type { EnumerationValue } from '../../contract/enumerations.ts';
import { assetName } from '../lists/asset-name.ts';
import { compareNames, foldName } from '../schema.ts';
import type { Campaign } from './campaign-target.ts';

/** A decoded getCampaignsForSource call. `name`: empty for all. */
export interface CampaignQuery {
  readonly source: EnumerationValue<'ReqCampSourceType'>;
  readonly name: string;
  /** True if `name` is the whole name, not a part of it. */
  readonly isExact: boolean;
}

/** A campaign as answered: `Program.Campaign` in a program. */
export interface NamedCampaign {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
}

/** Returns those campaigns that the source can request and whose name matches. */
export function matchingCampaigns(
  campaigns: readonly Campaign[],
  programs: ReadonlyMap<number, { readonly name: string }>,
  { source, name, isExact }: CampaignQuery,
): NamedCampaign[] {
  const folded = foldName(name);
  return campaigns.flatMap(({ id, name: own, programId, kind, sources, description }) => {
    if (kind !== 'trigger' || !sources.includes(source)) return [];
    const full = assetName(own, programId === null ? undefined : programs.get(programId)?.name);
    const isMatch = isExact && folded !== '' ? foldName(full) === folded : foldName(full).includes(folded);
    return isMatch ? [{ id, name: full, description }] : [];
  });
}

/** Orders campaigns by name without case, then id. */
export const compareCampaigns = (a: NamedCampaign, b: NamedCampaign): number =>
  compareNames(a.name, b.name) || a.id - b.id;
