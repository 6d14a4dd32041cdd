/**
 * How long people wait for a process: `mktows --version`, the import of the client, and `serve` until it listens, beside
 * a Node that does nothing. Every command in turns; medians and ranges in milliseconds. Run: npm run bench:start
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { compile } from './compile.ts';
import { spread } from './figures.ts';
import { positive } from './options.ts';
import { table } from './report.ts';

const rounds = positive('rounds', process.argv[2] ?? '15');
const root = join(import.meta.dirname, '..');
const program = join(root, 'dist/cli/main.js');

/** The time after which a server is idle: it has collected the garbage of its start. */
const IDLE_AFTER = 3_000;

async function untilEnd(words: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${words.join(' ')} ended with ${code}`);
  return performance.now() - began;
}

/** Runs `work` while a server runs on a new database. */
async function withServer<Result>(work: (took: number, pid: number) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'mktows-start-'));
  const began = performance.now();
  const options = [
    '--database',
    `sqlite:${join(folder, 'a.db')}`,
    '--port',
    '0',
    '--announce',
    'json',
    '--log-level',
    'warn',
  ];
  const child = spawn(process.execPath, [program, 'serve', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const refused = once(child, 'exit').then(([code]) => {
    throw new Error(`mktows serve ended with ${code}`);
  });
  refused.catch(() => {});
  try {
    await Promise.race([once(createInterface(child.stdout), 'line'), refused]);
    return await work(performance.now() - began, child.pid ?? 0);
  } finally {
    child.kill();
    await refused.catch(() => {});
    await rm(folder, { recursive: true });
  }
}

/** Returns a process's resident memory in MB, where the system tells it. */
async function residentMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

const commands = [
  { name: 'node, nothing', run: () => untilEnd(['-e', '0']) },
  { name: 'mktows --version', run: () => untilEnd([program, '--version']) },
  {
    name: "import 'mktows/client'",
    run: () =>
      untilEnd([
        '--input-type=module',
        '-e',
        `await import(${JSON.stringify(join(root, 'dist/client/index.js'))})`,
      ]),
  },
  { name: 'mktows serve, until it listens', run: () => withServer(async (took) => took) },
] as const;

compile(root, 'tsconfig.build.json');
const times = commands.map((): number[] => []);
// The first round fills the caches of compiled code, and does not count.
for (let round = 0; round <= rounds; round++) {
  for (const [index, { run }] of commands.entries()) {
    const took = await run();
    if (round > 0) times[index]?.push(took);
  }
}
const idle = await withServer(async (_, pid) => {
  await pause(IDLE_AFTER);
  return residentMemory(pid);
});
const rows = commands.map(({ name }, index) => {
  const { median, lowest, highest } = spread(times[index] ?? []);
  return [name, median.toFixed(0), `${lowest.toFixed(0)} to ${highest.toFixed(0)}`];
});
process.stdout.write(`${table(['command', 'median, ms', 'range'], rows)}\n`);
if (idle !== undefined) process.stdout.write(`\nAn idle server holds ${idle.toFixed(0)} MB.\n`);
