import type { BrowseTimes, Mentions } from '../browsing.ts';
import { ENOUGH } from './engine.ts';

/** The number of journal entries in the first step, and in the smallest and the largest one. */
const FIRST_STEP = 200;
const SMALLEST_STEP = 20;
const LARGEST_STEP = 20_000;
/** The time that a step should take, in milliseconds. */
const STEP_TIME = 10;

/** Numbers of a step: of the entries that mention the object, and of the last one that was read. */
export interface MentionStep {
  readonly numbers: readonly number[];
  /** Undefined: no entry was left to read. */
  readonly last: number | undefined;
}

/** Reads the journal backwards from an entry, step by step, until the page is full or its time is over. */
export async function findMentions(
  step: (before: number, entries: number) => MentionStep | Promise<MentionStep>,
  turn: () => Promise<void>,
  {
    before = Number.MAX_SAFE_INTEGER,
    limit,
  }: { readonly before: number | undefined; readonly limit: number },
  { page }: BrowseTimes,
): Promise<Mentions> {
  const end = performance.now() + page;
  const numbers: number[] = [];
  let size = FIRST_STEP;
  let read = 0;
  let from = before;
  for (;;) {
    const began = performance.now();
    const found = await step(from, size);
    for (const number of found.numbers) {
      numbers.push(number);
      if (numbers.length === limit) return { numbers, next: number };
    }
    if (found.last === undefined) return { numbers, next: null };
    from = found.last;
    read += size;
    if (read >= ENOUGH && performance.now() > end) return { numbers, next: from };
    const took = performance.now() - began;
    size =
      took < STEP_TIME ? Math.min(size * 2, LARGEST_STEP) : Math.max(SMALLEST_STEP, Math.floor(size / 2));
    await turn();
  }
}
