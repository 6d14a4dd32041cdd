import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { type EmbeddedPostgres, runOn, startEmbedded } from './embedded-postgres.ts';

/** A PostgreSQL server that the tests may make databases on. */
export interface TestPostgres {
  /** What it calls itself, e.g. "PostgreSQL 18.4 on x86_64…". */
  readonly version: string;
  /** Makes a database: one that was opened once already, or with `bare` an empty one. */
  createDatabase(bare?: boolean): Promise<TestDatabase>;
  /** The server itself, to be ended and started again. Not there when others use it, too. */
  readonly own?: EmbeddedPostgres;
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly url: string;
  /** Runs a statement as the superuser, outside of any store. */
  query(text: string): Promise<Record<string, unknown>[]>;
  /** Waits until nothing works on it any more: PostgreSQL carries out what a killed server had sent to it. */
  settled(): Promise<void>;
  drop(): Promise<void>;
}

const otherSessions =
  'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ' +
  "AND backend_type = 'client backend'";

/**
 * Connects to the server of MKTOWS_TEST_POSTGRES, or to the one from the embedded-postgres package that all files of a
 * run share. A string says why there is none; with CI set that is an error.
 */
export const sharedPostgres = (): Promise<TestPostgres | string> =>
  orReason(async () => testPostgres(process.env.MKTOWS_TEST_POSTGRES || (await embeddedUrl())));

/** As `sharedPostgres`, but a server that only the calling file uses, so that it may end it, in place of the shared one. */
export const startOwnPostgres = (): Promise<TestPostgres | string> =>
  orReason(async () => {
    const given = process.env.MKTOWS_TEST_POSTGRES;
    if (given) return testPostgres(given);
    const own = await startEmbedded();
    return testPostgres(own.url, own);
  });

async function embeddedUrl(): Promise<string> {
  const response = await fetch(inject('sharedPostgres'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** What `start` resolves to, or why there is no PostgreSQL of the tests' own; with CI set that is an error. */
export async function orReason<Started>(start: () => Promise<Started>): Promise<Started | string> {
  try {
    return await start();
  } catch (error) {
    if (process.env.CI) throw error;
    return `PostgreSQL cannot be started: ${error instanceof Error ? error.message : error}`;
  }
}

async function testPostgres(url: string, own?: EmbeddedPostgres): Promise<TestPostgres> {
  const databaseUrl = (name: string) => {
    const its = new URL(url);
    its.pathname = `/${name}`;
    return its.href;
  };
  const prefix = `mktows_test_${randomBytes(6).toString('hex')}`;
  const template = `${prefix}_template`;
  await runOn(url, `CREATE DATABASE ${template}`);
  await (await openPostgresStore({ url: databaseUrl(template) })).close();
  const [server] = await runOn(url, 'SELECT version()');
  let made = 0;
  return {
    version: String(server?.version),
    async createDatabase(bare = false) {
      made += 1;
      const name = `${prefix}_${made}`;
      await runOn(url, `CREATE DATABASE ${name}${bare ? '' : ` TEMPLATE ${template}`}`);
      return {
        url: databaseUrl(name),
        query: (text) => runOn(databaseUrl(name), text),
        async settled() {
          while ((await runOn(databaseUrl(name), otherSessions)).length > 0) await wait(10);
        },
        drop: async () => {
          await runOn(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        },
      };
    },
    ...(own && { own }),
    async stop() {
      if (own !== undefined) await own.stop();
      else await runOn(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    },
  };
}
