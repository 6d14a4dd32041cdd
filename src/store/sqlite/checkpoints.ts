import type { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../packaging/thread.ts';
import type { StoreLog } from '../store.ts';
import type { FileIdentity } from './database-files.ts';
import { command, rowQuery } from './statements.ts';

/**
 * Keeps the write-ahead log short. SQLite would checkpoint it inside the commit that fills it, delaying that call by
 * about 20 ms in a large database. A separate thread does it instead, started when the log first fills up.
 */
export interface Checkpoints {
  /** Called after each commit, outside of transactions. */
  committed(): void;
  /** Ends the thread and checkpoints the whole log, as far as other connections allow. */
  close(): Promise<void>;
}

/** The answer of the thread when it is done. */
export interface CheckpointAnswer {
  /** The error message; undefined: success. */
  readonly failure: string | undefined;
}

/** The file of an open database. */
export interface OpenFile {
  readonly location: string;
  readonly file: FileIdentity;
}

/** The data passed to the thread: the database file and a flag in shared memory. */
export interface CheckpointThreadData extends OpenFile {
  /** `WORKING` from the request until the answer, otherwise `IDLE`. */
  readonly working: Int32Array<SharedArrayBuffer>;
}
export const IDLE = 0;
const WORKING = 1;

/** The length of the write-ahead log, in pages. */
export interface LogLength {
  readonly pages: number;
  /** The number of pages already in the database file. When all are, the log restarts. */
  readonly done: number;
}

/** Returns the number of pages that are not in the database file yet. */
export const leftOf = ({ pages, done }: LogLength): number => pages - done;

/** The write-ahead log, as a connection sees it. */
export interface Log {
  length(): LogLength;
  /** Checkpoints pages, as far as readers and other checkpoints allow. */
  checkpoint(): void;
}

/** Returns the write-ahead log of an open database. */
export function logOf(db: DatabaseSync): Log {
  const state = rowQuery<[], [busy: number, pages: number, done: number]>(db, 'PRAGMA wal_checkpoint(NOOP)');
  const checkpoint = command(db, 'PRAGMA wal_checkpoint(PASSIVE)');
  return {
    length() {
      const [, pages, done] = state.get() ?? [0, 0, 0];
      return { pages, done };
    },
    checkpoint: () => void checkpoint.run(),
  };
}

/**
 * The log length that triggers a checkpoint: 64 MB, 16 times SQLite's default. Each restart of the log delays a
 * commit by some milliseconds, and a page that changes several times before it is written once.
 */
const FULL_PAGES = 16_000;
/** The maximum number of remaining pages that are checkpointed between two commits. */
const LEFT_AT_MOST = 500;
/** Beyond this length, 128 MB, commits wait: the thread and the disk cannot keep up. */
const TOO_MANY_PAGES = 32_000;
/** The log length is checked every fourth commit, since the check takes as long as writing a row. */
const LOOK_EVERY = 4;
/** The longest wait of a commit, in milliseconds. */
const WAIT_AT_MOST = 20;
/** The delay before a retry after a failure such as a full disk, in milliseconds. */
const TRY_AGAIN = 1000;
/** The delay if a reader held up the checkpoint, in milliseconds. Short, since retrying is cheap. */
const ASK_AGAIN = 10;

/** For a database in memory, which has no log. */
export const noCheckpoints: Checkpoints = { committed() {}, close: () => Promise.resolve() };

/** Manages the checkpoints of an open database. `report` is told when they start to fail and when they work again. */
export function checkpoints(db: DatabaseSync, file: OpenFile, report: StoreLog | undefined): Checkpoints {
  db.exec('PRAGMA wal_autocheckpoint = 0');
  const log = logOf(db);
  const working = new Int32Array(new SharedArrayBuffer(4));
  let thread: Worker | undefined;
  /** The log length at the last request; undefined: its result has been handled. */
  let asked: LogLength | undefined;
  let notBefore = 0;
  let isFailing = false;
  let commits = 0;

  function start(): Worker {
    const workerData: CheckpointThreadData = { ...file, working };
    const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
    const started = startThread('store/sqlite/checkpoint-thread', { workerData, resourceLimits });
    started.unref();
    started.on('message', ({ failure }: CheckpointAnswer) => note(failure));
    started.on('error', (error: unknown) => {
      thread = undefined;
      Atomics.store(working, 0, IDLE);
      note(String(error));
    });
    return started;
  }

  function note(failure: string | undefined): void {
    if (failure !== undefined) notBefore = performance.now() + TRY_AGAIN;
    if (isFailing === (failure !== undefined)) return;
    isFailing = failure !== undefined;
    const message = isFailing
      ? 'the write-ahead log cannot be checkpointed and grows; retrying every second'
      : 'the write-ahead log is checkpointed again';
    report?.warn(isFailing ? { err: failure } : {}, message);
  }

  function ask(now: LogLength): void {
    thread ??= start();
    asked = now;
    Atomics.store(working, 0, WORKING);
    thread.postMessage(undefined);
  }

  /**
   * Checkpoints the few pages written while the thread worked: the log restarts only when all pages are in the file.
   */
  function end(before: LogLength): void {
    asked = undefined;
    if (leftOf(log.length()) <= LEFT_AT_MOST) {
      try {
        log.checkpoint();
      } catch (error) {
        note(String(error));
      }
    }
    const { pages, done } = log.length();
    if (pages >= before.pages && done <= before.done) {
      notBefore = Math.max(notBefore, performance.now() + ASK_AGAIN);
    }
  }

  function look(): void {
    const now = log.length();
    if (asked !== undefined && now.pages >= TOO_MANY_PAGES) Atomics.wait(working, 0, WORKING, WAIT_AT_MOST);
    if (asked !== undefined) {
      if (Atomics.load(working, 0) === IDLE) end(asked);
    } else if (now.pages >= FULL_PAGES && leftOf(now) > 0 && performance.now() >= notBefore) {
      ask(now);
    }
  }

  return {
    committed() {
      commits++;
      if (commits % LOOK_EVERY !== 0) return;
      try {
        look();
      } catch (error) {
        note(String(error));
      }
    },
    async close() {
      await thread?.terminate();
      thread = undefined;
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
  };
}
