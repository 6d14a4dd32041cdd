import type { LeadRecord } from '../records/all.ts';
import type { LeadKey } from '../rules/leads/lead-key.ts';
import { keyRecords, leadConditions } from '../rules/leads/lead-sets.ts';
import type { Objects } from '../store/store.ts';
import { leadIdsOfKeys } from './leads-of-keys.ts';

/** Returns the leads that have the key, newest (highest id) first, at most `limit`. For answers, not for decisions. */
export async function findLeads(
  store: Pick<Objects, 'list' | 'count'>,
  key: LeadKey,
  limit: number,
): Promise<readonly LeadRecord[]> {
  if (key.find === undefined) return [];
  const records = keyRecords([key]);
  const page = { after: undefined, limit, descending: true };
  const where =
    records === undefined
      ? leadConditions({ kind: 'keys', keys: [key] })
      : [{ property: 'id', in: (await leadIdsOfKeys(store, records, page)).ids }];
  return (await store.list({ type: 'Lead', where, descending: true, limit })).records;
}
