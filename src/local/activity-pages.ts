import type { ActivityQuery, FoundActivities } from '../backend.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';

import { type ActivityRange, activitySteps } from './activity-steps.ts';
import { createRememberedCounts } from './remembered-counts.ts';

type Lists = Pick<Objects, 'list' | 'count'>;

/** Up to this many activities of some leads, or of a window, are read at once. */
const FEW = 10_000;

/** The number of records that are read at once; for tests. */
export interface PageSteps {
  readonly few?: number;
  /** Ids of the first step. */
  readonly firstStep?: number;
}

/** Leads of a query: few are named, many are looked up for each activity. */
export type ActivityLeads = { readonly ids: readonly number[] } | { readonly condition: ListCondition };

/** A page to read, with its conditions. */
interface Asked extends ActivityRange {
  readonly limit: number;
  /** Identifies the query, but for its place. */
  readonly name: string;
  readonly hasLeads: boolean;
}

/** Returns a page of activities. `leads`: undefined: of all leads. */
export type ActivityPages = (
  query: ActivityQuery,
  leads: ActivityLeads | undefined,
) => Promise<FoundActivities>;

/**
 * Pages through activities. What an index leads to in few rows is read at once. All else goes in steps through the ids:
 * first to the end of the page, then to count what follows. The count is remembered for the next page, which counts
 * only what has come since. So neither filters that match little nor millions of activities delay other calls. Serves
 * all calls.
 */
export function createActivityPages(store: Lists, steps: PageSteps = {}): ActivityPages {
  const { few: fewAtMost = FEW, firstStep } = steps;
  const inSteps = activitySteps(store, firstStep);
  const counts = createRememberedCounts();

  async function few(asked: Asked, skip: number, after: number | undefined): Promise<FoundActivities> {
    const { where, descending, limit } = asked;
    const { records, hasMore } = await store.list({
      type: 'Activity',
      where,
      descending,
      limit: limit + Math.min(skip, fewAtMost),
      ...(after === undefined ? {} : { after }),
    });
    const activities = records.slice(skip);
    const last = activities.at(-1)?.id;
    if (!hasMore || last === undefined) return { activities, remaining: 0 };
    const behind = { property: 'id', ...(descending ? { to: last - 1 } : { from: last + 1 }) };
    return { activities, remaining: await store.count({ type: 'Activity', where: [...where, behind] }) };
  }

  async function many(asked: Asked, skip: number, after: number | undefined): Promise<FoundActivities> {
    const begun = skip > 0 ? await inSteps.skip(asked, skip) : asked.ids;
    const activities = await inSteps.page({ ...asked, ids: begun });
    const last = activities.at(-1)?.id;
    if (last === undefined || activities.length < asked.limit) return { activities, remaining: 0 };
    return { activities, remaining: await remainingBehind(asked, last, activities.length, after) };
  }

  async function remainingBehind(asked: Asked, last: number, returned: number, after: number | undefined) {
    const { where, name, descending, hasLeads } = asked;
    const [lowest, highest] = await endsOf(store);
    const known = after === undefined ? undefined : counts.find(name, after);
    let remaining: number;
    if (known?.lowest === lowest && !(hasLeads && (await hasMerge(known.highest, highest)))) {
      remaining = known.remaining - returned;
      if (!descending) remaining += await inSteps.count(where, { from: known.highest + 1, to: highest });
    } else {
      const { from, to } = asked.ids;
      remaining = await inSteps.count(
        where,
        descending ? { from, to: last - 1 } : { from: last + 1, to: Math.max(to, highest) },
      );
    }
    counts.note(name, last, { remaining, lowest, highest });
    return remaining;
  }

  /** Returns whether leads were merged after an activity: the activities of the losers have become the winner's. */
  async function hasMerge(after: number, highest: number): Promise<boolean> {
    const where = [{ property: 'type', equals: 'MergeLeads' }];
    return (await inSteps.count(where, { from: after + 1, to: highest })) > 0;
  }

  const isFew = async (where: readonly ListCondition[]): Promise<boolean> =>
    (await store.count({ type: 'Activity', where }, fewAtMost + 1)) <= fewAtMost;

  return async (query, leads) => {
    const { types, window, descending, after, skip, limit } = query;
    if (types?.length === 0 || (leads !== undefined && 'ids' in leads && leads.ids.length === 0)) {
      return { activities: [], remaining: 0 };
    }
    const ofLeads = leads === undefined ? [] : [conditionOf(leads)];
    const { from, to } = window;
    const within = from === undefined && to === undefined ? [] : [{ property: 'at', ...window }];
    const where = [...ofLeads, ...within, ...(types === undefined ? [] : [{ property: 'type', in: types }])];
    const [lowest, highest] = await endsOf(store);
    const start = after ?? (descending ? highest + 1 : lowest - 1);
    const ids = descending
      ? { from: lowest, to: Math.min(highest, start - 1) }
      : { from: Math.max(lowest, start + 1), to: highest };
    const name = JSON.stringify([leads ?? null, types ?? null, window, descending]);
    const asked = { where, descending, limit, name, ids, hasLeads: leads !== undefined };
    const leading = leads !== undefined && 'ids' in leads ? ofLeads : within;
    return leading.length > 0 && (await isFew(leading)) ? few(asked, skip, after) : many(asked, skip, after);
  };
}

function conditionOf(leads: ActivityLeads): ListCondition {
  if ('condition' in leads) return leads.condition;
  const [only] = leads.ids;
  return leads.ids.length === 1 && only !== undefined
    ? { property: 'leadId', equals: only }
    : { property: 'leadId', in: leads.ids };
}

/** Returns the lowest and the highest id; 0 and -1 if there are no activities. */
async function endsOf(store: Lists): Promise<readonly [lowest: number, highest: number]> {
  const one = { type: 'Activity', where: [], limit: 1 } as const;
  const [first, last] = await Promise.all([store.list(one), store.list({ ...one, descending: true })]);
  return [first.records[0]?.id ?? 0, last.records[0]?.id ?? -1];
}
