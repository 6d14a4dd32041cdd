import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mainFile, makeWorkspace, plainEnvironment, type Running, start, type Workspace } from './mktows.ts';

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

onPosix('a command', () => {
  it.each(['serve', 'sync'])('%s ends on SIGTERM at any moment of its start', async (command) => {
    for (let delay = 0; delay <= 300; delay += 30) {
      const child = start(command === 'serve' ? words() : ['sync', '-', '--format', 'csv'], { env: account });
      running.push(child.process);
      await wait(delay);
      child.process.kill('SIGTERM');
      await once(child.process, 'exit');
      // By the signal itself, or in order if it was ready.
      const { signalCode, exitCode } = child.process;
      expect([signalCode, exitCode]).toSatisfy(
        ([signal, status]) => signal === 'SIGTERM' || (command === 'serve' ? status === 0 : status !== null),
      );
    }
  });
});

const canBeFirst =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

const childOf = (pid: number | undefined) =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());

describe.skipIf(!canBeFirst)('a server that is process 1 (needs PID namespaces of Linux)', () => {
  /** Bit 0 of the signals for which a process has handlers. */
  const hasHandlers = (pid: number) =>
    /^SigCgt:\s*[0-9a-f]*[13579bdf]$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

  /** `unshare`, with the server as its child. */
  function startAsFirst() {
    const options = ['--fork', '--pid', '--mount-proc', '--kill-child', process.execPath, mainFile];
    const outer = spawn('unshare', [...options, ...words()], {
      env: { ...plainEnvironment(), ...account },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.push(outer);
    return outer;
  }

  it('ends on SIGTERM that comes while it starts', async () => {
    const outer = startAsFirst();
    const ended = once(outer, 'exit');
    const inner = () => childOf(outer.pid);
    await expect.poll(() => inner() > 0 && hasHandlers(inner()), { interval: 2, timeout: 20_000 }).toBe(true);
    process.kill(inner(), 'SIGTERM');
    // In order, if it had just become ready.
    expect([143, 0]).toContain((await ended)[0]);
  });

  it('does not restart with V8 flags, which would leave it without handlers once more', async () => {
    const outer = startAsFirst();
    await once(outer.stdout, 'data');
    const [, second] = readFileSync(`/proc/${childOf(outer.pid)}/cmdline`, 'utf8').split('\0');
    expect(second).toBe(mainFile);
  });
});

const hasInit = canBeFirst && spawnSync('tini', ['--version']).status === 0;

describe.skipIf(!hasInit)('a server under an init (needs tini, and PID namespaces of Linux)', () => {
  const hasStarted = (pid: number) => pid > 0 && childOf(pid) > 0;

  it('ends on SIGTERM at any moment of its start', async () => {
    for (let delay = 0; delay <= 300; delay += 30) {
      const init = [
        '--fork',
        '--pid',
        '--mount-proc',
        '--kill-child',
        'tini',
        '--',
        process.execPath,
        mainFile,
      ];
      const env = { ...plainEnvironment(), ...account };
      const outer = spawn('unshare', [...init, ...words()], { env, stdio: 'ignore' });
      running.push(outer);
      const ended = once(outer, 'exit');
      await expect.poll(() => hasStarted(childOf(outer.pid)), { interval: 2, timeout: 20_000 }).toBe(true);
      await wait(delay);
      process.kill(childOf(outer.pid), 'SIGTERM');
      expect([143, 0]).toContain((await ended)[0]);
    }
  });
});
