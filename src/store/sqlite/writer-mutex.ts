/** A fair mutex between the threads of a process that write to one database. */
export interface WriterMutex {
  /**
   * Acquires the mutex. Resolves when this thread holds it; returns undefined if it does at once. First come, first
   * served.
   */
  acquire(): Promise<void> | undefined;
  /** Releases the mutex. */
  release(): void;
  /** Another thread held the mutex between this thread's last two acquisitions. */
  othersWrite(): boolean;
}

/** For a connection that shares its database with no other thread. */
export const unshared: WriterMutex = { acquire: () => undefined, release() {}, othersWrite: () => false };

/** Indexes in the shared memory: the next ticket, and the ticket being served. */
const NEXT = 0;
const CURRENT = 1;

/** Creates the memory that the threads share. */
export const createWriterMutexMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);

/**
 * A ticket lock over shared memory. SQLite's own waiting is unfair: a late thread retries with growing pauses that
 * block it. Do not await anything while holding the mutex. If a thread ends while it holds or awaits the mutex, the
 * others wait forever, so the process must end with it.
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
    acquire() {
      const mine = Atomics.add(numbers, NEXT, 1);
      othersWrite = mine !== last + 1;
      last = mine;
      return Atomics.load(numbers, CURRENT) === mine ? undefined : reached(mine);
    },
    release() {
      Atomics.add(numbers, CURRENT, 1);
      Atomics.notify(numbers, CURRENT);
    },
    othersWrite: () => othersWrite,
  };
}
