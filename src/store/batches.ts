import { setTimeout as wait } from 'node:timers/promises';

/** Rows of the first batch, and of the smallest and the largest one. */
const FIRST = 500;
const SMALLEST = 50;
const LARGEST = 10_000;
/** The time that a batch should take, in milliseconds. */
const BRIEF = 10;

/**
 * Removes rows in batches, and pauses after each as long as it took, so that calls are served meanwhile. `remove`
 * removes at most that many rows and resolves to their number. Resolves to how many were removed; early once `signal`
 * is aborted.
 */
export async function removeInBatches(
  remove: (atMost: number) => Promise<number>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let size = FIRST;
  for (let removed = 0; ; ) {
    const began = performance.now();
    const count = await remove(size);
    const took = performance.now() - began;
    removed += count;
    if (count < size || signal?.aborted) return removed;
    size = took < BRIEF ? Math.min(size * 2, LARGEST) : Math.max(Math.ceil(size / 2), SMALLEST);
    await wait(took);
    if (signal?.aborted) return removed;
  }
}
