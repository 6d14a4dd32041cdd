import type { DatabaseSync } from 'node:sqlite';
import { storedTypes } from '../../contract/fields.ts';
import { type ContentSection, contentTypes, declarationOf } from '../../records/all.ts';
import type { Decision, Facts, JournalEntry } from '../../rules/facts.ts';
import type { Schema } from '../../rules/schema.ts';
import { isRead } from '../is-read.ts';
import { keysOfQuery } from '../keys.ts';
import {
  IndexNeeded,
  type Store,
  type StoreAccess,
  type StoreContents,
  StoreError,
  type StoreLog,
} from '../store.ts';
import { bodyTable } from './bodies.ts';
import { sqliteBrowsing } from './browsing.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { DatabaseFiles } from './database-files.ts';
import { logDurability, noDurability } from './durability.ts';
import { storeError } from './errors.ts';
import { finder } from './find.ts';
import { stepwiseFinder } from './find-steps.ts';
import { journalTable } from './journal.ts';
import { keyIndex } from './keys.ts';
import { lister } from './list.ts';
import { stepwiseLister } from './list-steps.ts';
import { loader } from './load.ts';
import { queryIndexes } from './query-indexes.ts';
import { recordReaders } from './records.ts';
import { sqliteRewinding } from './rewinding.ts';
import { type Definitions, schemaTables } from './schema.ts';
import { command, valueQuery } from './statements.ts';
import { trafficTable } from './traffic.ts';
import { CallerError, NothingWritten, transactions } from './transaction.ts';
import { userTable } from './users.ts';
import { writer } from './write.ts';
import { writerMutex } from './writer-mutex.ts';

/** A decision that asks for more data this many times never ends. */
const ROUNDS_AT_MOST = 10;

/** The parts of a store: an open and migrated database, and what watches its files. */
export interface StoreParts {
  readonly db: DatabaseSync;
  readonly location: string;
  /** Null for a database in memory. */
  readonly onDisk: {
    readonly access: StoreAccess;
    readonly files: DatabaseFiles;
    /** Releases the server lock. */
    readonly unlock?: () => void;
  } | null;
  readonly logPages: Checkpoints;
  readonly log: StoreLog | undefined;
}

