import { storedTypes } from '../../contract/fields.ts';
import { type ContentSection, contentTypes, declarationOf } from '../../records/all.ts';
import { emptyWanted, noChanges } from '../../rules/plan.ts';
import { keysOfQuery, unindexedFields } from '../keys.ts';
import {
  IndexNeeded,
  type MigrationStep,
  type Store,
  type StoreContents,
  StoreError,
  type StoreLog,
} from '../store.ts';
import { applier } from './apply.ts';
import { bodyTable } from './bodies.ts';
import { postgresBrowsing } from './browsing.ts';
import { callCountTable } from './call-counts.ts';
import { assertPrimary, type Connected, createPool, withConnection } from './connect.ts';
import { assertFinished } from './copy-mark.ts';
import type { TimeBounds } from './errors.ts';
import { planFind } from './find.ts';
import { journalTable } from './journal.ts';
import { looseQuery, readLoose } from './keys.ts';
import { countStatement, planList } from './list.ts';
import { migrate, migrationSteps } from './migrations.ts';
import { recordQuery } from './records.ts';
import { postgresRewinding } from './rewinding.ts';
import { type Definitions, definitionCache, selectVersion } from './schema.ts';
import type { Row } from './sql.ts';
import { trafficTable } from './traffic.ts';
import { type Guard, transactions } from './transaction.ts';
import { userTable } from './users.ts';
import { prepareViews } from './views.ts';

export interface PostgresOptions {
  /** `postgres://user:secret@host:5432/database?sslmode=…`. The database must exist. */
  readonly url: string;
  readonly log?: StoreLog;
  readonly bounds?: TimeBounds;
}

/**
 * Opens a PostgreSQL database as a store and migrates it to the current schema version. Several servers may share it.
 * Rejects with a `StoreError` whose one-line message gives the reason.
 */
export async function openPostgresStore({ url, log, bounds }: PostgresOptions): Promise<Store> {
  const connected = createPool(url, bounds);
  const { pool, location } = connected;
  try {
    await withConnection(connected, async (client) => {
      await assertPrimary(client, location);
      await assertFinished(client, location);
      await migrate(client, location, new Date().toISOString());
    });
    await prepareViews(transactions(connected), location, log);
    return createStore(connected, log);
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Returns the migration steps of a database. Changes nothing. Rejects with a `StoreError`. */
export async function postgresMigrations(url: string): Promise<MigrationStep[]> {
  const connected = createPool(url);
  try {
    return await withConnection(connected, async (client) => {
      await assertFinished(client, connected.location);
      return migrationSteps(client, connected.location);
    });
  } finally {
    await connected.pool.end();
  }
}

function createStore(connected: Connected, log: StoreLog | undefined): Store {
  const { location } = connected;
  const guard = transactions(connected);
  const cache = definitionCache();
  const journal = journalTable(guard, log);
  const definitions = definitionReader(guard, cache);
  const apply = applier(guard, cache, journal.note);
  let knownSecret: Uint8Array | undefined;
  let closed: Promise<void> | undefined;

  /** Indexes the fields of keys that are not indexed yet, as a call with such a key would. */
  async function indexKeys(keys: ReturnType<typeof keysOfQuery>, mayIndex: boolean): Promise<void> {
    if (unindexedFields(keys, await definitions()).length === 0) return;
    if (!mayIndex) throw new IndexNeeded();
    await apply({ ...emptyWanted, keys }, () => ({ changes: noChanges, answer: undefined, journal: null }));
  }

  return {
    description: {
      engine: 'postgres',
      location,
      durability:
        'PostgreSQL: what is acknowledged is committed; what that survives is up to its synchronous_commit',
    },
    apply,
    async find(query, { mayIndex = true } = {}) {
      const keys = keysOfQuery(query);
      if (keys.length > 0) await indexKeys(keys, mayIndex);
      for (;;) {
        const known = await definitions();
        const plan = planFind(query, known);
        const [version = [], ...answers] = await guard.read(selectVersion, ...plan.statements);
        if (version[0]?.[0] === known.version) return plan.read(answers);
      }
    },
    async list(query) {
      const { statements, read } = planList(query);
      return read(await guard.read(...statements));
    },
    async count(filter, atMost) {
      const [rows = []] = await guard.read(countStatement(filter, atMost));
      return Number(rows[0]?.[0]);
    },
    async secret() {
      const [rows = []] = knownSecret
        ? []
        : await guard.read("SELECT encode(value, 'hex') FROM server_secret WHERE name = 'stream position'");
      const secret = rows[0]?.[0];
      if (secret != null) knownSecret = new Uint8Array(Buffer.from(secret, 'hex'));
      if (knownSecret === undefined) {
        throw new StoreError(`PostgreSQL database ${location} has lost its server secret`);
      }
      return knownSecret;
    },
    schema: async () => (await definitions()).schema,
    lastSchema: async () => (cache.last() ?? (await definitions())).schema,
    async contents() {
      for (;;) {
        const known = await definitions();
        const [version = [], ...answers] = await guard.read(selectVersion, ...contentStatements);
        if (version[0]?.[0] === known.version) return readContents(known, answers);
      }
    },
    users: userTable(guard),
    journal,
    browsing: postgresBrowsing(guard),
    bodies: bodyTable(guard),
    traffic: trafficTable(guard),
    rewinding: postgresRewinding(guard, location, log),
    callCounts: callCountTable(guard),
    access: null,
    async ping() {
      await guard.write((transaction) =>
        transaction.commit('SELECT slot FROM call_lock LIMIT 1 FOR SHARE SKIP LOCKED'),
      );
    },
    close() {
      closed ??= journal.flush().finally(() => {
        journal.stop();
        return guard.end();
      });
      return closed;
    },
  };
}

/** Returns a function that reads the current definitions, cached until they change. */
function definitionReader(
  guard: Guard,
  cache: ReturnType<typeof definitionCache>,
): () => Promise<Definitions> {
  return async () => {
    const [rows = []] = await guard.read(selectVersion);
    return cache.of(rows[0]?.[0], guard.read, true);
  };
}

const recordQueries = contentTypes.map((type) => [declarationOf[type].section, recordQuery(type)] as const);

const looseQueries = storedTypes.map((type) => looseQuery(type));
const contentStatements = [...recordQueries.flatMap(([, { statements }]) => statements), ...looseQueries];

function readContents({ schema }: Definitions, answers: readonly Row[][]): StoreContents {
  let at = 0;
  const records = recordQueries.map(([section, { statements, read }]) => {
    const own = answers.slice(at, at + statements.length);
    at += statements.length;
    return [section, read(own)];
  });
  return {
    schema,
    ...(Object.fromEntries(records) as unknown as Pick<StoreContents, ContentSection>),
    looseKeys: answers.slice(at, at + looseQueries.length).flatMap(readLoose),
  };
}
