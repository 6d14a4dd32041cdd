import type { JournalEntry } from '../rules/facts.ts';
import type { StoreLog } from './open.ts';

/** Noted entries are written when so many wait, or when the first has waited so long (milliseconds). */
const WAITING_AT_MOST = 100;
const WAITING_TIME = 200;
/** While the database cannot be written, so many are kept; older ones are lost. */
const KEPT_AT_MOST = 10_000;

/** Journal entries that wait to be written together. */
export interface JournalBuffer {
  /** Adds an entry; a failure to write it is logged, and it is tried again. */
  note(entry: JournalEntry): void;
  /** Writes what waits; rejects if that cannot be done. */
  flush(): Promise<void>;
  /** Nothing is written by itself any more. */
  stop(): void;
}

/**
 * A buffer before `write`, which is called for one batch after the other, so that entries keep their order. When it
 * rejects it gets the same entries again: those that it did write, without knowing, it must not write twice.
 */
export function journalBuffer(
  write: (entries: readonly JournalEntry[]) => Promise<void>,
  log: StoreLog | undefined,
): JournalBuffer {
  let waiting: JournalEntry[] = [];
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => {}).then(writeWaiting);
    return writing;
  }

  async function writeWaiting(): Promise<void> {
    if (waiting.length === 0) return;
    const entries = waiting;
    waiting = [];
    try {
      await write(entries);
    } catch (error) {
      waiting = [...entries, ...waiting].slice(-KEPT_AT_MOST);
      throw error;
    }
  }

  function flushLater(): void {
    flush().catch((error: unknown) => {
      log?.warn(
        { err: error, waiting: waiting.length },
        'journal entries could not be written; trying again',
      );
      schedule();
    });
  }

  function schedule(): void {
    if (stopped) return;
    timer ??= setTimeout(flushLater, WAITING_TIME).unref();
  }

  return {
    note(entry) {
      waiting.push(entry);
      if (waiting.length % WAITING_AT_MOST === 0) flushLater();
      else schedule();
    },
    flush,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
