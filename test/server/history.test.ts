import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open.ts';
import { type Running, start } from '../cli/mktows.ts';
import { randomNumbers, SEED } from '../random-numbers.ts';
import { sharedPostgres, type TestDatabase, type TestPostgres } from '../store/postgres-server.ts';
import {
  type History,
  historyClients,
  LEAD_MARK,
  type Outcome,
  ownNames,
  SHARED,
} from './history-clients.ts';
import { brokenOrder } from './linear-order.ts';

const SERVERS = 4;
const CLIENTS = 40;
/** Milliseconds of calls. */
const DURATION = Number(process.env.MKTOWS_HISTORY_SECONDS ?? 6) * 1000;

const user = { userId: 'history', secret: 'a secret of the history test' };

const started: Running[] = [];

async function startServers(database: string) {
  const env = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret, MKTOWS_KEY: 'ab'.repeat(32) };
  const servers = Array.from({ length: SERVERS }, () =>
    start(['serve', '--port', '0', '--database', database, '--log-level', 'silent'], { env }),
  );
  started.push(...servers);
  const clients = await Promise.all(
    servers.map(async (server) => {
      const [, endpoint = ''] = await server.line(/^Endpoint +(\S+)$/m);
      return createClient({ retries: 0, endpoint, ...user });
    }),
  );
  return { servers, clients };
}

/** Ends connections at random, three at a time. */
async function endConnections(database: TestDatabase, until: number): Promise<void> {
  while (performance.now() < until) {
    await wait(150);
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity ' +
        'WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3) AS chosen',
    );
  }
}

async function contentsOf(url: string) {
  const store = await openStore(url);
  const { opportunities, leads } = await store.contents();
  const journal = await store.journal.newest(1_000_000);
  await store.close();
  return {
    byName: Map.groupBy(
      [
        ...opportunities.map(({ id, values }) => ({
          id,
          name: values.get('Name'),
          mark: values.get('Stage'),
        })),
        ...leads.map(({ id, email, values }) => ({ id, name: email, mark: values.get(LEAD_MARK) })),
      ],
      ({ name }) => String(name).toLowerCase(),
    ),
    journaled: new Set(
      journal.flatMap(({ rows }) =>
        rows.map((row) => (row.externalKey?.value ?? row.name ?? '').toLowerCase()),
      ),
    ),
  };
}

/** Opportunities and leads by name; `mark`: the call that wrote one last. */
type Holders = ReadonlyMap<string, readonly { readonly id: number; readonly mark: unknown }[]>;
const markOf = (byName: Holders, name: string) => (byName.get(name)?.[0]?.mark as string | undefined) ?? null;

/** Each call is there wholly, with its journal line, or not at all, and as its client was told. */
function brokenCalls({ writes }: History, byName: Holders, journaled: ReadonlySet<string>): string[] {
  return writes.flatMap(({ call, shared, outcome, ids }) => {
    const names = ownNames(call);
    const kept = names.filter((name) => markOf(byName, name) === call).length;
    const noted = names.filter((name) => journaled.has(name)).length;
    const expected = outcome === 'acknowledged' ? 2 : outcome === 'refused' ? 0 : kept;
    const isWhole = (kept === 0 || kept === 2) && kept === expected && noted === kept;
    const found = [shared, ...names].map((name) => byName.get(name)?.[0]?.id);
    const isNamed = ids.length === 0 || ids.every((id, index) => id === found[index]);
    return isWhole && isNamed
      ? []
      : [`${call}, ${outcome}: ${kept} of 2 kept, ${noted} in the journal, ${found}`];
  });
}

function historyCases(postgres: TestPostgres): void {
  it(
    `of four servers, ended connections and a killed server holds what each client was told (seed ${SEED})`,
    async () => {
      const database = await postgres.createDatabase();
      const { servers, clients } = await startServers(database.url);
      const { history, run, noteEnd } = historyClients(randomNumbers(SEED));
      const until = performance.now() + DURATION;
      const running = Promise.all(Array.from({ length: CLIENTS }, () => run(clients, until)));
      const ending = endConnections(database, until - 500);
      await Promise.race([running, wait(DURATION / 2)]);
      servers[0]?.process.kill('SIGKILL');
      await Promise.all([running, ending]);
      for (const server of servers) server.process.kill('SIGTERM');
      await Promise.all(servers.map(({ ended }) => ended));
      await database.settled();
      const { byName, journaled } = await contentsOf(database.url);
      await database.drop();
      noteEnd((name) => markOf(byName, name));

      const count = (wanted: Outcome) => history.writes.filter(({ outcome }) => outcome === wanted).length;
      console.log(
        `${history.writes.length} upserts: ${count('acknowledged')} acknowledged, ${count('refused')} refused, ` +
          `${count('unknown')} of unknown outcome, ${count('unanswered')} unanswered; ${history.reads.answered} reads answered, ` +
          `${history.reads.failed} failed; seed ${SEED}`,
      );
      expect(count('acknowledged')).toBeGreaterThan(CLIENTS);
      expect(history.reads.answered).toBeGreaterThan(CLIENTS);
      const doubled = [...byName].filter(([, holders]) => holders.length > 1).map(([name]) => name);
      expect(doubled).toEqual([]);
      expect(brokenCalls(history, byName, journaled)).toEqual([]);
      const broken = [...history.seen].flatMap(([name, seen]) =>
        brokenOrder(seen).map((line) => `${name}: ${line}`),
      );
      expect(broken).toEqual([]);
      // What stands in a shared object was written by a call that was applied, wholly.
      for (const name of SHARED) {
        const writer = markOf(byName, name);
        if (writer !== null) expect(byName.has(`${writer}/a`)).toBe(true);
      }
    },
    60_000 + 2 * DURATION,
  );
}

const postgres = await sharedPostgres();
describe('the history', () => {
  if (typeof postgres === 'string') it.skip(postgres, () => {});
  else {
    afterAll(async () => {
      for (const server of started) server.process.kill('SIGKILL');
      await postgres.stop();
    });
    historyCases(postgres);
  }
});
