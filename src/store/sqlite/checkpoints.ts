import { extname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { StoreLog } from '../store.ts';
import type { FileIdentity } from './database-files.ts';
import { command, rowQuery } from './statements.ts';

/**
 * Keeps the write-ahead log short. SQLite itself would bring it into the database file in the commit that fills it, and
 * that call would wait, some 20 ms in a large database. So it is done in a thread of its own, which starts when the log
 * is first full.
 */
export interface Checkpoints {
  /** To be called after each commit, outside of transactions. */
  committed(): void;
  /** Ends the thread, and brings all into the database file as far as no other connection hinders it. */
  close(): Promise<void>;
}

/** What the thread says when it has come to an end. */
export interface CheckpointAnswer {
  /** Undefined: none. */
  readonly failure: string | undefined;
}

/** The file of an open database. */
export interface OpenFile {
  readonly location: string;
  readonly file: FileIdentity;
}

/** What the thread is given: the database file, and one number that both threads see. */
export interface CheckpointThreadData extends OpenFile {
  /** `WORKING` from when it is asked until it has answered, else `IDLE`. */
  readonly working: Int32Array<SharedArrayBuffer>;
}
export const IDLE = 0;
const WORKING = 1;

/** How long the write-ahead log is, in pages. */
export interface LogLength {
  readonly pages: number;
  /** How many of them are in the database file. When all are, the log begins anew. */
  readonly done: number;
}

/** How many pages are not in the database file yet. */
export const leftOf = ({ pages, done }: LogLength): number => pages - done;

/** The write-ahead log, as a connection sees it. */
export interface Log {
  length(): LogLength;
  /** Brings pages into the database file, as far as no reader needs an older state and no other thread is at it. */
  checkpoint(): void;
}

/** The write-ahead log of the database that is open there. */
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
 * A log of so many pages is full: 64 MB, 16 times as much as in SQLite. Each time it begins anew costs a commit some
 * milliseconds, and pages that change again in the meantime are written once.
 */
const FULL_PAGES = 16_000;
/** So many that are left are brought into the file between two commits. */
const LEFT_AT_MOST = 500;
/** With so many pages, 128 MB, new ones come as fast as the thread and the disk can take them: commits wait for it. */
const TOO_MANY_PAGES = 32_000;
/** The log is looked at once in so many commits: to ask how long it is takes as long as to write a row. */
const LOOK_EVERY = 4;
/** How long a commit waits then at most, in milliseconds. */
const WAIT_AT_MOST = 20;
/** After a failure, as on a full disk, it is tried again so much later, in milliseconds. */
const TRY_AGAIN = 1000;
/** Where nothing could be done, since a reader holds an old state: that may be over in a moment, and to ask is cheap. */
const ASK_AGAIN = 10;

/** Of a database that is kept in memory: there is no log. */
export const noCheckpoints: Checkpoints = { committed() {}, close: () => Promise.resolve() };

/** The checkpoints of an open database. `report` hears when they fail, and when they work again. */
export function checkpoints(db: DatabaseSync, file: OpenFile, report: StoreLog | undefined): Checkpoints {
  db.exec('PRAGMA wal_autocheckpoint = 0');
  const log = logOf(db);
  const working = new Int32Array(new SharedArrayBuffer(4));
  let thread: Worker | undefined;
  /** What the log was when the thread was asked last; undefined: what it did is ended. */
  let asked: LogLength | undefined;
  let notBefore = 0;
  let isFailing = false;
  let commits = 0;

  function start(): Worker {
    const program = new URL(`checkpoint-thread${extname(import.meta.filename)}`, import.meta.url);
    const workerData: CheckpointThreadData = { ...file, working };
    const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
    const started = new Worker(program, { workerData, resourceLimits });
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
      ? 'the write-ahead log cannot be brought into the database file, and grows; it is tried again each second'
      : 'the write-ahead log is brought into the database file again';
    report?.warn(isFailing ? { err: failure } : {}, message);
  }

  function ask(now: LogLength): void {
    thread ??= start();
    asked = now;
    Atomics.store(working, 0, WORKING);
    thread.postMessage(undefined);
  }

  /** The pages that came while the thread worked are few; only when all are in the file the log begins anew. */
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
