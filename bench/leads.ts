/**
 * syncMultipleLeads with 100 leads of 10 attributes by address, on one connection, against node-soap
 * (bench/README.md). Run: npm run bench:leads
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'undici';
import { spread } from './figures.ts';
import { leadOf, leadsBody } from './lead-work.ts';
import { positive } from './options.ts';
import { type RunningTarget, startTarget } from './processes.ts';
import { makeDatabase } from './servers/database.ts';
import { mktows, type Target } from './targets.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    targets: { type: 'string', default: 'mktows,node-soap' },
  },
});
const rounds = positive('rounds', values.rounds);
const seconds = positive('seconds', values.seconds);
const ROWS = 100;
const STORED = 1000;

const targets = (
  [mktows, { name: 'node-soap', format: 'xml', server: 'node-soap-leads.js', store: true }] as Target[]
).filter(({ name }) => values.targets.split(',').includes(name));
const cases = ['CREATED', 'UPDATED'] as const;
type Case = (typeof cases)[number];

interface Running {
  readonly server: RunningTarget;
  readonly client: Client;
}

async function post({ server, client }: Running, body: Buffer, expected: Case): Promise<void> {
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' };
  const answer = await client.request({ method: 'POST', path: new URL(server.url).pathname, headers, body });
  const text = await answer.body.text();
  if (text.split(expected).length - 1 !== ROWS) throw new Error(`Not all rows are ${expected}: ${text}`);
}

let version = 0;

/** Returns the bodies of calls, made before the time is measured. */
const bodies = (name: Case, count: number): Buffer[] =>
  Array.from({ length: count }, () => {
    version++;
    const start = Math.floor(Math.random() * (STORED - ROWS));
    const nameOf = (row: number) => (name === 'CREATED' ? `new-${version}-${row}` : `stored-${start + row}`);
    return Buffer.from(leadsBody(Array.from({ length: ROWS }, (_, row) => leadOf(nameOf(row), version))));
  });

/** Returns leads per second, and microseconds of the server's CPU per lead. */
async function measure(running: Running, name: Case, length: number) {
  const before = await running.server.usage();
  let [calls, time] = [0, 0];
  while (time < length * 1000) {
    const ahead = bodies(name, 100);
    const began = performance.now();
    for (const body of ahead) await post(running, body, name);
    time += performance.now() - began;
    calls += ahead.length;
  }
  const { cpu } = await running.server.usage();
  return { rate: (calls * ROWS * 1000) / time, cpu: (cpu - before.cpu) / (calls * ROWS) };
}

const folder = await mkdtemp(join(tmpdir(), 'mktows-bench-'));
const running: Running[] = [];
try {
  for (const [index, target] of targets.entries()) {
    const file = join(folder, `${index}.db`);
    await makeDatabase(file, 0);
    const server = await startTarget(target, file);
    running.push({ server, client: new Client(new URL(server.url).origin, { pipelining: 1 }) });
  }
  for (const each of running) {
    for (let from = 0; from < STORED; from += ROWS) {
      const rows = Array.from({ length: ROWS }, (_, row) => leadOf(`stored-${from + row}`, 0));
      await post(each, Buffer.from(leadsBody(rows)), 'CREATED');
    }
  }
  for (const name of cases) {
    const measured = running.map(() => [] as { rate: number; cpu: number }[]);
    for (let round = 0; round <= rounds; round++) {
      for (const [index, each] of running.entries()) {
        const figures = await measure(each, name, round === 0 ? 1 : seconds);
        if (round > 0) measured[index]?.push(figures);
      }
    }
    for (const [index, { server }] of running.entries()) {
      const rate = spread((measured[index] ?? []).map((each) => each.rate));
      const cpu = spread((measured[index] ?? []).map((each) => each.cpu));
      process.stdout.write(
        `${name} ${server.target.name}: ${Math.round(rate.median)} leads/s (${Math.round(rate.lowest)} to ` +
          `${Math.round(rate.highest)}), ${cpu.median.toFixed(1)} µs of CPU per lead\n`,
      );
    }
    const [ours, theirs] = measured;
    if (ours === undefined || theirs === undefined) continue;
    const ratio = spread(ours.map(({ rate }, round) => rate / (theirs[round]?.rate ?? 1)));
    process.stdout.write(
      `${name} ${ratio.median.toFixed(2)} times (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)})\n`,
    );
  }
} finally {
  for (const { server, client } of running) {
    await client.close();
    await server.stop();
  }
  await rm(folder, { recursive: true });
}
