/** A small generator of numbers from 0 to below 1 whose seed can be given again (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The seed of this run: that of MKTOWS_SEED, or another each time. It is printed, to repeat the choices by. */
export const SEED = Number(process.env.MKTOWS_SEED ?? Date.now() % 1_000_000);
console.log(`random choices of MKTOWS_SEED=${SEED}`);
