/** Spreads the start of calls over turns of the event loop. */
export interface FairStart {
  /** Resolves when a call may begin; returns undefined if it may begin at once. */
  take(): Promise<void> | undefined;
}

/** The time in which calls begin directly after each other, in milliseconds. */
const LONGEST_TURN = 10;

/**
 * Creates a fair start. Calls that arrive together would otherwise run in one turn of the event loop, during which no
 * data is read, no timer runs and /livez does not answer. So calls begin for some milliseconds per turn only; the
 * rest wait in order and begin one per turn.
 */
export function createFairStart(): FairStart {
  const waiting: (() => void)[] = [];
  let began: number | undefined;

  function nextTurn(): void {
    began = undefined;
    const next = waiting.shift();
    if (next === undefined) return;
    beginTurn();
    next();
  }

  function beginTurn(): number {
    if (began === undefined) {
      began = performance.now();
      setImmediate(nextTurn);
    }
    return began;
  }

  return {
    take() {
      const since = beginTurn();
      if (waiting.length === 0 && performance.now() - since < LONGEST_TURN) return undefined;
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
  };
}
