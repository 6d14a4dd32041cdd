import type { JournalEntry } from '../rules/facts.ts';
import type { StoreLog } from './open.ts';

/** Number of waiting entries, and age of the first in milliseconds, at which the buffer is flushed. */
const WAITING_AT_MOST = 100;
const WAITING_TIME = 200;
/** Entries kept while the database cannot be written; older ones are dropped. */
const KEPT_AT_MOST = 10_000;

/** Buffers journal entries, to write them in batches. */
export interface JournalBuffer {
  /** Adds an entry. A failed write is logged and retried. */
  note(entry: JournalEntry): void;
  /** Writes all waiting entries; rejects if that fails. */
  flush(): Promise<void>;
  /** Stops writing automatically. */
  stop(): void;
}

/**
 * Creates a buffer that calls `write` with one batch after the other, so entries keep their order. If `write`
 * rejects, it gets the same entries again and must skip those already written.
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
