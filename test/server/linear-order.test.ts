import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brokenOrder, type Seen } from './linear-order.ts';

const write = (value: string, began: number, ended: number): Seen => ({ kind: 'write', value, began, ended });
const read = (value: string | null, began: number, ended: number): Seen => ({
  kind: 'read',
  value,
  began,
  ended,
});
const NEVER = Number.POSITIVE_INFINITY;

describe('the check of an order finds', () => {
  it.each<[string, Seen[]]>([
    ['reads of what stood there before', [read(null, 1, 2), write('a', 3, 4), read('a', 5, 6)]],
    ['a read beside a write that sees it or not', [write('a', 1, 4), read(null, 2, 3), read('a', 5, 6)]],
    ['two writes at once in either order', [write('a', 1, 3), write('b', 2, 4), read('a', 5, 6)]],
    ['a write of unknown outcome that was not applied', [write('a', 1, NEVER), read(null, 8, 9)]],
    [
      'a write of unknown outcome that was applied late',
      [write('a', 1, NEVER), read(null, 2, 3), read('a', 8, 9)],
    ],
  ])('nothing wrong with %s', (_case, seen) => {
    expect(brokenOrder(seen)).toEqual([]);
  });

  it.each<[string, Seen[], string]>([
    ['a value that nobody wrote', [read('a', 1, 2)], 'a was read, and nobody wrote it'],
    ['a read of the future', [read('a', 1, 2), write('a', 3, 4)], 'a was read before anybody wrote it'],
    [
      'an acknowledged write that is not seen',
      [write('a', 1, 2), read(null, 3, 4)],
      'a was written or read while nothing was there',
    ],
    [
      'an older value',
      [write('a', 1, 2), write('b', 3, 4), read('a', 5, 6)],
      'b was written or read while a',
    ],
    [
      'going back, also to a write of unknown outcome',
      [write('a', 1, NEVER), write('b', 2, 3), read('a', 4, 5), read('b', 6, 7)],
      'a was written or read while b',
    ],
    [
      'two that take turns',
      [write('a', 1, 20), write('b', 2, 21), read('a', 3, 4), read('b', 5, 6), read('a', 7, 8)],
      'was there before and afterwards',
    ],
  ])('%s', (_case, seen, text) => {
    expect(brokenOrder(seen).join('\n')).toContain(text);
  });
});

/** Tries all orders. */
function hasOrder(left: readonly Seen[], value: string | null = null): boolean {
  if (left.every(({ ended }) => ended === NEVER)) return true;
  const firstEnd = Math.min(...left.map(({ ended }) => ended));
  return left.some((next) => {
    if (next.began > firstEnd || (next.kind === 'read' && next.value !== value)) return false;
    return hasOrder(
      left.filter((each) => each !== next),
      next.value,
    );
  });
}

const histories = fc
  .array(
    fc.record({
      isWrite: fc.boolean(),
      of: fc.nat(6),
      times: fc.tuple(fc.nat(40), fc.nat(40)),
      known: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) => {
    const written = drafts.flatMap(({ isWrite }, index) => (isWrite ? [`w${index}`] : []));
    // Distinct moments, as those of one clock are.
    const moment = (index: number, time: number, half: number) => time * 100 + index * 2 + half;
    return drafts.map(({ isWrite, of, times, known }, index): Seen => {
      const [first, second] = times.toSorted((a, b) => a - b) as [number, number];
      const ended = isWrite && !known ? NEVER : moment(index, second, 1);
      const value = isWrite ? `w${index}` : ([null, ...written][of % (written.length + 1)] ?? null);
      return { kind: isWrite ? 'write' : 'read', value, began: moment(index, first, 0), ended };
    });
  });

it('the check of an order agrees with trying all orders', () => {
  const answers = new Set<boolean>();
  fc.assert(
    fc.property(histories, (seen) => {
      const possible = hasOrder(seen);
      answers.add(possible);
      expect(brokenOrder(seen).length === 0).toBe(possible);
    }),
    { numRuns: 3000 },
  );
  expect(answers.size).toBe(2);
});
