/** The thread of a snapshot: backs up the database into a file. */
import { parentPort, workerData } from 'node:worker_threads';
import { backupSqlite } from './backup.ts';
import type { SnapshotAnswer, SnapshotThreadData } from './rewinding.ts';

const { source, target } = workerData as SnapshotThreadData;
const answer: SnapshotAnswer = await backupSqlite(source, target).then(
  () => undefined,
  (error: Error) => error.message,
);
parentPort?.postMessage(answer);
