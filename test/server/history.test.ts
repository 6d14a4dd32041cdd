import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient, MktowsFault } from '../../src/client/client.ts';
import { openStore } from '../../src/store/open.ts';
import { type Running, start } from '../cli/mktows.ts';
import { startPostgres, type TestPostgres } from '../store/postgres-server.ts';

const SERVERS = 4;
const CLIENTS = 40;
const DURATION = 6000;
const SHARED_KEYS = 12;

/** What a client saw of a call: its two own keys are `<call>/a` and `<call>/b`. */
interface Seen {
  readonly call: string;
  readonly shared: string;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  /** Ids of the shared object and of the two own ones. */
  readonly ids: readonly number[];
}

const user = { userId: 'history', secret: 'a secret of the history test' };

const started: Running[] = [];

async function startServers(database: string) {
  const env = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret, MKTOWS_KEY: 'ab'.repeat(32) };
  const servers = Array.from({ length: SERVERS }, () =>
    start(['serve', '--port', '0', '--database', database, '--log-level', 'silent'], { env }),
  );
  started.push(...servers);
  const endpoints = await Promise.all(
    servers.map(async (server) => (await server.line(/^Endpoint +(\S+)$/m))[1] ?? ''),
  );
  return { servers, endpoints };
}

async function oneCall(endpoint: string, call: string, shared: string): Promise<Seen> {
  const mObject = [shared, `${call}/a`, `${call}/b`].map((value) => ({
    type: 'Opportunity' as const,
    externalKey: { name: 'Name', value },
    attribList: { attrib: [{ name: 'Stage', value: call }] },
  }));
  try {
    const answer = await createClient({ endpoint, ...user }).call('syncMObjects', {
      operation: 'UPSERT',
      mObjectList: { mObject },
    });
    const rows = answer.result?.mObjStatusList?.mObjStatus ?? [];
    const isWhole = rows.every(({ status }) => ['CREATED', 'UPDATED', 'UNCHANGED'].includes(String(status)));
    return {
      call,
      shared,
      outcome: isWhole && rows.length === 3 ? 'acknowledged' : 'refused',
      ids: rows.map(({ id }) => Number(id)),
    };
  } catch (error) {
    // No answer at all says nothing; a fault says whether the outcome is known.
    const isKnown = error instanceof MktowsFault && !/unknown|not known|may have/i.test(error.message);
    return { call, shared, outcome: isKnown ? 'refused' : 'unknown', ids: [] };
  }
}

function historyCases(postgres: TestPostgres): void {
  it('of four servers, ended connections and a killed server holds what each client was told', async () => {
    const database = await postgres.createDatabase();
    const { servers, endpoints } = await startServers(database.url);
    const until = performance.now() + DURATION;

    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      const seen: Seen[] = [];
      for (let count = 0; performance.now() < until; count += 1) {
        const endpoint = endpoints[(client + count) % SERVERS] ?? '';
        const shared = `shared-${(client * 7 + count * 5) % SHARED_KEYS}`;
        seen.push(await oneCall(endpoint, `${client}-${count}`, shared));
        if (seen.at(-1)?.outcome !== 'acknowledged') await wait(20);
      }
      return seen;
    });
    const killer = (async () => {
      while (performance.now() < until - 500) {
        await wait(150);
        await database.query(
          'SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity ' +
            'WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3) AS chosen',
        );
      }
    })();
    await wait(DURATION / 2);
    servers[0]?.process.kill('SIGKILL');
    const history = (await Promise.all(clients)).flat();
    await killer;
    for (const server of servers) server.process.kill('SIGTERM');
    await Promise.all(servers.map(({ ended }) => ended));

    const store = await openStore(database.url);
    const { opportunities } = await store.contents();
    const journal = await store.journal.newest(1_000_000);
    await store.close();
    await database.drop();

    const byKey = Map.groupBy(opportunities, ({ values }) => String(values.get('Name')));
    const doubled = [...byKey].filter(([, holders]) => holders.length > 1).map(([key]) => key);
    expect(doubled).toEqual([]);
    const journaled = new Set(journal.flatMap(({ rows }) => rows.map((row) => row.externalKey?.value ?? '')));
    const acknowledged = history.filter(({ outcome }) => outcome === 'acknowledged');
    expect(acknowledged.length).toBeGreaterThan(CLIENTS);
    for (const { call, shared, outcome, ids } of history) {
      const own = [`${call}/a`, `${call}/b`].map((key) => byKey.get(key)?.[0]);
      const kept = own.map((object) => object?.values.get('Stage') === call);
      const isApplied = kept[0] === true;
      expect({ call, kept, journaled: journaled.has(`${call}/a`) }).toEqual({
        call,
        kept: [isApplied, isApplied],
        journaled: isApplied,
      });
      if (outcome !== 'unknown')
        expect({ call, isApplied }).toEqual({ call, isApplied: outcome === 'acknowledged' });
      if (outcome === 'acknowledged') {
        expect([byKey.get(shared)?.[0]?.id, own[0]?.id, own[1]?.id]).toEqual(ids);
      }
    }
    // What stands in a shared object was written by a call that was applied, wholly.
    for (let index = 0; index < SHARED_KEYS; index += 1) {
      const writer = byKey.get(`shared-${index}`)?.[0]?.values.get('Stage');
      if (writer !== undefined) expect(byKey.has(`${writer}/a`)).toBe(true);
    }
  });
}

const postgres = await startPostgres();
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
