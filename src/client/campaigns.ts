import type { EnumerationValue } from '../contract/enumerations.ts';
import type { Message, Received } from '../contract/messages.ts';
import type { Call, CallOptions } from './call.ts';
import { understood } from './in-parts.ts';
import type { LeadKey } from './lead-objects.ts';
import { writeLeadKeys, writeTime } from './write-leads.ts';

/** The source that calls a campaign: `'MKTOWS'`, the API, or `'SALES'`. */
export type CampaignSource = EnumerationValue<'ReqCampSourceType'>;

/** A filter of trigger campaigns. */
export interface CampaignQuery {
  /** Default: `MKTOWS`. */
  readonly source?: CampaignSource | undefined;
  /** A part of the name. */
  readonly name?: string | undefined;
  /** If true, `name` is the whole name. */
  readonly exactName?: boolean | undefined;
}

/** A trigger campaign. */
export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

/** Values of a program's tokens: `{ '{{my.subject}}': 'Hello' }`. */
export type ProgramTokens = Readonly<Record<string, string>>;

/** A trigger campaign for leads, by its id or its name. */
export type CampaignRequest = {
  /** Default: `MKTOWS`. */
  readonly source?: CampaignSource | undefined;
  readonly tokens?: ProgramTokens | undefined;
} & ({ readonly campaignId: number } | { readonly campaignName: string; readonly programName: string });

/** A batch campaign to run. */
export interface CampaignSchedule {
  readonly programName: string;
  readonly campaignName: string;
  /** Default: now. */
  readonly campaignRunAt?: Date | string | undefined;
  /** Copies the program under this name first, and schedules the campaign of the copy. */
  readonly cloneToProgramName?: string | undefined;
  readonly tokens?: ProgramTokens | undefined;
}

/** The methods for campaigns. */
export interface CampaignMethods {
  /** Lists trigger campaigns (operation getCampaignsForSource). */
  getCampaigns(query?: CampaignQuery, options?: CallOptions): Promise<Campaign[]>;

  /**
   * Puts up to 100 leads into a trigger campaign. Returns true if they are. Rejects with `TypeError` for more leads,
   * which a server would ignore.
   */
  requestCampaign(
    campaign: CampaignRequest,
    leads: readonly LeadKey[],
    options?: CallOptions,
  ): Promise<boolean>;

  /** Schedules a batch campaign. Returns true if it is scheduled. */
  scheduleCampaign(campaign: CampaignSchedule, options?: CallOptions): Promise<boolean>;
}

/** Maximum number of leads in a call of requestCampaign; a server ignores those behind them. */
const LEADS_PER_CALL = 100;

/** Creates the methods for campaigns. */
export const campaignMethods = (call: Call): CampaignMethods => ({
  async getCampaigns({ source = 'MKTOWS', name, exactName } = {}, options) {
    const params = {
      source,
      ...(name === undefined ? {} : { name }),
      ...(exactName === undefined ? {} : { exactName }),
    };
    const { result } = await call('getCampaignsForSource', params, options);
    return understood('getCampaignsForSource', () =>
      (result?.campaignRecordList?.campaignRecord ?? []).map(readCampaign),
    );
  },

  async requestCampaign(campaign, leads, options) {
    if (leads.length > LEADS_PER_CALL) {
      throw new TypeError(`requestCampaign: ${leads.length} leads; expected at most ${LEADS_PER_CALL}`);
    }
    const params = {
      source: campaign.source ?? 'MKTOWS',
      ...('campaignId' in campaign
        ? { campaignId: campaign.campaignId }
        : { programName: campaign.programName, campaignName: campaign.campaignName }),
      leadList: writeLeadKeys(leads),
      ...writeTokens(campaign.tokens),
    };
    const { result } = await call('requestCampaign', params, options);
    return result?.success ?? false;
  },

  async scheduleCampaign(campaign, options) {
    const { programName, campaignName, campaignRunAt, cloneToProgramName, tokens } = campaign;
    const params = {
      programName,
      campaignName,
      ...(campaignRunAt === undefined ? {} : { campaignRunAt: writeTime(campaignRunAt, 'campaignRunAt') }),
      ...(cloneToProgramName === undefined ? {} : { cloneToProgramName }),
      ...writeTokens(tokens),
    };
    const { result } = await call('scheduleCampaign', params, options);
    return result?.success ?? false;
  },
});

function readCampaign({ id, name = '', description = '' }: Received<'CampaignRecord'>): Campaign {
  if (id === undefined) throw new Error('a campaign in it has no id');
  return { id, name, description };
}

function writeTokens(
  tokens: ProgramTokens | undefined,
): Pick<Message<'ParamsRequestCampaign'>, 'programTokenList'> {
  if (tokens === undefined) return {};
  const attrib = Object.entries(tokens).map(([name, value]) => ({ name, value }));
  return { programTokenList: { attrib } };
}
