import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeyRecords } from '../rules/leads/lead-sets.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';
import { throughIds } from './id-steps.ts';

type Lists = Pick<Objects, 'list' | 'count'>;

/** Up to this many leads of keys are read and sorted at once, which takes some milliseconds. */
const AT_ONCE = 5000;

/** Returns whether to read the leads by the index of each key, in the order of pages: of one key, or if they are many. */
export const areReadByKey = async (store: Lists, { type, where, each }: KeyRecords): Promise<boolean> =>
  each.length === 1 || (await store.count({ type, where }, AT_ONCE + 1)) > AT_ONCE;

/** Returns a page of the ids of the leads that have one of the keys. `after`: only ids behind it; undefined: all. */
export async function leadIdsOfKeys(
  store: Lists,
  { type, each }: KeyRecords,
  { after, limit, descending }: { after: number | undefined; limit: number; descending: boolean },
): Promise<{ readonly ids: readonly number[]; readonly hasMore: boolean }> {
  const ids = new Set<number>();
  let isCut = false;
  for (const where of each) {
    const behind = after === undefined ? {} : { after };
    const page = await store.list({ type, where, by: 'leadId', descending, limit, ...behind });
    for (const { leadId } of page.records) ids.add(leadId);
    isCut ||= page.hasMore;
    await nextTurn();
  }
  const sorted = [...ids].sort((a, b) => (descending ? b - a : a - b));
  return { ids: sorted.slice(0, limit), hasMore: isCut || sorted.length > limit };
}

/** Counts the leads that have one of the keys and an id behind `after`, in steps between which other calls run. */
export async function countLeadsOfKeys(
  store: Lists,
  { type, where, each }: KeyRecords,
  after: number,
): Promise<number> {
  const { records } = await store.list({ type: 'Lead', where: [], descending: true, limit: 1 });
  let count = 0;
  await throughIds({ from: after + 1, to: records[0]?.id ?? 0 }, false, async (range) => {
    const within: ListCondition[] = [...where, { property: 'leadId', ...range }];
    // A lead has a key once, but can have several of the keys.
    count += await store.count(
      each.length === 1
        ? { type, where: within }
        : { type: 'Lead', where: [{ property: 'id', in: { type, property: 'leadId', where: within } }] },
    );
    return false;
  });
  return count;
}
