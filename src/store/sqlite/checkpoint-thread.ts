/**
 * The thread that brings the write-ahead log into the database file, while the other one writes on. It is asked with
 * any message, and answers with a `CheckpointAnswer`.
 */
import { fdatasyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { type CheckpointAnswer, type CheckpointThreadData, IDLE, leftOf, logOf } from './checkpoints.ts';
import { assertSameFile } from './database-files.ts';
import { BUSY_TIMEOUT } from './errors.ts';

/** With so few pages left the other thread ends it, in no more time than a commit. */
const FEW_PAGES = 200;
/** Under full load new pages come as fast as others go: it ends after so many rounds all the same. */
const ROUNDS_AT_MOST = 8;

const { location, file: opened, working } = workerData as CheckpointThreadData;
// With another file in its place, the log would be brought into that one.
assertSameFile(location, opened);
const db = new DatabaseSync(location, { timeout: BUSY_TIMEOUT });
db.exec('PRAGMA synchronous = NORMAL');
const log = logOf(db);
const file = openSync(location, 'r+');

function work(): CheckpointAnswer {
  try {
    for (let round = 1; round <= ROUNDS_AT_MOST; round += 1) {
      log.checkpoint();
      // SQLite syncs the file only when all of the log is in it, which is in the other thread, while a call waits.
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