/** Creates the store of an open database. */
export function createStore({ db, location, onDisk, logPages, log }: StoreParts): Store {
  const schemas = schemaTables(db);
  const access = onDisk?.access ?? null;
  const durability =
    onDisk === null ? noDurability : logDurability(location, onDisk.files, () => emptyLog(db));
  const indexes = queryIndexes(db);
  const guard = transactions({
    db,
    location,
    durability,
    ...(access === null ? {} : { mutex: writerMutex(access.writerMutex) }),
    begun: schemas.begun,
    ended: schemas.ended,
    committed: logPages.committed,
    rolledBack,
  });
  const keys = keyIndex(db, schemas);
  const readers = recordReaders(db);
  const beginLoading = loader(db, readers, keys);
  const write = writer(db, keys, schemas);
  const find = stepwiseFinder(guard, finder(db, keys, schemas, readers));
  const { list, count } = stepwiseLister(db, guard, lister(db, readers));
  const browsing = sqliteBrowsing({ db, location, file: onDisk?.files.identity ?? null, guard, readers });
  const journal = journalTable({ db, guard, find: browsing.calls, log });
  const secret = valueQuery<[], Uint8Array>(
    db,
    "SELECT value FROM server_secret WHERE name = 'stream position'",
  );
  let knownSecret: Uint8Array | undefined;
  let durableSchema: Schema | undefined;
  const countPing = command(
    db,
    "INSERT INTO meta (name, value) VALUES ('pings', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
  );
  let closed: Promise<void> | undefined;

  function rolledBack(): void {
    schemas.forget();
    indexes.forget();
  }

  function knownDefinitions(): Definitions | undefined {
    try {
      return schemas.unchanged();
    } catch {
      // Ignored here: a transaction will report the error.
      return undefined;
    }
  }

  async function currentSchema(): Promise<Schema> {
    const { schema } = knownDefinitions() ?? guard.read(schemas.current);
    if (schema !== durableSchema) await guard.durable();
    durableSchema = schema;
    return schema;
  }

  async function close(): Promise<void> {
    try {
      await journal.flush();
      await guard.settled();
      await guard.durable();
      await browsing.close();
      await logPages.close();
    } catch (error) {
      throw storeError(error, location);
    } finally {
      journal.stop();
      durability.close();
      db.close();
      onDisk?.unlock?.();
    }
  }

  return {
    description: {
      engine: 'sqlite',
      location,
      durability:
        access === null
          ? 'in memory: all is gone when the process ends'
          : 'the write-ahead log is synced before an answer: what is acknowledged survives a killed process and a power failure',
    },
    async apply(wanted, decide) {
      let noted: JournalEntry | null = null;
      const answer = await guard.write(() => {
        const loading = beginLoading(schemas.current().schema);
        loading.load(wanted);
        for (let round = 1; round <= ROUNDS_AT_MOST; round += 1) {
          const decision = ask(decide, loading.facts);
          if ('more' in decision) {
            loading.load(decision.more);
            continue;
          }
          if (!loading.hasIndexed() && isRead(decision.changes, decision.journal)) {
            noted = decision.journal;
            return new NothingWritten(decision.answer);
          }
          write(decision.changes);
          if (decision.journal !== null) journal.write(decision.journal);
          return decision.answer;
        }
        throw new StoreError(
          `A decision wanted to know more for the ${ROUNDS_AT_MOST}th time; nothing was applied`,
        );
      });
      if (noted !== null) journal.note(noted);
      return answer;
    },
    async find(query, { mayIndex = true } = {}) {
      const asked = keysOfQuery(query);
      const [needsKeys, needsColumns] = [keys.needsIndex(asked), indexes.areMissing(query)];
      if (!mayIndex && (needsKeys || needsColumns)) throw new IndexNeeded();
      if (needsKeys) await guard.write(() => keys.ensureIndexed(asked));
      if (needsColumns) await guard.write(() => indexes.make(query));
      const found = await find(query);
      await guard.durable();
      return found;
    },
    async list(query) {
      const listed = await list(query);
      await guard.durable();
      return listed;
    },
    async count(filter, atMost) {
      const counted = await count(filter, atMost);
      await guard.durable();
      return counted;
    },
    async secret() {
      knownSecret ??= guard.read(() => secret.get());
      if (knownSecret === undefined)
        throw new StoreError(`SQLite database ${location} has lost its server secret`);
      return knownSecret;
    },
    schema: currentSchema,
    lastSchema: async () => schemas.last()?.schema ?? currentSchema(),
    async contents() {
      const contents = guard.read(() => ({
        schema: schemas.current().schema,
        ...(Object.fromEntries(
          contentTypes.map((type) => [declarationOf[type].section, readers[type].all()]),
        ) as unknown as Pick<StoreContents, ContentSection>),
        looseKeys: storedTypes.flatMap((type) => keys.loose(type)),
      }));
      await guard.durable();
      return contents;
    },
    users: userTable(db, guard),
    journal,
    browsing,
    bodies: bodyTable(db, guard),
    traffic: trafficTable(db, guard),
    rewinding: sqliteRewinding({ db, location, guard, schemas }),
    callCounts: null,
    access,
    async ping() {
      // Writes a row: a transaction without writes would not detect a full disk.
      await guard.write(() => countPing.run());
    },
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** Checkpoints the whole write-ahead log, with syncs. */
function emptyLog(db: DatabaseSync): void {
  const busy = valueQuery<[], number>(db, 'PRAGMA wal_checkpoint(TRUNCATE)').get();
  if (busy !== 0) throw new Error('the write-ahead log is in use by another process');
}

/**
 * Calls `decide` and passes its errors through the transaction unchanged. Errors about damaged rows are the store's
 * own: custom values are parsed only when they are read.
 */
function ask<Answer>(decide: (facts: Facts) => Decision<Answer>, facts: Facts): Decision<Answer> {
  try {
    return decide(facts);
  } catch (error) {
    throw error instanceof StoreError ? error : new CallerError(error);
  }
}
