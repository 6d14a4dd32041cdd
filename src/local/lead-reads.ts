import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundLeads, LeadPage, LeadReads } from '../backend.ts';
import type { LeadRecord } from '../records/all.ts';
import type { LeadKey } from '../rules/leads/lead-key.ts';
import type { AnsweredLead } from '../rules/leads/lead-message.ts';
import { type KeyRecords, keyRecords, type LeadSet, leadConditions } from '../rules/leads/lead-sets.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';
import { createCountedLeads } from './counted-leads.ts';
import { areReadByKey, countLeadsOfKeys, leadIdsOfKeys } from './leads-of-keys.ts';

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
      const shared = await sharedKeys(store, keys);
      const where =
        shared === undefined
          ? leadConditions({ kind: 'keys', keys })
          : withIds((await leadIdsOfKeys(store, shared, { after: undefined, limit, descending: true })).ids);
      const { records } = await store.list({ type: 'Lead', where, descending: true, limit });
      return withOthers(store, records);
    },
    async pageOfLeads(query): Promise<FoundLeads> {
      const { set, after, limit } = query;
      if (set.kind === 'list') return pageOfMembers(store, set.listId, after, limit);
      const shared = set.kind === 'keys' ? await sharedKeys(store, set.keys) : undefined;
      if (shared !== undefined) return pageOfShared(store, shared, after, limit);
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

/** Reads members first: their index leads to the place of the page, whereas a condition on leads reads all members. */
async function pageOfMembers(
  store: Lists,
  listId: number,
  after: number,
  limit: number,
): Promise<FoundLeads> {
  const type = 'ListMember';
  const inList = { property: 'listId', equals: listId };
  const { records: members, hasMore } = await store.list({
    type,
    where: [inList],
    by: 'leadId',
    after,
    limit,
  });
  const ids = members.map(({ leadId }) => leadId);
  if (ids.length === 0) return { leads: [], remaining: 0 };
  const { records } = await store.list({ type: 'Lead', where: [{ property: 'id', in: ids }], limit });
  const behind = { property: 'leadId', from: (ids.at(-1) ?? after) + 1 };
  const remaining = hasMore ? await store.count({ type, where: [inList, behind] }) : 0;
  return { leads: await withOthers(store, records), remaining: hasMore ? Math.max(1, remaining) : 0 };
}

/** Returns the records of keys that very many leads can have, such as those of owners; undefined: few have them. */
async function sharedKeys(store: Lists, keys: readonly LeadKey[]): Promise<KeyRecords | undefined> {
  const records = keyRecords(keys);
  return records !== undefined && (await areReadByKey(store, records)) ? records : undefined;
}

async function pageOfShared(
  store: Lists,
  keys: KeyRecords,
  after: number,
  limit: number,
): Promise<FoundLeads> {
  const { ids, hasMore } = await leadIdsOfKeys(store, keys, { after, limit, descending: false });
  const { records } = await store.list({ type: 'Lead', where: withIds(ids), limit });
  const remaining = hasMore ? Math.max(1, await countLeadsOfKeys(store, keys, ids.at(-1) ?? after)) : 0;
  return { leads: await withOthers(store, records), remaining };
}

const withIds = (ids: readonly number[]): ListCondition[] => [{ property: 'id', in: ids }];

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
  for (let left = leads.map(({ id }) => id); left.length > 0; ) {
    const where = [{ property: 'leadId', in: left }];
    const limit = FOREIGN_IDS_AT_ONCE;
    const { records, hasMore } = await store.list({ type: 'LeadForeignId', where, descending: true, limit });
    for (const { leadId, type, value } of records) {
      if (!newest.has(leadId)) newest.set(leadId, { type, value });
    }
    if (!hasMore) break;
    // One lead can have very many, which are not gone through.
    left = left.filter((id) => !newest.has(id));
    await nextTurn();
  }
  return newest;
}
