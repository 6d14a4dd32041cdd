/**
 * The checkpoint thread: copies the write-ahead log into the database file while the main thread keeps writing. Any
 * message starts it; it answers with a `CheckpointAnswer`.
 */
import { fdatasyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckpointAnswer, type CheckpointThreadData, IDLE, leftOf, logOf } from './checkpoints.ts';
import { assertSameFile } from './database-files.ts';
import { BUSY_TIMEOUT } from './errors.ts';

/** When this few pages are left, the main thread checkpoints them in the time of a commit. */
const FEW_PAGES = 200;
/** Limits the work under full load, when new pages arrive as fast as they are copied. */
const ROUNDS_AT_MOST = 8;

const { location, file: opened, working } = workerData as CheckpointThreadData;
// If another file took its place, the log would be copied into that one.
assertSameFile(location, opened);
const db = new DatabaseSync(location, { timeout: BUSY_TIMEOUT });
db.exec('PRAGMA synchronous = NORMAL');
const log = logOf(db);
const file = openSync(location, 'r+');

function work(): CheckpointAnswer {
  try {
    for (let round = 1; round <= ROUNDS_AT_MOST; round += 1) {
      log.checkpoint();
      // SQLite syncs the file only once the whole log is in it. That happens in the main thread, where a call would
      // wait for the sync.
      fdatasyncSync(file);
      if (leftOf(log.length()) <= FEW_PAGES) break;
    }
    return { failure: undefined };
  } catch (error) {
    return { failure: String(error) };
  }
}

parentPort?.on('message', () => {
  const answer = work();
  Atomics.store(working, 0, IDLE);
  Atomics.notify(working, 0);
  parentPort?.postMessage(answer);
});
