import type { Message } from '../contract/messages.ts';
import type { Call, CallOptions } from './call.ts';
import { inParts, understood } from './in-parts.ts';
import type {
  FoundLead,
  Lead,
  LeadKey,
  LeadPage,
  LeadQuery,
  LeadResult,
  MergeResult,
  SyncedLead,
} from './lead-objects.ts';
import { pages } from './pages.ts';
import { leadResults, readLead, readLeadPage, readLeads, readMerge } from './read-leads.ts';
import { writeLead, writeLeadKey, writeMergeKey, writeSelector } from './write-leads.ts';

export interface SyncLeadOptions extends CallOptions {
  /** The visitor's cookie `_mkto_trk`, by which the lead is found, too. It belongs to the lead afterwards. */
  readonly cookie?: string | undefined;
  /** If true, the result has the lead after the call. Default: false. */
  readonly returnLead?: boolean | undefined;
  /** The workspace of a new lead; a lead that is found must be in it. */
  readonly workspace?: string | undefined;
}

export interface SyncLeadsOptions extends CallOptions {
  /** If false, leads without id and foreign id are new ones even if their address is known. Default: true. */
  readonly dedupEnabled?: boolean | undefined;
}

export interface MergeOptions extends CallOptions {
  /** If true, Marketo merges the leads in the CRM, too. mktows ignores it. */
  readonly mergeInSales?: boolean | undefined;
}

/** The methods for leads. */
export interface LeadMethods {
  /**
   * Inserts or updates a lead. What is wrong with the lead is a fault.
   *
   *     const { id } = await client.syncLead({ email: 'ann@example.com', attributes: { FirstName: 'Ann' } });
   */
  syncLead(lead: Lead, options?: SyncLeadOptions): Promise<SyncedLead>;

  /**
   * Inserts or updates leads (operation syncMultipleLeads). Returns a result for each, in the same order. More than
   * 300 leads are sent in several calls, as with `syncMObjects`.
   */
  syncLeads(leads: readonly Lead[], options?: SyncLeadsOptions): Promise<LeadResult[]>;

  /** Finds the leads that have a key, the newest first. Rejects with fault 20103 if there is none. */
  getLead(key: LeadKey, options?: CallOptions): Promise<FoundLead[]>;

  /**
   * Finds leads by keys, by list or by time of change (operation getMultipleLeads), page by page. Each page is fetched
   * when it is asked for. More than 100 keys are searched in several calls; a lead with keys in two of them comes
   * twice.
   *
   *     for await (const { leads } of client.getLeads({ staticListName: 'Newsletter' })) …
   */
  getLeads(query: LeadQuery, options?: CallOptions): AsyncIterableIterator<LeadPage>;

  /** Merges up to 100 leads into another one, which keeps its values. */
  mergeLeads(winner: LeadKey, losers: readonly LeadKey[], options?: MergeOptions): Promise<MergeResult>;
}

/** Maximum number of leads in a call of syncMultipleLeads, in Marketo's documentation. */
export const LEADS_PER_CALL = 300;
/** Maximum number of keys in a selector; a server ignores those behind them. */
const KEYS_PER_SELECTOR = 100;

/** Creates the methods for leads. */
export const leadMethods = (call: Call): LeadMethods => ({
  async syncLead(lead, { cookie, returnLead = false, ...options } = {}) {
    const params = {
      leadRecord: writeLead(lead),
      returnLead,
      ...(cookie === undefined ? {} : { marketoCookie: cookie }),
    };
    const { result } = await call('syncLead', params, options);
    return understood('syncLead', () => {
      const { leadId, syncStatus: { status } = {}, leadRecord } = result ?? {};
      if (leadId === undefined || status === undefined || status === 'FAILED') {
        throw new Error(`it has the status ${status} and the id ${leadId}`);
      }
      return { status, id: leadId, lead: leadRecord == null ? null : readLead(leadRecord) };
    });
  },

  async syncLeads(leads, { dedupEnabled, ...options } = {}) {
    const written = leads.map(writeLead);
    const dedup = dedupEnabled === undefined ? {} : { dedupEnabled };
    return inParts(
      'syncMultipleLeads',
      leads,
      async (part, start) => {
        const leadRecordList = { leadRecord: written.slice(start, start + part.length) };
        const { result } = await call('syncMultipleLeads', { leadRecordList, ...dedup }, options);
        return result?.syncStatusList;
      },
      leadResults,
      LEADS_PER_CALL,
    );
  },

  async getLead(key, options) {
    const { result } = await call('getLead', { leadKey: writeLeadKey(key) }, options);
    return understood('getLead', () => readLeads(result?.leadRecordList));
  },

  getLeads: (query, options) => leadPages(call, query, options),

  async mergeLeads(winner, losers, { mergeInSales, ...options } = {}) {
    const params = {
      winningLeadKeyList: writeMergeKey(winner),
      losingLeadKeyLists: { keyList: losers.map(writeMergeKey) },
      ...(mergeInSales === undefined ? {} : { mergeInSales }),
    };
    const { result } = await call('mergeLeads', params, options);
    return understood('mergeLeads', () => readMerge(result?.mergeStatus));
  },
});

async function* leadPages(
  call: Call,
  query: LeadQuery,
  options: CallOptions | undefined,
): AsyncGenerator<LeadPage, void, undefined> {
  for (const part of queriesOf(query)) {
    const params = writeLeadQuery(part);
    yield* pages(
      async (streamPosition: string | undefined) => {
        const position = streamPosition === undefined ? {} : { streamPosition };
        const { result } = await call('getMultipleLeads', { ...params, ...position }, options);
        return understood('getMultipleLeads', () => readLeadPage(result));
      },
      part.streamPosition,
      ({ remaining, streamPosition }) => (remaining > 0 ? streamPosition : undefined),
    );
  }
}

/** Splits a query of more keys than a selector takes. Throws `TypeError` for one that is also to be continued. */
function queriesOf(query: LeadQuery): readonly LeadQuery[] {
  if (!('keyType' in query) || query.keyValues.length <= KEYS_PER_SELECTOR) return [query];
  const { keyValues, streamPosition } = query;
  if (streamPosition !== undefined) {
    throw new TypeError(
      `getLeads: a search of ${keyValues.length} keys cannot be continued; expected at most ${KEYS_PER_SELECTOR} keys with a streamPosition`,
    );
  }
  const starts = Array.from(
    { length: Math.ceil(keyValues.length / KEYS_PER_SELECTOR) },
    (_, part) => part * KEYS_PER_SELECTOR,
  );
  return starts.map((start) => ({ ...query, keyValues: keyValues.slice(start, start + KEYS_PER_SELECTOR) }));
}

function writeLeadQuery(query: LeadQuery): Message<'ParamsGetMultipleLeads'> {
  const { includeAttributes, batchSize } = query;
  return {
    leadSelector: writeSelector(query),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(includeAttributes === undefined ? {} : { includeAttributes: { stringItem: [...includeAttributes] } }),
  };
}
