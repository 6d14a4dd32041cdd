import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../store.ts';
import type { DatabaseFiles } from './database-files.ts';
import { storeError } from './errors.ts';

/**
 * Brings commits to the disk, many with one sync. The connection itself commits without a sync (`synchronous =
 * NORMAL`), so nothing may be answered that rests on a commit before `reached` says so.
 */
export interface Durability {
  /** Notes that something was committed that is not known to be on the disk. */
  committed(): void;
  /**
   * Resolves when all that was committed up to now is on the disk, in files that are still in their place. Rejects with
   * a `StoreError` of unknown outcome when the disk failed, or the files were removed or replaced.
   */
  reached(): Promise<void>;
  /**
   * To be called before a transaction that writes. After a failed sync the operating system may have dropped what
   * it could not write, and a later sync would not say so: until all is in the database file, this throws. So it does
   * from when the files were missed until they are back.
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
  /** Throws a `StoreError` unless what is written is found again by whoever opens the database next. */
  readonly assertInPlace: () => void;
  /** Brings all into the database file, whatever became of the log; throws if that cannot be done. */
  readonly rescue: () => void;
  readonly close: () => void;
}

/** Durability over a log that `sync` writes out: commits that come while a sync runs share the next one. */
export function createDurability(parts: DurabilityParts): Durability {
  const { location, sync, assertInPlace, rescue, close } = parts;
  let commits = 0;
  let synced = 0;
  let running: Promise<void> | undefined;
  let isSound = true;
  let isInPlace = true;

  async function run(): Promise<void> {
    const covered = commits;
    try {
      await sync();
    } catch (error) {
      isSound = false;
      throw error;
    } finally {
      running = undefined;
    }
    // After the sync: what is removed later was there when it was acknowledged.
    checkPlace();
    synced = covered;
  }

  function checkPlace(): void {
    isInPlace = false;
    assertInPlace();
    isInPlace = true;
  }

  function assertSound(): void {
    if (!isInPlace) checkPlace();
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
      try {
        while (synced < asked) {
          assertSound();
          // A sync that is under way may have begun before the last commits: then another one follows.
          running ??= run();
          await running;
        }
      } catch (error) {
        throw ofUnknownOutcome(error, location);
      }
    },
    assertSound,
    close,
  };
}

/** As it was committed before it was found not to be durable, it may yet turn out to be. */
function ofUnknownOutcome(error: unknown, location: string): StoreError {
  if (!(error instanceof StoreError)) return storeError(error, location, true);
  return error.outcomeUnknown ? error : new StoreError(error.message, { outcomeUnknown: true, cause: error });
}

/** The durability of a database file through its write-ahead log. Throws if the log cannot be opened. */
export function logDurability(location: string, files: DatabaseFiles, rescue: () => void): Durability {
  const log = openSync(`${location}-wal`, 'r+');
  syncFolder(dirname(location));
  return createDurability({
    location,
    sync: syncOf(log),
    assertInPlace: files.assertInPlace,
    rescue,
    close: () => closeSync(log),
  });
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
