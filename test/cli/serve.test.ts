import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type MktowsFault } from '../../src/client/index.ts';
import { insertOf } from '../server/test-server.ts';
import { makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let running: Running[];
beforeEach(async () => {
  workspace = await makeWorkspace();
  running = [];
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await workspace.remove();
});

const account = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };
const client = (endpoint: string, userId = account.MKTOWS_USER, secret = account.MKTOWS_SECRET) =>
  createClient({ retries: 0, endpoint, userId, secret });

/** A call that creates an opportunity with a value of the field Region. */
function insertWithRegion() {
  const params = insertOf('With region');
  params.mObjectList.mObject[0]?.attribList?.attrib.push({ name: 'Region', value: 'EMEA' });
  return params;
}

function serve(args: readonly string[] = [], env: Record<string, string> = account): Running {
  const server = start(['serve', '--port', '0', '--database', workspace.database, ...args], { env });
  running.push(server);
  return server;
}

const endpointOf = async (server: Running) => (await server.line(/^Endpoint +(\S+)$/m))[1] ?? '';

describe('serve', () => {
  it('says what it serves, answers calls, and ends with status 0 at SIGTERM', async () => {
    const server = serve(['--schema', 'open', '--limit-daily', '100']);
    const endpoint = await endpointOf(server);
    const { result } = await client(endpoint).call('syncMObjects', insertOf('One'));
    expect(result?.mObjStatusList?.mObjStatus[0]?.status).toBe('CREATED');
    server.process.kill('SIGTERM');
    const { status, out, err } = await server.ended;
    expect(status).toBe(0);
    expect(out).toContain(`WSDL      ${endpoint}?WSDL\n`);
    expect(out).toMatch(/^Version +mktows \d+\.\d+\.\d+/m);
    expect(out).toMatch(/^Store +sqlite \S*test\.db; \S/m);
    expect(out).toMatch(/^Users +user_1_A$/m);
    expect(out).toMatch(/^Settings +--schema open --limit-daily 100$/m);
    expect(out + err).not.toContain(account.MKTOWS_SECRET);
    expect(err).toMatch(/"user":"user_1_A","operation":"syncMObjects","mode":"INSERT"/);
  });

  it('makes a user on the first start, shows the secret once, and knows it on the second', async () => {
    const first = serve([], {});
    const endpoint = await endpointOf(first);
    const [, userId = ''] = await first.line(/^New user +(\S+)$/m);
    const [, secret = ''] = await first.line(/^Secret +(\S+)/m);
    await client(endpoint, userId, secret).call('syncMObjects', insertOf('One'));
    first.process.kill('SIGINT');
    expect((await first.ended).status).toBe(0);
    expect((await stat(workspace.path('test.db.key'))).mode & 0o777).toBe(0o600);
    expect((await readFile(workspace.path('test.db'))).includes(secret)).toBe(false);

    const second = serve([], {});
    await client(await endpointOf(second), userId, secret).call('syncMObjects', insertOf('Two'));
    second.process.kill('SIGTERM');
    const { out } = await second.ended;
    expect(out).toMatch(new RegExp(`^Users +${userId}$`, 'm'));
    expect(out).not.toContain(secret);
  });

  it('announces itself to programs in one line of JSON', async () => {
    const server = serve(['--announce', 'json'], {});
    const [line] = await server.line(/^\{.*\}$/m);
    const { endpoint, port, userId, secret } = JSON.parse(line);
    expect(new URL(endpoint).port).toBe(String(port));
    const { result } = await client(endpoint, userId, secret).call('syncMObjects', insertOf('One'));
    expect(result?.mObjStatusList?.mObjStatus[0]?.status).toBe('CREATED');
    const again = serve(['--announce', 'json', '--database', 'sqlite::memory:']);
    const [next] = await again.line(/^\{.*\}$/m);
    expect(JSON.parse(next)).toMatchObject({ userId: account.MKTOWS_USER, secret: null });
  });

  it('takes users that another process adds and removes', async () => {
    const server = serve();
    const endpoint = await endpointOf(server);
    const added = await mktows(['users', 'add', 'late', '--database', workspace.database]);
    const secret = /^secret (\S+)$/m.exec(added.out)?.[1] ?? '';
    const attempt = () =>
      client(endpoint, 'late', secret)
        .call('syncMObjects', insertOf('Late'))
        .then(
          () => 200,
          (error: MktowsFault) => error.code,
        );
    await expect.poll(attempt, { interval: 200 }).toBe(200);
    await mktows(['users', 'remove', 'late', '--database', workspace.database]);
    await expect.poll(attempt, { interval: 200 }).toBe(20014);
  });

  it('takes a field that another process adds with the next call', async () => {
    const endpoint = await endpointOf(serve());
    const sync = async () => {
      const { result } = await client(endpoint).call('syncMObjects', insertWithRegion());
      return result?.mObjStatusList?.mObjStatus[0]?.status;
    };
    expect(await sync()).toBe('FAILED');
    const field = ['--type', 'Opportunity', '--name', 'Region', '--size', '40'];
    const added = await mktows(['fields', 'add', ...field, '--database', workspace.database]);
    expect(added.status).toBe(0);
    expect(await sync()).toBe('CREATED');
  });

  it('counts the calls of the day over a restart', async () => {
    for (const expected of [200, 20015]) {
      const server = serve(['--limit-daily', '1']);
      const code = await client(await endpointOf(server))
        .call('syncMObjects', insertOf('Counted'))
        .then(
          () => 200,
          (error: MktowsFault) => error.code,
        );
      expect(code).toBe(expected);
      server.process.kill('SIGTERM');
      await server.ended;
    }
  });

  it('adds an instance file', async () => {
    const file = workspace.path('instance.json');
    const field = { name: 'Region', dataType: 'string', size: 40 };
    await writeFile(file, JSON.stringify({ fields: { Opportunity: [field] } }));
    const server = serve(['--instance', file]);
    const { result } = await client(await endpointOf(server)).call('syncMObjects', insertWithRegion());
    expect(result?.mObjStatusList?.mObjStatus[0]?.status).toBe('CREATED');
  });
});

