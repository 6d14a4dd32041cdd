import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEAP_FLAGS } from '../../src/cli/heap.ts';
import { createClient } from '../../src/client/index.ts';
import { plainEnvironment } from '../cli/mktows.ts';
import { sharedPostgres } from '../store/postgres-server.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../build/executable.ts', import.meta.url));
/** No Node can be found in it. */
const env = { ...plainEnvironment(), PATH: '/nowhere' };
const user = { userId: 'user_1_A', secret: 'a secret of the tests' };

let folder: string;
let executable: string;
let servers: ChildProcess[] = [];
const postgres = await sharedPostgres();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-executable-test-'));
  executable = join(folder, 'mktows');
  await run(process.execPath, [program, executable]);
}, 600_000);
afterAll(async () => {
  for (const server of servers) server.kill('SIGKILL');
  await rm(folder, { recursive: true });
  if (typeof postgres !== 'string') await postgres.stop();
});

const mktows = (...words: string[]) => run(executable, words, { cwd: folder, env });

async function serve(...words: string[]) {
  const options = ['--port', '0', '--announce', 'json', '--log-level', 'info', ...words];
  const child = spawn(executable, ['serve', ...options], {
    cwd: folder,
    env: { ...env, MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  servers = [...servers, child];
  const log = text(child.stderr);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, log, endpoint: String(JSON.parse(line).endpoint) };
}

describe('the single executable', () => {
  it('knows its version and its help', async () => {
    expect((await mktows('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await mktows('help', 'serve')).stdout).toContain('--database');
  });

  it('runs the demo, from a file of sample objects', async () => {
    const { stdout } = await mktows('demo', '--once', '--port', '0', '--database', 'sqlite::memory:');
    expect(stdout).toContain('All three answers are as expected');
  });

  it('serves the console', async () => {
    const { child, endpoint } = await serve('--database', 'sqlite:console.db');
    const page = await (await fetch(new URL('/console/', endpoint))).text();
    const [, script = ''] = /src="(\/console\/assets\/[^"]+\.js)"/.exec(page) ?? [];
    const { status, headers } = await fetch(new URL(script, endpoint));
    expect([status, headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  it('serves with the V8 flags of a server, and with both of its threads', async () => {
    const { child, log, endpoint } = await serve('--threads', '2', '--database', 'sqlite:calls.db');
    if (process.platform === 'linux') {
      const { stdout } = await run('/bin/cat', [`/proc/${child.pid}/cmdline`]);
      expect(stdout.split('\0')[1]).toBe(`--node-options=${HEAP_FLAGS.join(' ')}`);
    }
    const client = createClient({ endpoint, ...user });
    const rows = Array.from({ length: 100 }, (_, index) => ({
      type: 'Opportunity' as const,
      attributes: { Name: `row ${index}`, Description: 'x'.repeat(2000) },
    }));
    // Until the write-ahead log is long enough for the checkpoint thread.
    let calls = 0;
    const walBytes = async () => (await stat(join(folder, 'calls.db-wal'))).size;
    const callAgain = async () => {
      while ((await walBytes()) < 66_000_000 && calls < 2000) {
        calls += 1;
        const results = await client.syncMObjects('INSERT', rows);
        expect(results.map(({ status }) => status)).toEqual(rows.map(() => 'CREATED'));
      }
    };
    await Promise.all(Array.from({ length: 8 }, callAgain));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const lines = (await log).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { level: number; thread?: number });
    expect(entries.filter(({ level }) => level > 30)).toEqual([]);
    expect(entries.some(({ thread }) => thread === 2)).toBe(true);
    expect((await mktows('check', '--database', 'sqlite:calls.db')).stdout).toBeTruthy();
  });

  const onPostgres = it.skipIf(typeof postgres === 'string');
  onPostgres('serves from a PostgreSQL database, with a config file and an instance file', async () => {
    if (typeof postgres === 'string') return;
    const database = await postgres.createDatabase();
    await writeFile(
      join(folder, 'config.toml'),
      `database = "${database.url}"\ninstance = "instance.json"\n`,
    );
    await writeFile(join(folder, 'instance.json'), '{ "tags": { "Region": ["EMEA"] } }');
    const { child, endpoint } = await serve('--config', 'config.toml');
    const client = createClient({ endpoint, ...user });
    const [result] = await client.syncMObjects('INSERT', [
      { type: 'Opportunity', attributes: { Name: 'A' } },
    ]);
    expect(result?.status).toBe('CREATED');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await database.drop();
  });

  it('loads a file with mktows sync', async () => {
    const { child, endpoint } = await serve('--database', 'sqlite:sync.db');
    const loading = spawn(executable, ['sync', '-', '--format', 'csv', '--endpoint', endpoint], {
      cwd: folder,
      env: { ...env, MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret },
    });
    const said = text(loading.stdout);
    loading.stdin.end('Name,Amount\nA,1\nB,2\n');
    expect(await once(loading, 'exit')).toEqual([0, null]);
    expect(await said).toContain('CREATED');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
