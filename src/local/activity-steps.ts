import type { Records } from '../records/all.ts';
import type { IdRange, ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';
import { throughIds } from './id-steps.ts';

/** Activities that meet conditions, in the order of their ids. */
export interface ActivityRange {
  readonly where: readonly ListCondition[];
  readonly descending: boolean;
  /** Only those with these ids; those of the pages before are not among them. */
  readonly ids: IdRange;
}

/** Reads activities in steps through their ids. */
export interface ActivitySteps {
  count(where: readonly ListCondition[], ids: IdRange): Promise<number>;
  /** Returns the first activities, at most `limit`. */
  page(range: ActivityRange & { readonly limit: number }): Promise<Records['Activity'][]>;
  /** Returns the ids behind the first `number` activities. */
  skip(range: ActivityRange, number: number): Promise<IdRange>;
}

/** Activities that are read at once to skip them. */
const SKIPPED_AT_ONCE = 5000;

/** `firstStep`: as in `throughIds`. */
export function activitySteps(
  store: Pick<Objects, 'list' | 'count'>,
  firstStep: number | undefined,
): ActivitySteps {
  const type = 'Activity';
  const through = (ids: IdRange, descending: boolean, step: (ids: IdRange) => Promise<boolean>) =>
    throughIds(ids, descending, step, firstStep);
  return {
    async count(where, ids) {
      let count = 0;
      await through(ids, false, async (step) => {
        count += await store.count({ type, where, ids: step });
        return false;
      });
      return count;
    },
    async page({ where, descending, ids, limit }) {
      const activities: Records['Activity'][] = [];
      await through(ids, descending, async (step) => {
        const left = limit - activities.length;
        const { records } = await store.list({ type, where, ids: step, descending, limit: left });
        activities.push(...records);
        return activities.length === limit;
      });
      return activities;
    },
    async skip({ where, descending, ids }, number) {
      let left = number;
      let rest = ids;
      const behind = (id: number) =>
        descending ? { from: ids.from, to: id - 1 } : { from: id + 1, to: ids.to };
      await through(ids, descending, async (step) => {
        const count = await store.count({ type, where, ids: step });
        if (count <= left) {
          left -= count;
          rest = behind(descending ? step.from : step.to);
          return false;
        }
        while (left > 0) {
          const limit = Math.min(left, SKIPPED_AT_ONCE);
          const asked = { type, where, ids: within(rest, step), descending, limit } as const;
          const last = (await store.list(asked)).records.at(-1)?.id;
          if (last === undefined) break;
          rest = behind(last);
          left -= limit;
        }
        return true;
      });
      return rest;
    },
  };
}

const within = (one: IdRange, other: IdRange): IdRange => ({
  from: Math.max(one.from, other.from),
  to: Math.min(one.to, other.to),
});
