import { type LeadSet, leadConditions } from '../rules/leads/lead-sets.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';
import type { ActivityLeads } from './activity-pages.ts';

/** Activities of up to this many leads are found through these leads. */
const LEADS_AT_MOST = 1000;

/** Returns the leads of a set: their ids if they are few, else how each activity is looked at. */
export async function leadsOfSet(
  store: Pick<Objects, 'list'>,
  set: LeadSet,
  most = LEADS_AT_MOST,
): Promise<ActivityLeads> {
  const ids = await firstLeads(store, set, most + 1);
  if (ids.length <= most) return { ids };
  const source =
    set.kind === 'list'
      ? ({ type: 'ListMember', property: 'leadId', where: membersOf(set) } as const)
      : ({ type: 'Lead', property: 'id', where: leadConditions(set) } as const);
  return { condition: { property: 'leadId', in: { ...source, each: true } } };
}

const membersOf = ({ listId }: LeadSet & { kind: 'list' }): ListCondition[] => [
  { property: 'listId', equals: listId },
];

async function firstLeads(store: Pick<Objects, 'list'>, set: LeadSet, limit: number): Promise<number[]> {
  if (set.kind === 'list') {
    const query = { type: 'ListMember', where: membersOf(set), by: 'leadId', limit } as const;
    return (await store.list(query)).records.map(({ leadId }) => leadId);
  }
  const { records } = await store.list({ type: 'Lead', where: leadConditions(set), limit });
  return records.map(({ id }) => id);
}
