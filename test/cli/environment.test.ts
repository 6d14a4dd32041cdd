import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { type Ended, makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let running: Running | undefined;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(async () => {
  running?.process.kill('SIGKILL');
  await running?.ended;
  running = undefined;
  await workspace.remove();
});

const user = { userId: 'user_1_A', secret: 'a secret of the tests' };
const account = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret };

async function serve(
  env: Record<string, string>,
  args: readonly string[] = ['--port', '0'],
): Promise<Client> {
  running = start(['serve', '--database', workspace.database, '--log-level', 'silent', ...args], { env });
  const [, endpoint = ''] = await running.line(/^Endpoint +(\S+)$/m);
  return createClient({ retries: 0, endpoint, ...user });
}

async function stop(): Promise<Ended> {
  running?.process.kill('SIGTERM');
  return (await running?.ended) as Ended;
}

/** What a command that reads an empty database says on standard error. */
async function warnings(env: Record<string, string>): Promise<string> {
  await mktows(['migrate', '--create', '--database', workspace.database]);
  const { status, err } = await mktows(['users', 'list', '--database', workspace.database], { env });
  expect(status).toBe(0);
  return err;
}

describe('the environment', () => {
  it.each([
    ['MKTOWS_SECRET', '\n'],
    ['MKTOWS_SECRET', '\r\n'],
    ['MKTOWS_USER', '\r'],
  ])('may have %s with the line end %j', async (variable, end) => {
    const client = await serve({
      ...account,
      [variable]: `${account[variable as keyof typeof account]}${end}`,
    });
    expect(await client.call('listMObjects', {})).toBeDefined();
  });

  it('may have a database with a line end, which is no part of its name', async () => {
    await mktows(['migrate', '--create', '--database', workspace.database]);
    const { status } = await mktows(['users', 'list'], {
      env: { MKTOWS_DATABASE: `${workspace.database}\n` },
    });
    expect(status).toBe(0);
  });

  it('may have no other control character, and the value is not shown', async () => {
    const env = { ...account, MKTOWS_SECRET: 'a secret\tof the tests' };
    const { status, out, err } = await mktows(['serve', '--database', workspace.database], { env });
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^mktows: --secret holds the control character U\+0009 after 8 characters[^\n]+\n$/);
    expect(err).not.toContain('a secret');
  });

  it('may have what Kubernetes sets for a service named mktows: it is ignored, and said where it matters', async () => {
    const links = {
      MKTOWS_PORT: 'tcp://10.43.0.12:8980',
      MKTOWS_SERVICE_HOST: '10.43.0.12',
      MKTOWS_SERVICE_PORT: '8980',
      MKTOWS_SERVICE_PORT_HTTP: '8980',
      MKTOWS_PORT_8980_TCP: 'tcp://10.43.0.12:8980',
      MKTOWS_PORT_8980_TCP_PROTO: 'tcp',
      MKTOWS_PORT_8980_TCP_PORT: '8980',
      MKTOWS_PORT_8980_TCP_ADDR: '10.43.0.12',
      MKTOWS_STANDBY_PORT: 'tcp://10.43.0.13:8980',
    };
    expect(await warnings(links)).toBe('');
    await serve({ ...account, ...links });
    expect((await stop()).err).toMatch(
      /^mktows: MKTOWS_PORT=tcp:\/\/10\.43\.0\.12:8980 is ignored: Kubernetes sets it [^\n]+\n$/,
    );
  });

  it.each([
    [
      'MKTOWS_PROT',
      /^mktows: MKTOWS_PROT is not a variable of mktows and is ignored; did you mean MKTOWS_PORT\?\n$/,
    ],
    [
      'MKTOWS_QQQQQQQQQQQQQQ',
      /^mktows: MKTOWS_Q+ is not a variable of mktows and is ignored; [^\n]*--help[^\n]*\n$/,
    ],
  ])('may have the unknown variable %s, which is said to be ignored', async (variable, said) => {
    expect(await warnings({ [variable]: 'x' })).toMatch(said);
  });

  it('may have variables of other commands, and the key', async () => {
    expect(await warnings({ MKTOWS_TIMEOUT: '5', MKTOWS_KEY: 'ab'.repeat(32) })).toBe('');
  });
});

describe('--host', () => {
  it('may have an IPv6 address in brackets', async ({ skip }) => {
    const hasIpv6 = await serve(account, ['--port', '0', '--host', '::1']).then(
      () => true,
      () => false,
    );
    if (!hasIpv6) skip('this machine has no address ::1');
    await stop();
    const client = await serve(account, ['--port', '0', '--host', '[::1]']);
    expect(await client.call('listMObjects', {})).toBeDefined();
  });

  it.each(['127.0.0.1:8980', '[::1]:8980', 'localhost:8980', '[::1', ''])('refuses %j', async (host) => {
    const { status, err } = await mktows(['serve', '--host', host, '--database', workspace.database]);
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: [^\n]*--host[^\n]*\n$/)]);
  });
});
