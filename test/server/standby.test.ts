import { afterAll, describe, expect, it, vi } from 'vitest';
import type { MktowsFault } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open.ts';
import { start } from '../cli/mktows.ts';
import { type EmbeddedPostgres, runOn, startEmbedded } from '../store/embedded-postgres.ts';
import { orReason } from '../store/postgres-server.ts';
import { clientOf, insertOf, startTestServer, type TestServer } from './test-server.ts';

/** A primary, and a standby that each commit waits for. */
async function startPair() {
  const primary = await startEmbedded();
  await (await openStore(primary.url)).close();
  await primary.shutDown();
  const standby = await startEmbedded({
    copyOf: primary.data,
    files: { 'standby.signal': '' },
    settings: {
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=second`,
      wal_retrieve_retry_interval: '200ms',
    },
  });
  await primary.restart();
  await set(primary, 'synchronous_standby_names', 'second');
  return { primary, standby };
}

async function set({ url }: EmbeddedPostgres, setting: string, value: string): Promise<void> {
  await runOn(url, `ALTER SYSTEM SET ${setting} = '${value}'`);
  await runOn(url, 'SELECT pg_reload_conf()');
  // Also called outside of a test, where there is no `expect.poll`.
  const inForce = async () => expect(await runOn(url, `SHOW ${setting}`)).toEqual([{ [setting]: value }]);
  await vi.waitFor(inForce, 20_000);
}

const pair = await orReason(startPair);

describe('PostgreSQL with a standby', () => {
  if (typeof pair === 'string') {
    it.skip(pair, () => {});
    return;
  }
  const { primary, standby } = pair;
  const servers: TestServer[] = [];
  const serve = async (database: string) => {
    const server = await startTestServer({ database });
    servers.push(server);
    return { server, client: clientOf(server) };
  };
  afterAll(async () => {
    for (const server of servers) await server.remove().catch(() => {});
    await Promise.all([primary.stop(), standby.stop()]);
  });
  const ready = async ({ url }: TestServer) => {
    const response = await fetch(new URL('/readyz', url));
    const { reason } = (await response.json()) as { reason?: string };
    return { status: response.status, reason };
  };

  it('a server that is pointed at the standby refuses to start, in one line', async () => {
    const env = { MKTOWS_USER: 'u', MKTOWS_SECRET: 'a secret of the tests' };
    const { status, out, err } = await start(['serve', '--port', '0', '--database', standby.url], { env })
      .ended;
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^.*is a standby, which cannot be written; name the primary\n$/);
  });

  it('while the primary is read-only, writes end in 20011, reads are answered, and /readyz says why', async () => {
    const { server, client } = await serve(primary.url);
    await client.call('syncMObjects', insertOf('before'));
    await set(primary, 'default_transaction_read_only', 'on');
    const fault = await client.call('syncMObjects', insertOf('refused')).catch((error: MktowsFault) => error);
    expect(fault).toMatchObject({ code: 20011, message: expect.stringContaining('nothing of this call') });
    expect(await ready(server)).toMatchObject({
      status: 503,
      reason: expect.stringContaining('it is read-only'),
    });
    const { result } = await client.call('getMObjects', { type: 'Opportunity' });
    expect(result?.returnCount).toBe(1);

    await set(primary, 'default_transaction_read_only', 'off');
    expect(await ready(server)).toMatchObject({ status: 200 });
    await client.call('syncMObjects', insertOf('after'));
    const all = await client.call('getMObjects', { type: 'Opportunity' });
    expect(all.result?.returnCount).toBe(2);
  });

  it('what was acknowledged is on the standby when the primary is lost, and the promoted one goes on', async () => {
    const before = await serve(primary.url);
    const names = Array.from({ length: 20 }, (_, index) => `replicated ${index}`);
    const answers = await Promise.all(
      names.map((name) => before.client.call('syncMObjects', insertOf(name))),
    );
    const ids = answers.map(({ result }) => result?.mObjStatusList?.mObjStatus[0]?.id);
    await primary.crash('SIGKILL');
    await runOn(standby.url, 'SELECT pg_promote()');

    const { client } = await serve(standby.url);
    const { result } = await client.call('getMObjects', { type: 'Opportunity' });
    expect(result?.mObjectList?.mObject.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const next = await client.call('syncMObjects', insertOf('after the loss'));
    expect(ids).not.toContain(next.result?.mObjStatusList?.mObjStatus[0]?.id);
    expect(next.result?.mObjStatusList?.mObjStatus[0]?.status).toBe('CREATED');
  });
});
