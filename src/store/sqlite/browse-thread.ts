/** The thread that browses: it reads with a connection of its own, so that no call waits for a person's query. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { BrowseAnswer, BrowseQuestion, BrowseThreadData } from './browse-messages.ts';
import { browseWork } from './browse-work.ts';
import { assertSameFile } from './database-files.ts';
import { BUSY_TIMEOUT } from './errors.ts';

/** Memory for pages of the database, in KiB. */
const CACHE = 32 * 1024;

const { location, file } = workerData as BrowseThreadData;
assertSameFile(location, file);
const db = new DatabaseSync(location, { readOnly: true, timeout: BUSY_TIMEOUT });
db.exec(`PRAGMA cache_size = -${CACHE}`);
const work = browseWork(db);

async function answer(question: NonNullable<BrowseQuestion>): Promise<BrowseAnswer> {
  const { number, name, argument } = question;
  try {
    return { number, result: await work[name](argument as never) };
  } catch (error) {
    const { name: kind, message } = error as Error;
    return { number, error: { name: kind, message } };
  }
}

parentPort?.on('message', async (question: BrowseQuestion) => {
  if (question !== undefined) {
    parentPort?.postMessage(await answer(question));
    return;
  }
  db.close();
  parentPort?.close();
});
