import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFairStart } from '../../src/server/fair-start.ts';

// The clock stands still but for what a test lets pass.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('calls begin at once while a turn of the event loop is short, and one a turn after that, in order', async () => {
  const turns = createFairStart();
  expect(turns.take()).toBeUndefined();
  vi.advanceTimersByTime(12);
  const begun: number[] = [];
  for (const call of [1, 2, 3]) {
    const turn = turns.take();
    expect(turn).toBeInstanceOf(Promise);
    void turn?.then(() => begun.push(call));
  }
  const seen: number[] = [];
  while (begun.length < 3) {
    await nextTurn();
    seen.push(begun.length);
  }
  expect(begun).toEqual([1, 2, 3]);
  // Never two more from one look to the next.
  expect(seen.every((count, index) => count - (seen[index - 1] ?? 0) <= 1)).toBe(true);
  await nextTurn();
  expect(turns.take()).toBeUndefined();
});
