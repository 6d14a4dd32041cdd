import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, MktowsFault } from '../../src/client/index.ts';
import { lockDatabase } from '../../src/store/postgres/locks.ts';
import { insertOf } from '../server/test-server.ts';
import { type PostgresProxy, startProxy } from '../store/postgres-proxy.ts';
import { sharedPostgres, type TestDatabase, type TestPostgres } from '../store/postgres-server.ts';
import { mktows, type Running, start } from './mktows.ts';

const user = { userId: 'user_1_A', secret: 'a secret of the tests' };
const PASSWORD = 'geheim+sehr';

function servePostgresCases(postgres: TestPostgres): void {
  let database: TestDatabase;
  let proxy: PostgresProxy;
  let server: Running | undefined;
  let holder: pg.Client | undefined;
  beforeEach(async () => {
    database = await postgres.createDatabase();
    proxy = await startProxy(database.url);
  });
  afterEach(async () => {
    server?.process.kill('SIGKILL');
    await server?.ended;
    await holder?.end();
    await proxy.close();
    await database.drop();
    server = undefined;
    holder = undefined;
  });

  /** The database through the proxy, with a password that no output may have. */
  function databaseUrl(): string {
    const url = new URL(proxy.url);
    url.password = PASSWORD;
    return url.href;
  }

  async function serve(): Promise<{
    running: Running;
    endpoint: string;
    ready(): Promise<[number, string]>;
  }> {
    const env = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret, MKTOWS_KEY: 'ab'.repeat(32) };
    const args = ['serve', '--port', '0', '--log-level', 'debug'];
    const running = start(args, { env: { ...env, MKTOWS_DATABASE: databaseUrl() } });
    server = running;
    const endpoint = (await running.line(/^Endpoint +(\S+)$/m))[1] ?? '';
    return {
      running,
      endpoint,
      async ready() {
        const answer = await fetch(new URL('/readyz', endpoint));
        return [answer.status, await answer.text()];
      },
    };
  }

  const insert = (endpoint: string, name: string) =>
    createClient({ retries: 0, endpoint, ...user })
      .call('syncMObjects', insertOf(name))
      .then(
        () => 200,
        (error: unknown) => (error instanceof MktowsFault ? error.code : Promise.reject(error)),
      );

  async function holdDatabase(): Promise<pg.Client> {
    holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query(`BEGIN; ${lockDatabase(true)}`);
    return holder;
  }

  it('goes on by itself when the database was away, says meanwhile that it is not ready, and shows no password', async () => {
    const { running, endpoint, ready } = await serve();
    expect(await insert(endpoint, 'before')).toBe(200);
    proxy.be('refuses');
    expect(await insert(endpoint, 'meanwhile')).toBe(20011);
    expect(await ready()).toEqual([503, expect.stringContaining('connection was lost')]);
    const [, reason] = await ready();
    proxy.be('forwards');
    expect(await insert(endpoint, 'after')).toBe(200);
    expect(await ready()).toEqual([200, expect.stringContaining('ready')]);
    proxy.cutCommit('INSERT INTO opportunity', 'after');
    expect(await insert(endpoint, 'lost')).toBe(20011);
    running.process.kill('SIGTERM');
    const { status, out, err } = await running.ended;
    expect(status).toBe(0);
    expect(err).toContain('outcomeUnknown');
    expect(out).toContain(new URL(proxy.url).host);
    for (const shown of [out, err, reason]) {
      expect(shown).not.toContain(PASSWORD);
      expect(shown).not.toContain(encodeURIComponent(PASSWORD));
    }
  });

  it.skipIf(process.platform !== 'linux')('leaves the space for new objects as Node has it', async () => {
    const { running } = await serve();
    const words = readFileSync(`/proc/${running.process.pid}/cmdline`, 'utf8');
    expect(words).not.toContain('semi-space');
  });

  it.each(['serve', 'migrate', 'users list'])(
    '%s that cannot reach its database shows no password',
    async (command) => {
      proxy.be('refuses');
      const { status, out, err } = await mktows([...command.split(' '), '--database', databaseUrl()]);
      expect([status, out]).toEqual([1, '']);
      expect(err).toMatch(
        /^mktows: Cannot open PostgreSQL database postgres:\/\/127\.0\.0\.1:\d+\/\S+: .+\n$/,
      );
      expect(err).not.toContain(PASSWORD);
    },
  );

  it('that is told to stop takes no new connections, answers the call under way, and ends with status 0', async () => {
    const { running, endpoint, ready } = await serve();
    expect(await insert(endpoint, 'before')).toBe(200);
    const held = await holdDatabase();
    const waiting = insert(endpoint, 'under way');
    await expect
      .poll(() => database.query('SELECT 1 FROM pg_locks WHERE NOT granted'), { timeout: 10_000 })
      .toHaveLength(1);
    running.process.kill('SIGTERM');
    await expect
      .poll(
        () =>
          ready().then(
            () => 'answered',
            (error) => error.cause?.code,
          ),
        { timeout: 10_000 },
      )
      .toBe('ECONNREFUSED');
    await held.query('COMMIT');
    expect(await waiting).toBe(200);
    expect((await running.ended).status).toBe(0);
    expect(await database.query('SELECT name FROM opportunity ORDER BY id')).toEqual([
      { name: 'before' },
      { name: 'under way' },
    ]);
  });
}

const postgres = await sharedPostgres();
describe('serve on PostgreSQL', () => {
  if (typeof postgres === 'string') it.skip(postgres, () => {});
  else {
    afterAll(() => postgres.stop());
    servePostgresCases(postgres);
  }
});
