import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkspace, plainEnvironment, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let running: ChildProcess[];
beforeEach(async () => {
  workspace = await makeWorkspace();
  running = [];
});
afterEach(async () => {
  for (const process of running) process.kill('SIGKILL');
  await workspace.remove();
});

const account = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };
const words = () => ['serve', '--port', '0', '--database', workspace.database];

async function serve(): Promise<{ server: Running; url: string }> {
  const server = start(words(), { env: account });
  running.push(server.process);
  const [, endpoint = ''] = await server.line(/^Endpoint +(\S+)$/m);
  return { server, url: new URL(endpoint).origin };
}

const onPosix = describe.skipIf(process.platform === 'win32');

onPosix('a server', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('ends in order on %s', async (signal) => {
    const { server } = await serve();
    server.process.kill(signal);
    expect((await server.ended).status).toBe(0);
    const left = readdirSync(workspace.folder);
    expect(left).toContain('test.db');
    expect(left).not.toContain('test.db-wal');
  });

  it('ends in order when SIGHUP comes more than once, as from a terminal that is closed', async () => {
    const { server } = await serve();
    for (let times = 0; times < 3; times += 1) server.process.kill('SIGHUP');
    expect((await server.ended).status).toBe(0);
  });

  it.each(['SIGUSR1', 'SIGUSR2', 'SIGPIPE'] as const)(
    'goes on after %s, and opens no debugger',
    async (signal) => {
      const { server, url } = await serve();
      server.process.kill(signal);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      server.process.kill('SIGTERM');
      const { status, err } = await server.ended;
      expect(status).toBe(0);
      expect(err).not.toContain('Debugger');
    },
  );
});

const canBeFirst =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

describe.skipIf(!canBeFirst)('a server that is process 1 (needs PID namespaces of Linux)', () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  /** Bit 0 of the signals for which a process has handlers. */
  const hasHandlers = (pid: number) =>
    /^SigCgt:\s*[0-9a-f]*[13579bdf]$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  const childOf = (pid: number | undefined) =>
    Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

  it('ends on SIGTERM that comes while it starts', async () => {
    const options = ['--fork', '--pid', '--mount-proc', '--kill-child', process.execPath, main];
    const outer = spawn('unshare', [...options, ...words()], {
      env: { ...plainEnvironment(), ...account },
      stdio: 'ignore',
    });
    running.push(outer);
    const ended = once(outer, 'exit');
    const inner = () => childOf(outer.pid);
    await expect.poll(() => inner() > 0 && hasHandlers(inner()), { interval: 2, timeout: 20_000 }).toBe(true);
    process.kill(inner(), 'SIGTERM');
    // In order, if it had just become ready.
    expect([143, 0]).toContain((await ended)[0]);
  });
});
