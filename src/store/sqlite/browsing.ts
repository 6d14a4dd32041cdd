import type { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../packaging/thread.ts';
import type { Records, RecordType } from '../../records/all.ts';
import { type BrowsePage, BrowseTooSlow, type Browsing } from '../browsing.ts';
import type { CallFilter, FoundCalls } from '../calls.ts';
import { tableNames } from '../columns.ts';
import { StoreError } from '../store.ts';
import type {
  BrowseAnswer,
  BrowseQuestion,
  BrowseThreadData,
  BrowseWork,
  BrowseWorkName,
} from './browse-messages.ts';
import { browseWork } from './browse-work.ts';
import type { OpenFile } from './checkpoints.ts';
import { storeError } from './errors.ts';
import type { RecordReaders } from './records.ts';
import type { Guard } from './transaction.ts';

/** The browsing of a store, and the end of its thread. */
export interface SqliteBrowsing extends Browsing {
  /** Finds calls in what the journal's table has. */
  calls(filter: CallFilter, limit: number): Promise<FoundCalls>;
  /** Fails the work that goes on, and ends the thread. */
  close(): Promise<void>;
}

export interface BrowsingParts {
  readonly db: DatabaseSync;
  readonly location: string;
  /** Null for a database in memory, which only its own connection sees: it is browsed on this thread. */
  readonly file: OpenFile['file'] | null;
  readonly guard: Guard;
  readonly readers: RecordReaders;
}

/** Finds ids in a thread, and reads their records here. */
export function sqliteBrowsing({ db, location, file, guard, readers }: BrowsingParts): SqliteBrowsing {
  const thread = file === null ? undefined : browseThread({ location, file });
  const work = thread?.work ?? browseWork(db);

  async function failing<Result>(doing: Promise<Result>): Promise<Result> {
    try {
      return await doing;
    } catch (error) {
      throw error instanceof BrowseTooSlow ? error : storeError(error, location);
    }
  }

  return {
    async page<Type extends RecordType>(query: Parameters<Browsing['page']>[0] & { readonly type: Type }) {
      const { found, next } = await failing(work.ids(query));
      const records = guard.read(() => readers[query.type].byIds(found.map(({ id }) => id)));
      await guard.durable();
      return {
        type: query.type,
        records: records as readonly Records[Type][],
        next,
      } satisfies BrowsePage<Type>;
    },
    count: (type) => failing(work.count(tableNames[type])),
    keys: (type, id) => failing(work.keys({ type, id })),
    mentions: (type, id, before, limit) => failing(work.mentions({ type, id, before, limit })),
    totals: (query) => failing(work.totals(query)),
    calls: (filter, limit) => failing(work.calls({ filter, limit })),
    close: async () => thread?.close(),
  };
}

/** Work in a thread that starts when it is first needed. */
function browseThread(data: BrowseThreadData): { readonly work: BrowseWork; close(): Promise<void> } {
  const waiting = new Map<number, (answer: BrowseAnswer | Error) => void>();
  let thread: Worker | undefined;
  let asked = 0;

  function start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: 128 };
    const started = startThread('store/sqlite/browse-thread', { workerData: data, resourceLimits });
    started.unref();
    started.on('message', (answer: BrowseAnswer) => {
      waiting.get(answer.number)?.(answer);
      waiting.delete(answer.number);
      if (waiting.size === 0) started.unref();
    });
    started.on('error', (error: Error) => fail(error));
    started.on('exit', () => fail(new StoreError('the database was closed')));
    return started;
  }

  function fail(error: Error): void {
    thread = undefined;
    for (const settle of waiting.values()) settle(error);
    waiting.clear();
  }

  const ask =
    <Name extends BrowseWorkName>(name: Name) =>
    async (argument: Parameters<BrowseWork[Name]>[0]) => {
      thread ??= start();
      asked += 1;
      const number = asked;
      const answer = await new Promise<BrowseAnswer | Error>((resolve) => {
        waiting.set(number, resolve);
        thread?.ref();
        thread?.postMessage({ number, name, argument } satisfies BrowseQuestion);
      });
      if (answer instanceof Error) throw answer;
      if ('result' in answer) return answer.result as never;
      const { error } = answer;
      throw error.name === 'BrowseTooSlow' ? new BrowseTooSlow(error.message) : new Error(error.message);
    };

  return {
    work: {
      ids: ask('ids'),
      count: ask('count'),
      keys: ask('keys'),
      mentions: ask('mentions'),
      totals: ask('totals'),
      calls: ask('calls'),
    },
    async close() {
      if (thread === undefined) return;
      const ended = new Promise((resolve) => thread?.once('exit', resolve));
      thread.ref();
      thread.postMessage(undefined satisfies BrowseQuestion);
      await ended;
    },
  };
}
