import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StoreError } from '../store.ts';
import type { DatabaseFiles } from './database-files.ts';
import { storeError } from './errors.ts';

/**
 * Syncs commits to disk, many with one sync. The connection commits without syncing (`synchronous = NORMAL`), so no
 * answer that depends on a commit may be sent before `reached` resolves.
 */
export interface Durability {
  /** Notes a commit that may not be on disk yet. */
  committed(): void;
  /**
   * Resolves when all commits so far are on disk and the files are still in place. Rejects with a `StoreError` of
   * unknown outcome if the disk failed or the files were removed or replaced.
   */
  reached(): Promise<void>;
  /**
   * Called before a write transaction. Throws after a failed sync until everything is in the database file: the
   * operating system may have dropped unwritten data, and later syncs would not report it. Also throws while files
   * are missing or replaced.
   */
  assertSound(): void;
  close(): void;
}

/** For a database in memory: nothing to sync. */
export const noDurability: Durability = {
  committed() {},
  reached: () => Promise.resolve(),
  assertSound() {},
  close() {},
};

export interface DurabilityParts {
  readonly location: string;
  /** Syncs the write-ahead log. */
  readonly sync: () => Promise<void>;
  /**
   * Throws a `StoreError` unless the files are still in place, so that whoever opens the database next finds the
   * data.
   */
  readonly assertInPlace: () => void;
  /** Checkpoints everything into the database file, regardless of the log's state. Throws on failure. */
  readonly rescue: () => void;
  readonly close: () => void;
}

/** Creates a durability over `sync`. Commits during a sync share the next one. */
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
    // Checked after the sync: a file removed later was still there when the commit was acknowledged.
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
          // A running sync may have started before the last commits; then another one follows.
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

/** The commit may still turn out durable, so the outcome is unknown. */
function ofUnknownOutcome(error: unknown, location: string): StoreError {
  if (!(error instanceof StoreError)) return storeError(error, location, true);
  return error.outcomeUnknown ? error : new StoreError(error.message, { outcomeUnknown: true, cause: error });
}

/** Returns the durability of a database file with a write-ahead log. Throws if the log cannot be opened. */
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

/** A sync faster than this, in milliseconds, runs on this thread: handing it to another one would take longer. */
const QUICK_SYNC = 1;

/**
 * Returns a function that syncs the log. If the last sync was fast, it runs on this thread, once for all calls
 * committed in the same turn of the event loop; otherwise in the thread pool.
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

/** A new file's name is durable only once its folder is synced. Not possible on Windows. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
