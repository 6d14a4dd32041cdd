import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IdRange } from '../rules/list-query.ts';
import { createTurns } from '../store/turns.ts';

/** Ids of the first step, of the smallest and of the largest one: each id may cost about a microsecond. */
const FIRST = 20_000;
const SMALLEST = 5000;
const LARGEST = 100_000;
/** Steps shorter than BRIEF get longer, and steps longer than LONG get shorter. In milliseconds. */
const BRIEF = 4;
const LONG = 16;

/** Turns of the event loop: one for each caller in order, so that steps of several calls alternate. */
const inTurn = createTurns();

/**
 * Goes through a range of ids in steps, from its end if `descending`, so that other work can run in between. `step`
 * resolves to whether it was the last one. `first`: ids of the first step.
 */
export async function throughIds(
  { from, to }: IdRange,
  descending: boolean,
  step: (ids: IdRange) => Promise<boolean>,
  first = FIRST,
): Promise<void> {
  let size = first;
  for (let done = 0; done <= to - from; ) {
    const ids = descending
      ? { from: Math.max(from, to - done - size + 1), to: to - done }
      : { from: from + done, to: Math.min(to, from + done + size - 1) };
    const began = performance.now();
    if (await step(ids)) return;
    const took = performance.now() - began;
    done += size;
    if (took < BRIEF) size = Math.min(LARGEST, size * 4);
    else if (took > LONG) size = Math.max(SMALLEST, Math.floor(size / 2));
    if (done <= to - from) await inTurn(() => nextTurn());
  }
}