describe('wait', () => {
  it('ends with status 0 when the server is ready', async () => {
    const server = serve();
    const endpoint = await endpointOf(server);
    const { status, out } = await mktows(['wait', '--url', endpoint, '--timeout', '20']);
    expect([status, out]).toEqual([0, `${new URL(endpoint).origin} is ready\n`]);
  });

  it('ends with status 1 and the reason when it is not in time', async () => {
    const { status, err } = await mktows(['wait', '--url', 'http://127.0.0.1:9', '--timeout', '0.5']);
    expect(status).toBe(1);
    expect(err).toMatch(/^mktows: http:\/\/127\.0\.0\.1:9 was not ready within 0\.5 s: [^\n]+\n$/);
  });
});

describe('serve refuses, in one line,', () => {
  async function refusal(args: readonly string[], env: Record<string, string> = account): Promise<string> {
    const all = ['serve', '--port', '0', '--database', workspace.database, ...args];
    const { status, out, err } = await mktows(all, { env });
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^mktows: [^\n]+\n$/);
    return err;
  }

  it.each([
    [
      ['--port', 'http'],
      /'--port <number>' argument 'http' is invalid\. Expected a whole number from 0 to 65535/,
    ],
    [['--schema', 'loose'], /Expected strict or open/],
    [['--log-level', 'loud'], /Expected silent, error, warn, info or debug\./],
    [['--limit-rate', '0'], /Expected "off" or a whole number of 1 or more/],
    [['--time-zone', 'Mars'], /IANA name/],
    [['--allow', '10.0.0.0/99'], /Expected IP addresses or blocks/],
    [['--trust-proxy', 'everyone'], /Expected IP addresses or blocks/],
    [['--prot', '1'], /unknown option '--prot'.*--port/],
  ])('a bad option: %j', async (args, reason) => {
    expect(await refusal(args)).toMatch(reason);
  });

  it('an instance file that is not there, before it makes a database', async () => {
    const file = workspace.path('nowhere.json');
    expect(await refusal(['--instance', file])).toBe(
      `mktows: cannot read the instance file ${file}: there is no file ${file}\n`,
    );
    expect(existsSync(workspace.path('test.db'))).toBe(false);
  });

  it('a bad value in the environment', async () => {
    expect(await refusal([], { ...account, MKTOWS_MAX_AGE: 'long' })).toMatch(
      /'long' from env 'MKTOWS_MAX_AGE'/,
    );
  });

  it('a user without a secret', async () => {
    expect(await refusal([], { MKTOWS_USER: 'x' })).toContain('MKTOWS_SECRET');
  });

  it('a port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await refusal(['--port', String(port)])).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(existsSync(workspace.database.replace(/^sqlite:/, ''))).toBe(false);
    other.close();
  });

  it('a short secret on a host that others reach', async () => {
    expect(await refusal(['--host', '0.0.0.0'], { ...account, MKTOWS_SECRET: 'short' })).toMatch(
      /secret of user "user_1_A" is shorter than 10 characters, and other machines can reach 0\.0\.0\.0/,
    );
  });

  it('the secret of the demo on a host that others reach', async () => {
    const env = { ...account, MKTOWS_SECRET: 'mktows-demo-secret-for-loopback-only' };
    expect(await refusal(['--host', '0.0.0.0'], env)).toContain('published secret of the demo');
  });

  it('a database with another scheme', async () => {
    expect(await refusal(['--database', 'mysql://x/y'])).toContain('mysql');
  });

  it('a file that is no database', async () => {
    await writeFile(
      workspace.path('test.db'),
      'this is not a database, but it is long enough to be looked at\n'.repeat(40),
    );
    expect(await refusal([])).toContain('test.db');
  });

  it('a database that another program has locked', async () => {
    const holder = new DatabaseSync(workspace.path('test.db'));
    holder.exec('CREATE TABLE t (x); BEGIN EXCLUSIVE');
    expect(await refusal([])).toContain('test.db');
    holder.close();
  });

  it('a database whose key is missing', async () => {
    await mktows(['users', 'add', 'user', '--create', '--database', workspace.database]);
    expect(await refusal(['--key-file', workspace.path('other.key')], {})).toMatch(
      /key file \S*other\.key is missing/,
    );
  });

  it('a key that does not fit', async () => {
    await mktows(['users', 'add', 'user', '--create', '--database', workspace.database]);
    expect(await refusal([], { MKTOWS_KEY: '0'.repeat(64) })).toContain('does not decrypt');
  });

  it('an instance file that is not there', async () => {
    expect(await refusal(['--instance', '/nonexistent.json'])).toContain('/nonexistent.json');
  });
});
