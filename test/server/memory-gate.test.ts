import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMemoryGate } from '../../src/server/memory-gate.ts';

/** Work that says when it has begun, and ends when it is told to. */
function work() {
  const made = { begun: false, end: () => {} };
  const ended = new Promise<void>((resolve) => {
    made.end = resolve;
  });
  return Object.assign(made, {
    async run() {
      made.begun = true;
      await ended;
    },
  });
}

describe('the memoryGate', () => {
  it('lets in what stays within the limit, and the rest in order', async () => {
    const memoryGate = createMemoryGate(10);
    const works = [6, 4, 1, 9].map((weight) => {
      const one = work();
      void memoryGate.pass(weight, one.run);
      return one;
    });
    await nextTurn();
    expect(works.map(({ begun }) => begun)).toEqual([true, true, false, false]);
    works[0]?.end();
    await nextTurn();
    expect(works.map(({ begun }) => begun)).toEqual([true, true, true, false]);
    works[1]?.end();
    await nextTurn();
    expect(works.map(({ begun }) => begun)).toEqual([true, true, true, true]);
  });

  it('lets in alone what weighs more than the limit', async () => {
    const memoryGate = createMemoryGate(10);
    const [large, small] = [work(), work()];
    void memoryGate.pass(11, large.run);
    void memoryGate.pass(1, small.run);
    await nextTurn();
    expect([large.begun, small.begun]).toEqual([true, false]);
    large.end();
    await nextTurn();
    expect(small.begun).toBe(true);
  });

  it('makes room when work fails, and passes the failure on', async () => {
    const memoryGate = createMemoryGate(1);
    const failure = new Error('failed');
    await expect(memoryGate.pass(1, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(memoryGate.pass(1, async () => 'done')).resolves.toBe('done');
  });
});
