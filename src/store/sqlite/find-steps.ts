import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FoundObjects, ObjectQuery } from '../../rules/query.ts';
import { createTurns } from '../turns.ts';
import type { Finder, FindPlan } from './find.ts';
import type { Guard } from './transaction.ts';

/** The number of ids in the first step of a query with one condition on a column. */
const FIRST_STEP = 10_000;
/** The number of ids in the first step of a query on custom fields, whose values may be long. */
const FIRST_CUSTOM_STEP = 128;
/** Queries with a shorter first step may scan for long, so they queue from the start. */
const SHORT_STEP = 2000;
/** Steps shorter than BRIEF get longer, and steps longer than LONG get shorter. In milliseconds. */
const BRIEF = 4;
const LONG = 12;

/**
 * Answers queries in steps, each over a range of ids in its own transaction, so that other work can run in between:
 * comparing millions of objects can take a minute. Steps of concurrent queries alternate, one per turn of the event
 * loop. Most queries need one step.
 *
 * Each object is read at some moment during the call. Objects of different steps may be from different moments, like
 * those of different pages.
 */
export function stepwiseFinder(guard: Guard, finder: Finder): (query: ObjectQuery) => Promise<FoundObjects> {
  const inTurn = createTurns();
  /** The number of steps in the queue. */
  let waiting = 0;

  /** Resolves after all earlier callers have had a turn of the event loop. */
  function turn(): Promise<unknown> {
    waiting++;
    return inTurn(() => nextTurn()).finally(() => waiting--);
  }

  function step(plan: FindPlan, found: Found, upTo: number | undefined): void {
    const { type, limit } = plan.query;
    const ids = finder.ids(plan, found.after, upTo, limit + 1 - found.records.length);
    const page = ids.slice(0, limit - found.records.length);
    found.hasMore = ids.length > page.length;
    found.records.push(...finder.records(type, page));
    found.isComplete = found.hasMore || upTo === undefined || upTo >= finder.lastId(type);
    found.after = upTo ?? found.after;
  }

  return async (query) => {
    const found: Found = { records: [], after: query.after, hasMore: false, isComplete: false };
    let ids = firstStep(query);
    let took = 0;
    if (waiting > 0 && ids < SHORT_STEP) await turn();
    const plan = guard.read(() => {
      const made = finder.plan(query);
      if (made === undefined) return undefined;
      took = timed(() => step(made, found, made.isBrief ? undefined : found.after + ids));
      return made;
    });
    while (plan !== undefined && !found.isComplete) {
      if (took < BRIEF) ids *= took < BRIEF / 4 ? 8 : 2;
      else if (took > LONG) ids = Math.max(1, Math.floor(ids / 2));
      if (took >= BRIEF) await turn();
      took = timed(() => guard.read(() => step(plan, found, found.after + ids)));
    }
    return { type: query.type, records: found.records, hasMore: found.hasMore } as FoundObjects;
  };
}

/** The progress of a query. */
interface Found {
  readonly records: FoundObjects['records'][number][];
  /** All ids up to this one have been scanned. */
  after: number;
  hasMore: boolean;
  isComplete: boolean;
}

function firstStep({ conditions }: ObjectQuery): number {
  const isCustom = conditions.some(({ subject }) => subject.kind === 'field' && subject.field.custom);
  return isCustom ? FIRST_CUSTOM_STEP : Math.ceil(FIRST_STEP / Math.max(1, conditions.length));
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
