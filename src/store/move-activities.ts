import type { Records } from '../records/all.ts';
import type { AnyRecordChange, Decision, Facts, Wanted } from '../rules/facts.ts';
import { lookup } from '../rules/lookups.ts';
import { emptyWanted, noChanges } from '../rules/plan.ts';
import type { Objects } from './store.ts';

/** The activities that one transaction moves. */
const MOVED_AT_ONCE = 500;

type Moves = Pick<Objects, 'list' | 'apply'>;

/** Returns whether activities of merged leads have yet to move to the winner. */
export const areActivitiesMoving = async (store: Pick<Objects, 'list'>): Promise<boolean> =>
  (await firstMove(store)) !== undefined;

/**
 * Moves the activities of merged leads to the winners, in steps between which other calls are served. Several servers
 * can do so at once. What a crash interrupts goes on when a server starts, and with the next call that reads activities
 * or merges leads. Ends early once `signal` is aborted.
 */
export async function moveActivities(
  store: Moves,
  { atOnce = MOVED_AT_ONCE, signal }: { readonly atOnce?: number; readonly signal?: AbortSignal } = {},
): Promise<void> {
  for (let move = await firstMove(store); move !== undefined; move = await firstMove(store)) {
    await moveSome(store, move, atOnce);
    if (signal?.aborted) return;
  }
}

/**
 * Applies a decision that may remove leads (as `Objects.apply`), once no activities have yet to move to any of these:
 * they would belong to no lead.
 */
export async function applyWhenMoved<Answer>(
  store: Moves,
  wanted: Wanted,
  decide: (facts: Facts) => Decision<Answer>,
): Promise<Answer> {
  const moving = new Error('activities have yet to move to a lead that is removed');
  for (;;) {
    await moveActivities(store);
    try {
      return await store.apply(wanted, (facts) => {
        const decision = decide(facts);
        if ('changes' in decision && decision.changes.records.some(endsMove)) throw moving;
        return decision;
      });
    } catch (error) {
      if (error !== moving) throw error;
    }
  }
}

const endsMove = ({ type, after }: AnyRecordChange): boolean =>
  type === 'ActivityMove' && after === undefined;

async function firstMove(store: Pick<Objects, 'list'>): Promise<Records['ActivityMove'] | undefined> {
  return (await store.list({ type: 'ActivityMove', where: [], limit: 1 })).records[0];
}

/** Moves the newest activities; with the last of them, the move ends. */
function moveSome(store: Moves, { id, fromId }: Records['ActivityMove'], atOnce: number): Promise<void> {
  const held = lookup('Activity', 'lead', fromId);
  const wanted = {
    ...emptyWanted,
    ids: { ActivityMove: [id] },
    lookups: [held],
    writes: ['ActivityMove', 'Activity'] as const,
    depth: atOnce,
  };
  return store.apply(wanted, ({ records, lookups }) => {
    const move = records.ActivityMove.get(id);
    const changes: AnyRecordChange[] = [];
    if (move) {
      for (const activityId of lookups.get(held) ?? []) {
        const before = records.Activity.get(activityId);
        if (before) changes.push({ type: 'Activity', before, after: { ...before, leadId: move.leadId } });
      }
      if (!lookups.isCut(held)) changes.push({ type: 'ActivityMove', before: move, after: undefined });
    }
    return {
      changes: { ...noChanges, records: changes },
      answer: undefined,
      journal: null,
    };
  });
}
