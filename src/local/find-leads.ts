import type { LeadRecord } from '../records/all.ts';
import type { WantedLookup } from '../rules/facts.ts';
import type { LeadKey } from '../rules/leads/lead-key.ts';
import type { ListCondition } from '../rules/list-query.ts';
import { declaredLookup } from '../rules/lookups.ts';
import type { Objects } from '../store/store.ts';

/** Returns the leads that have the key, newest (highest id) first, at most `limit`. For answers, not for decisions. */
export async function findLeads(
  store: Pick<Objects, 'list'>,
  { find }: LeadKey,
  limit: number,
): Promise<readonly LeadRecord[]> {
  if (find === undefined) return [];
  const where = [conditionOf(find)].flat();
  const { records } = await store.list({ type: 'Lead', where, descending: true, limit });
  return records;
}

function conditionOf(find: NonNullable<LeadKey['find']>): ListCondition | ListCondition[] {
  if ('id' in find) return { property: 'id', equals: find.id };
  const where = equalities(find);
  return find.type === 'Lead'
    ? where
    : { property: 'id', in: { type: find.type, property: 'leadId', where } };
}

const equalities = ({ type, lookup, values }: WantedLookup): ListCondition[] =>
  declaredLookup(type, lookup).columns.map((property, index) => ({
    property,
    equals: values[index] ?? null,
  }));
