/**
 * What the values in the journal and the kept requests and answers cost, in CPU of a call of 100 rows on SQLite, without
 * HTTP: all settings in turns, in one process, many short rounds (bench/README.md). Run: npm run bench:journal
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLimits, noLimits } from '../src/access/limits.ts';
import { createLocalBackend } from '../src/local/local-backend.ts';
import { defaultSettings } from '../src/rules/settings.ts';
import { createCallHandler } from '../src/server/call.ts';
import { createTrace } from '../src/server/call-trace.ts';
import { type BodiesToKeep, createKeptBodies } from '../src/server/kept-bodies.ts';
import { createLogger } from '../src/server/log.ts';
import { openStore } from '../src/store/open.ts';
import { defaultCaps } from '../src/wire/caps.ts';
import { positive } from './options.ts';
import { table } from './report.ts';
import { makeDatabase } from './servers/database.ts';
import { callBody, rowOf, STORED, user } from './work.ts';

const rounds = positive('rounds', process.argv[2] ?? '60');
const ROWS = 100;
const CALLS = 8;
const settings = [
  { name: 'neither (off, off)', values: false, bodies: 'off' },
  { name: 'values (on, off)', values: true, bodies: 'off' },
  { name: 'values and bodies (on, failed): the default', values: true, bodies: 'failed' },
] as const satisfies readonly { name: string; values: boolean; bodies: BodiesToKeep }[];

let version = 0;

/** Returns a call that changes every value of 100 objects; `hasFailure`: but that the first row is refused. */
function body(hasFailure: boolean): Buffer {
  version += 1;
  const first = (version * 97) % (STORED - ROWS);
  const rows = Array.from({ length: ROWS }, (_, row) => rowOf(`changing-${first + row}`, version));
  const [refused, ...others] = rows;
  if (!hasFailure || refused === undefined) return Buffer.from(callBody('xml', rows));
  const wrong = { ...refused, values: { ...refused.values, Amount: 'much' } };
  return Buffer.from(callBody('xml', [wrong, ...others]));
}

async function contestant(folder: string, { name, values, bodies: which }: (typeof settings)[number]) {
  const file = join(folder, `${name.replace(/\W/g, '')}.db`);
  await makeDatabase(file, STORED);
  const store = await openStore(`sqlite:${file}`);
  const now = () => new Date();
  const handleCall = createCallHandler({
    backendFor: createLocalBackend(store, { hasValues: values }),
    settings: defaultSettings,
    authenticate: async () => ({ userId: user.userId }),
    limits: createLimits(noLimits),
    caps: defaultCaps,
    now,
  });
  const logger = createLogger('silent');
  const maxBytes = 256 * 1024 * 1024;
  const kept = createKeptBodies({ bodies: store.bodies, settings: { which, maxBytes }, logger, now });

  /** Returns the milliseconds of CPU of a call, of all threads. */
  async function measure(calls: readonly Buffer[]): Promise<number> {
    const before = process.cpuUsage();
    for (const sent of calls) {
      const trace = createTrace();
      const contentType = 'text/xml; charset=utf-8';
      const call = { body: sent, contentType, contentEncoding: undefined, address: null };
      kept.keep(trace, call, await handleCall(call, trace));
    }
    await kept.settled();
    const { user: own, system } = process.cpuUsage(before);
    return (own + system) / 1000 / calls.length;
  }
  return { name, measure, times: new Map<boolean, number[]>(), close: () => store.close() };
}

const quantile = (times: readonly number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;

const folder = await mkdtemp(join(tmpdir(), 'mktows-journal-'));
const contestants: Awaited<ReturnType<typeof contestant>>[] = [];
for (const each of settings) contestants.push(await contestant(folder, each));
for (let round = -3; round < rounds; round += 1) {
  for (const hasFailure of [false, true]) {
    const bodies = contestants.map(() => Array.from({ length: CALLS }, () => body(hasFailure)));
    for (const index of contestants.keys()) {
      // Another one begins in each round.
      const next = (index + round + contestants.length * 3) % contestants.length;
      const measured = await contestants[next]?.measure(bodies[next] ?? []);
      const times = contestants[next]?.times;
      if (round >= 0) times?.set(hasFailure, [...(times.get(hasFailure) ?? []), measured ?? 0]);
    }
  }
}
const ratios = (times: readonly number[], base: readonly number[]) =>
  times.map((time, index) => time / (base[index] ?? 1));
const lines = [false, true].flatMap((hasFailure) =>
  contestants.map(({ name, times }) => {
    const own = times.get(hasFailure) ?? [];
    const ratio = ratios(own, contestants[0]?.times.get(hasFailure) ?? []);
    const spread = (list: readonly number[]) =>
      `${quantile(list, 0.5).toFixed(2)} (${quantile(list, 0.25).toFixed(2)}–${quantile(list, 0.75).toFixed(2)})`;
    return [hasFailure ? 'one row FAILED' : 'all UPDATED', name, spread(own), spread(ratio)];
  }),
);
console.log(`${rounds} rounds of ${CALLS} calls of ${ROWS} rows; medians, in brackets the middle half`);
console.log(table(['rows', 'journal', 'CPU of a call, ms', 'against neither'], lines));
for (const each of contestants) await each.close();
await rm(folder, { recursive: true });
