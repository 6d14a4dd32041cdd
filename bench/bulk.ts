/**
 * `mktows sync` with many rows, killed and resumed on the way: rate, peak memory, and whether every row is there once
 * (bench/README.md). Run: npm run bench:bulk -- --rows 1000000 --kills 3
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compile } from './compile.ts';
import { positive } from './options.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '4' },
  },
});
const rows = positive('rows', values.rows);
const kills = Number(values.kills);

const folder = await mkdtemp(join(tmpdir(), 'mktows-bulk-'));
const path = (name: string) => join(folder, name);
const database = `sqlite:${path('mktows.db')}`;
const environment = {
  ...process.env,
  MKTOWS_USER: 'bench_1',
  MKTOWS_SECRET: 'bench-secret-of-the-bench',
  MKTOWS_DATABASE: database,
};
const root = join(import.meta.dirname, '..');
const main = join(root, 'dist/cli/main.js');

function run(...words: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...words], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  const [status] = await once(child, 'close');
  // A sync that was killed has no status; one of which rows failed has 1.
  if (status !== 0 && status !== null) throw new Error(text);
  return text;
}

/** Peak of the resident memory, in MB; undefined once the process has ended, or where there is no /proc. */
async function peakMemory({ pid }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function* lines(): Generator<string> {
  yield 'Opportunity Name,Opportunity ID,Close Date,Amount,Is Won,Stage,Probability (%)\n';
  for (let row = 0; row < rows; row += 1) {
    const day = `${(row % 12) + 1}/${(row % 28) + 1}/2026`;
    const amount = `"$${1 + (row % 9)},${String(row % 1000).padStart(3, '0')}.00"`;
    yield `"Deal ""${row}""",006${String(row).padStart(9, '0')},${day},${amount},${row % 2 ? 'Yes' : 'No'},Open,${row % 101}%\n`;
  }
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const number = (value: number) => Math.round(value).toLocaleString('en-US');

compile(root, 'tsconfig.build.json');
await pipeline(lines, createWriteStream(path('deals.csv')));
await ended(run('fields', 'add', '--create', '--type', 'Opportunity', '--name', 'FSOpportunityID'));
const server = run('serve', '--port', '0', '--log-level', 'silent');
try {
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => (said += chunk));
  while (!/http:\S+\/soap\S+/.test(said)) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said}`);
    await wait(20);
  }
  const endpoint = /http:[^\s?]+\/soap\/[^\s?]+/.exec(said)?.[0] ?? '';
  const sync = () =>
    run(
      'sync',
      path('deals.csv'),
      ...['--endpoint', endpoint, '--concurrency', values.concurrency, '--results', path('results.csv')],
      ...['--resume', '--map', 'Opportunity ID=FSOpportunityID', '--external-key', 'Opportunity ID'],
    );

  let peak = 0;
  let running = 0;
  let said2 = '';
  const resultSize = rows * 45;
  for (let attempt = 0; attempt <= kills; attempt += 1) {
    const begun = performance.now();
    const child = sync();
    const end = ended(child);
    while (child.exitCode === null && child.signalCode === null) {
      peak = Math.max(peak, (await peakMemory(child)) ?? 0);
      const size = await stat(path('results.csv')).then(
        (found) => found.size,
        () => 0,
      );
      if (attempt < kills && size > (resultSize * (attempt + 1)) / (kills + 1) / 1.2) child.kill('SIGKILL');
      await wait(50);
    }
    said2 = await end;
    running += (performance.now() - begun) / 1000;
  }

  const results = await readFile(path('results.csv'), 'utf8');
  const store = new DatabaseSync(path('mktows.db'), { readOnly: true });
  const stored = store.prepare('SELECT count(*) AS number FROM opportunity').get()?.number;
  const keys = store
    .prepare("SELECT count(DISTINCT value) AS number FROM external_key WHERE name = 'fsopportunityid'")
    .get()?.number;
  process.stdout.write(
    [
      `${cpus()[0]?.model}, ${cpus().length} processors, Node ${process.versions.node}`,
      `${number(rows)} rows, ${(await stat(path('deals.csv'))).size >> 20} MB of CSV, killed ${kills} times`,
      `time ${running.toFixed(1)} s, ${number(rows / running)} rows/s with the server on the same machine`,
      `peak memory of sync ${peak.toFixed(0)} MB`,
      `stored ${stored}, keys ${keys}, results ${count(results, /\n/g) - 1}`,
      said2.trim().replaceAll('\n', '; '),
      '',
    ].join('\n'),
  );
  if (stored !== rows || keys !== rows || count(results, /\n/g) - 1 !== rows) process.exitCode = 1;
} finally {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'close');
  await rm(folder, { recursive: true, force: true });
}
