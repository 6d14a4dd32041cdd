import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundLeads, LeadPage, LeadReads } from '../backend.ts';
import type { LeadRecord } from '../records/all.ts';
import type { AnsweredLead } from '../rules/leads/lead-message.ts';
import { type LeadSet, leadConditions } from '../rules/leads/lead-sets.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';
import { createCountedLeads } from './counted-leads.ts';

type Lists = Pick<Objects, 'list' | 'count'>;

/** Reads leads from this server's store. Serves all calls, as it remembers counts from one page to the next. */
export function createLeadReads(store: Lists): LeadReads {
  const counted = createCountedLeads();

  /** Counts the leads behind a page, or takes the count that the query carries if it is known to be right. */
  async function remaining({ set, after, remaining: before }: LeadPage, leads: readonly LeadRecord[]) {
    const last = leads.at(-1)?.id ?? after;
    const where = leadConditions(set);
    if (set.kind !== 'updated') return (await count(store, where, after)) - leads.length;
    const begun = counted.now();
    const since = before === undefined ? undefined : counted.since(placeOf(set, after, before));
    const isRight = since !== undefined && !(await isUpdatedSince(store, since));
    const behind = isRight && before !== undefined ? before : await count(store, where, after);
    const left = behind - leads.length;
    counted.note(placeOf(set, last, left), isRight ? since : begun);
    return left;
  }

  return {
    async newestLeads(keys, limit) {
      const where = leadConditions({ kind: 'keys', keys });
      const { records } = await store.list({ type: 'Lead', where, descending: true, limit });
      return withOthers(store, records);
    },
    async pageOfLeads(query): Promise<FoundLeads> {
      const { set, after, limit } = query;
      const where = leadConditions(set);
      const { records, hasMore } = await store.list({
        type: 'Lead',
        where,
        limit,
        ...(after > 0 ? { after } : {}),
      });
      const left = hasMore ? Math.max(1, await remaining(query, records)) : 0;
      return { leads: await withOthers(store, records), remaining: left };
    },
  };
}

const placeOf = ({ from, to }: LeadSet & { kind: 'updated' }, after: number, remaining: number) =>
  `${from} ${to} ${after} ${remaining}`;

const count = (store: Lists, where: readonly ListCondition[], after: number): Promise<number> =>
  store.count({ type: 'Lead', where: after > 0 ? [...where, { property: 'id', from: after + 1 }] : where });

async function isUpdatedSince(store: Lists, since: string): Promise<boolean> {
  const where = [{ property: 'updatedAt', from: since }];
  return (await store.list({ type: 'Lead', where, by: 'updatedAt', limit: 1 })).records.length > 0;
}

/** Adds what answers show of other records: the newest foreign id of each lead, and the name of its company. */
async function withOthers(store: Lists, leads: readonly LeadRecord[]): Promise<AnsweredLead[]> {
  const foreignIds = await newestForeignIds(store, leads);
  const companyIds = [...new Set(leads.flatMap(({ companyId }) => companyId ?? []))];
  const names = new Map<number, string>();
  if (companyIds.length > 0) {
    const where = [{ property: 'id', in: companyIds }];
    const { records } = await store.list({ type: 'Company', where, limit: companyIds.length });
    for (const { id, name } of records) if (name !== null) names.set(id, name);
  }
  return leads.map((lead) => ({
    lead,
    foreignId: foreignIds.get(lead.id),
    companyName: lead.companyId === null ? undefined : names.get(lead.companyId),
  }));
}

/** The most foreign ids that are read at once. */
const FOREIGN_IDS_AT_ONCE = 1000;

async function newestForeignIds(store: Lists, leads: readonly LeadRecord[]) {
  const newest = new Map<number, NonNullable<AnsweredLead['foreignId']>>();
  if (leads.length === 0) return newest;
  const where = [{ property: 'leadId', in: leads.map(({ id }) => id) }];
  let after: number | undefined;
  for (let hasMore = true; hasMore && newest.size < leads.length; ) {
    const page = await store.list({
      type: 'LeadForeignId',
      where,
      descending: true,
      limit: FOREIGN_IDS_AT_ONCE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { leadId, type, value } of page.records) {
      if (!newest.has(leadId)) newest.set(leadId, { type, value });
    }
    hasMore = page.hasMore;
    after = page.records.at(-1)?.id;
    if (hasMore) await nextTurn();
  }
  return newest;
}
