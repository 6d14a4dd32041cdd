/** Whose turn it is among the threads of a process that write to one database. */
export interface WriterMutex {
  /** Resolves when this thread may write; undefined: it may at once. Turns are had in the order they were asked for. */
  take(): Promise<void> | undefined;
  /** Ends the turn. */
  give(): void;
  /** Whether other threads had turns between the last two of this one. */
  readonly othersWrite: boolean;
}

/** Of a connection that shares its database with no other thread. */
export const alone: WriterMutex = { take: () => undefined, give() {}, othersWrite: false };

/** The places in the memory that the threads share: the turn that is asked for next, and whose turn it is. */
const NEXT = 0;
const CURRENT = 1;

/** The memory that threads need to share to take turns. */
export const createWriterMutexMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);

/**
 * Turns over this memory. SQLite would let the one that is late try again and again, with longer and longer pauses that
 * block its thread, and would let no one in order. A turn must not be held while anything is waited for. A thread that
 * ends while it has or awaits its turn leaves the others waiting: the process must end with it.
 */
export function writerMutex(memory: SharedArrayBuffer): WriterMutex {
  const numbers = new Int32Array(memory);
  let last = -1;
  let othersWrite = false;

  async function reached(mine: number): Promise<void> {
    for (;;) {
      const current = Atomics.load(numbers, CURRENT);
      if (current === mine) return;
      await Atomics.waitAsync(numbers, CURRENT, current).value;
    }
  }

  return {
    take() {
      const mine = Atomics.add(numbers, NEXT, 1);
      othersWrite = mine !== last + 1;
      last = mine;
      return Atomics.load(numbers, CURRENT) === mine ? undefined : reached(mine);
    },
    give() {
      Atomics.add(numbers, CURRENT, 1);
      Atomics.notify(numbers, CURRENT);
    },
    get othersWrite() {
      return othersWrite;
    },
  };
}
