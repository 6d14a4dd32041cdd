import type { JournalEntry } from '../rules/facts.ts';
import { cappedEntry } from './journal-caps.ts';
import type { StoreLog } from './store.ts';

/** Number of waiting entries, and age of the first in milliseconds, at which the buffer is flushed. */
const WAITING_AT_MOST = 100;
const WAITING_TIME = 200;
/** Entries, and rows in them, kept while the database cannot be written; older ones are dropped. */
const KEPT_AT_MOST = 10_000;
const ROWS_KEPT_AT_MOST = 50_000;
/** Entries written in one transaction: after an outage, calls are served between the batches. */
const BATCH_AT_MOST = 100;

/** Buffers journal entries, to write them in batches. */
export interface JournalBuffer {
  /** Adds an entry. A failed write is logged and retried. */
  note(entry: JournalEntry): void;
  /** Writes all waiting entries; rejects if that fails. */
  flush(): Promise<void>;
  /** Stops writing automatically. */
  stop(): void;
}

export interface JournalBufferParts {
  /**
   * Writes one batch at a time, so entries keep their order. If it rejects, it gets the same entries again and must
   * skip those already written.
   */
  readonly write: (entries: readonly JournalEntry[]) => Promise<void>;
  /** Tells whether the database rejects the data itself, so that a retry would fail as well. */
  readonly isRefused: (error: unknown) => boolean;
  readonly log: StoreLog | undefined;
}

/** Creates a buffer. Entries that the database rejects are logged and dropped, so that later ones are written. */
export function journalBuffer({ write, isRefused, log }: JournalBufferParts): JournalBuffer {
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

  /** Splits a rejected batch until the rejected entry is alone. */
  async function writeWaiting(): Promise<void> {
    let rest = waiting;
    waiting = [];
    let size = BATCH_AT_MOST;
    while (rest.length > 0) {
      const batch = rest.slice(0, size);
      try {
        await write(batch);
      } catch (error) {
        if (!isRefused(error)) {
          waiting = newestOf([...rest, ...waiting]);
          schedule();
          throw error;
        }
        if (batch.length > 1) {
          size = Math.ceil(batch.length / 2);
          continue;
        }
        log?.warn(
          { err: error, call: batch[0]?.callId },
          'a journal entry is refused by the database, and dropped',
        );
      }
      rest = rest.slice(batch.length);
      size = Math.min(size * 2, BATCH_AT_MOST);
    }
  }

  function flushLater(): void {
    flush().catch((error: unknown) => {
      log?.warn(
        { err: error, waiting: waiting.length },
        'journal entries could not be written; trying again',
      );
    });
  }

  function schedule(): void {
    if (stopped) return;
    timer ??= setTimeout(flushLater, WAITING_TIME).unref();
  }

  return {
    note(entry) {
      waiting.push(cappedEntry(entry));
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

/** The newest entries that may be kept. */
function newestOf(entries: readonly JournalEntry[]): JournalEntry[] {
  let first = entries.length;
  let rows = 0;
  while (first > 0 && entries.length - first < KEPT_AT_MOST) {
    rows += entries[first - 1]?.rows.length ?? 0;
    if (rows > ROWS_KEPT_AT_MOST) break;
    first--;
  }
  return entries.slice(first);
}
