/** Random decisions that a seed repeats. */
export interface Chance {
  /** A whole number from 0 to `below`, without `below`. */
  number(below: number): number;
  happens(probability: number): boolean;
  oneOf<T>(items: readonly T[]): T;
  /** A whole number from 0 to `most`: small ones far more often than large ones. */
  few(most: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** The decisions of one request of a run: mulberry32 from the run's seed and the request's number. */
export function createChance(seed: number, request: number): Chance {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(request + 1, 0xc2b2ae35)) | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  const number = (below: number) => Math.floor(next() * below);
  return {
    number,
    happens: (probability) => next() < probability,
    oneOf: (items) => items[number(items.length)] as (typeof items)[number],
    few: (most) => Math.floor(next() ** 3 * (most + 1)),
    shuffled(items) {
      const all = [...items];
      for (let last = all.length - 1; last > 0; last--) {
        const other = number(last + 1);
        [all[last], all[other]] = [all[other] as (typeof all)[number], all[last] as (typeof all)[number]];
      }
      return all;
    },
  };
}
