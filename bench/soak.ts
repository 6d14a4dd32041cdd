import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type LoadGenerator, type RunningTarget, startLoad, startTarget } from './processes.ts';
import { makeDatabase } from './servers/database.ts';
import { page, type Sample, sampleLine } from './soak-report.ts';
import { mktows } from './targets.ts';
import { type Case, STORED } from './work.ts';

/** Each is a process that makes calls without a pause: a new job every few seconds, so that its keys are new. */
const generators: readonly { case: Case; rows: number; connections: number }[] = [
  { case: 'created', rows: 1, connections: 2 },
  { case: 'updated', rows: 100, connections: 4 },
  { case: 'unchanged', rows: 10, connections: 4 },
];
const JOB_SECONDS = 10;

function readOptions() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      every: { type: 'string', default: '5' },
      'no-write': { type: 'boolean', default: false },
    },
  });
  const positive = (name: 'minutes' | 'every') => {
    const value = Number(values[name]);
    if (value > 0) return value;
    throw new RangeError(`--${name} ${values[name]}: expected a number above 0`);
  };
  return { minutes: positive('minutes'), every: positive('every'), write: !values['no-write'] };
}

/** Reads what the server's own metrics say of its process. */
async function sample(running: RunningTarget, began: number): Promise<Sample> {
  const response = await fetch(new URL('/metrics', running.url));
  const lines = (await response.text()).split('\n');
  const valueIn = (name: string) =>
    lines
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return {
    seconds: (performance.now() - began) / 1000,
    rss: valueIn('process_resident_memory_bytes'),
    heap: valueIn('nodejs_heap_size_used_bytes'),
    delay99: valueIn('nodejs_eventloop_lag_p99_seconds'),
    delayMax: valueIn('nodejs_eventloop_lag_max_seconds'),
    descriptors: valueIn('process_open_fds'),
    calls: valueIn('mktows_calls_total'),
    faults: valueIn('mktows_faults_total'),
  };
}

async function main(): Promise<void> {
  const { minutes, every, write } = readOptions();
  const folder = await mkdtemp(join(tmpdir(), 'mktows-soak-'));
  const file = join(folder, 'soak.db');
  await makeDatabase(file, 0);
  const running = await startTarget(mktows, file);
  const loads = generators.map(() => startLoad());
  try {
    const samples = await soak(running, loads, minutes * 60, every);
    const command = [
      'npm run bench:soak',
      ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
    ].join(' ');
    const text = page(command, minutes, samples);
    process.stdout.write(`\n${text}`);
    if (write) await writeFile(join(import.meta.dirname, 'SOAK.md'), text);
  } finally {
    for (const load of loads) await load.stop();
    await running.stop();
    await rm(folder, { recursive: true });
  }
}

/** Full load for so many seconds, with a sample every few. */
async function soak(
  running: RunningTarget,
  loads: readonly LoadGenerator[],
  seconds: number,
  every: number,
): Promise<Sample[]> {
  const job = { url: running.url, format: running.target.format, stored: STORED };
  await loads[0]?.fill({ ...job, rows: 100, connections: 1, case: 'created', seconds: 0, serial: 0 });
  const began = performance.now();
  const end = began + seconds * 1000;
  let serial = 0;
  const work = Promise.all(
    generators.map(async (shape, index) => {
      for (let left = seconds; left > 0; left = (end - performance.now()) / 1000) {
        serial++;
        await loads[index]?.measure({ ...job, ...shape, seconds: Math.min(left, JOB_SECONDS), serial });
      }
    }),
  );
  const samples: Sample[] = [];
  while (performance.now() + every * 1000 <= end + 500) {
    await Promise.race([wait(every * 1000), work]);
    const taken = await sample(running, began);
    samples.push(taken);
    process.stdout.write(`${sampleLine(taken)}\n`);
  }
  await work;
  return samples;
}

await main();
