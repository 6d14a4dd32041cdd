import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { databasePool } from './postgres-databases.ts';
import { sharedPostgres, startOwnPostgres, type TestPostgres } from './postgres-server.ts';
import { openReferenceStore } from './reference-store.ts';
import { onFile, runOn } from './sqlite-file.ts';

/** What opens stores that are empty. */
export interface StoreSource {
  readonly name: 'SQLite' | 'PostgreSQL' | 'reference';
  /** An empty store whose database goes when it is closed; SQLite keeps it in memory. */
  openStore(): Promise<Store>;
}

/** An engine that suites are run over. */
export interface TestEngine extends StoreSource {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** A database without objects that no other test uses; with `bare` one that was never opened, without tables. */
  open(bare?: boolean): Promise<EngineDatabase>;
  /** The PostgreSQL server; not there with SQLite. */
  readonly postgres?: TestPostgres;
}

export interface EngineDatabase {
  readonly url: string;
  /** The rows of a query, outside of any store. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Runs statements outside of any store. */
  run(sql: string): Promise<void>;
  /** Waits until nothing works on it any more, after its servers were killed. */
  settled(): Promise<void>;
  remove(): Promise<void>;
}

const sqlite: TestEngine = {
  name: 'SQLite',
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'mktows-engine-'));
    const path = join(folder, 'test.db');
    return {
      url: `sqlite:${path}`,
      query: async (sql) => onFile(path, (db) => db.prepare(sql).all()),
      run: async (sql) => runOn(path, sql),
      settled: async () => {},
      remove: () => rm(folder, { recursive: true }),
    };
  },
  openStore: () => openStore('sqlite::memory:'),
};

function postgresEngine(postgres: TestPostgres): TestEngine {
  const databases = databasePool(postgres);
  afterAll(async () => {
    await databases.dropAll();
    await postgres.stop();
  });
  return {
    name: 'PostgreSQL',
    postgres,
    async open(bare = false) {
      const database = bare ? await postgres.createDatabase(true) : await databases.take();
      return {
        url: database.url,
        query: database.query,
        async run(sql) {
          await database.query(sql);
        },
        settled: database.settled,
        remove: () => (bare ? database.drop() : databases.giveBack(database)),
      };
    },
    async openStore() {
      const database = await databases.take();
      const store = await openStore(database.url);
      const close = async () => {
        await store.close();
        await databases.giveBack(database);
      };
      return { ...store, close };
    },
  };
}

/**
 * Runs a suite over SQLite and over a real PostgreSQL, which is skipped with the reason where there is none. With
 * `ownPostgres` no other file uses the server.
 */
export async function overBothEngines(
  suite: (engine: TestEngine) => void,
  { ownPostgres = false } = {},
): Promise<void> {
  describe('over SQLite', () => suite(sqlite));
  const postgres = await (ownPostgres ? startOwnPostgres() : sharedPostgres());
  if (typeof postgres === 'string') describe('over PostgreSQL', () => it.skip(postgres, () => {}));
  else {
    const engine = postgresEngine(postgres);
    describe('over PostgreSQL', () => suite(engine));
  }
}

/** Runs a suite over both engines, and over the reference store, which has nothing that could hide a mistake. */
export async function overAllStores(suite: (source: StoreSource) => void): Promise<void> {
  describe('over the reference store', () =>
    suite({ name: 'reference', openStore: async () => openReferenceStore() }));
  await overBothEngines(suite);
}
