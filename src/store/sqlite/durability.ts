import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../store.ts';
import { storeError } from './errors.ts';

/**
 * Brings commits to the disk, many with one sync. The connection itself commits without a sync (`synchronous =
 * NORMAL`), so nothing may be answered that rests on a commit before `reached` says so.
 */
export interface Durability {
  /** Notes that something was committed that is not known to be on the disk. */
  committed(): void;
  /**
   * Resolves when all that was committed up to now is on the disk. Rejects with a `StoreError` of unknown outcome
   * when the disk failed.
   */
  reached(): Promise<void>;
  /**
   * To be called before a transaction that writes. After a failed sync the operating system may have dropped what
   * it could not write, and a later sync would not say so: until all is in the database file, this throws.
   */
  assertSound(): void;
  close(): void;
}

/** Of a database that is kept in memory: there is nothing to wait for. */
export const noDurability: Durability = {
  committed() {},
  reached: () => Promise.resolve(),
  assertSound() {},
  close() {},
};

export interface DurabilityParts {
  readonly location: string;
  /** Brings the write-ahead log to the disk. */
  readonly sync: () => Promise<void>;
  /** Brings all into the database file, whatever became of the log; throws if that cannot be done. */
  readonly rescue: () => void;
  readonly close: () => void;
}

/** Durability over a log that `sync` writes out: commits that come while a sync runs share the next one. */
export function createDurability({ location, sync, rescue, close }: DurabilityParts): Durability {
  let commits = 0;
  let synced = 0;
  let running: Promise<void> | undefined;
  let isSound = true;

  async function run(): Promise<void> {
    const covered = commits;
    try {
      await sync();
      synced = covered;
    } catch (error) {
      isSound = false;
      throw storeError(error, location, true);
    } finally {
      running = undefined;
    }
  }

  function assertSound(): void {
    if (isSound) return;
    try {
      rescue();
    } catch (error) {
      throw new StoreError(
        `SQLite database ${location}: the disk failed to write, and still does; free or mend it, nothing is written until then`,
        { cause: error },
      );
    }
    synced = commits;
    isSound = true;
  }

  return {
    committed() {
      commits += 1;
    },
    async reached() {
      const asked = commits;
      while (synced < asked) {
        assertSound();
        // A sync that is under way may have begun before the last commits: then another one follows.
        running ??= run();
        await running;
      }
    },
    assertSound,
    close,
  };
}

/** The durability of a database file through its write-ahead log. Throws if the log cannot be opened. */
export function logDurability(location: string, rescue: () => void): Durability {
  const log = openSync(`${location}-wal`, 'r+');
  syncFolder(dirname(location));
  return createDurability({ location, sync: syncOf(log), rescue, close: () => closeSync(log) });
}

/** A sync that takes less, in milliseconds, is done at once: to hand it to another thread costs more than to wait. */
const QUICK_SYNC = 1;

/**
 * How a log is synced. Where the disk was quick the last time, at once, for all calls of the turn of the event loop whose
 * transaction was just committed; where it was slow, in another thread, while others go on.
 */
function syncOf(log: number): DurabilityParts['sync'] {
  const inAnotherThread = promisify(fdatasync);
  let isQuick = true;

  return async () => {
    const began = performance.now();
    if (isQuick) fdatasyncSync(log);
    else await inAnotherThread(log);
    isQuick = performance.now() - began < QUICK_SYNC;
  };
}

/** The name of a file that was just made is on the disk only when its folder is. Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
