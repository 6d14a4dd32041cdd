/** Lets calls begin so that none of them keeps the event loop from other work for long. */
export interface FairStart {
  /** Resolves when a call may begin; undefined: at once. */
  take(): Promise<void> | undefined;
}

/** So long calls begin one right after the other, in milliseconds. */
const LONGEST_TURN = 10;

/**
 * Calls that arrive together would be carried out together, one behind the other, and as long as that lasts no byte is
 * read, no timer runs and /livez is silent. So in each turn of the event loop calls begin for some milliseconds only;
 * the rest of them wait in order, and begin one a turn.
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
