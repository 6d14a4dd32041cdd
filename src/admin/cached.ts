/** An answer, and when it was made. */
export interface Answered<Value> {
  readonly value: Value;
  readonly at: Date;
}

/** Answers that take less time are made anew each time, in milliseconds. */
const QUICK = 50;
/** A slow answer is used for this many times as long as it took. */
const TIMES = 20;

/**
 * Keeps an answer that takes long to make, such as a count of all objects. Meanwhile the last one is returned, so that
 * only the first one is waited for.
 */
export function cached<Value>(make: () => Promise<Value>, now: () => Date): () => Promise<Answered<Value>> {
  let last:
    | { readonly answered: Answered<Value>; readonly freshUntil: number; readonly took: number }
    | undefined;
  let making: Promise<Answered<Value>> | undefined;

  async function remake(): Promise<Answered<Value>> {
    const began = performance.now();
    const at = now();
    const answered = { value: await make(), at };
    const ended = performance.now();
    const took = ended - began;
    last = { answered, took, freshUntil: ended + took * TIMES };
    return answered;
  }

  return async () => {
    if (last !== undefined && last.took >= QUICK && performance.now() < last.freshUntil) return last.answered;
    making ??= remake().finally(() => {
      making = undefined;
    });
    if (last === undefined || last.took < QUICK) return making;
    making.catch(() => {});
    return last.answered;
  };
}
