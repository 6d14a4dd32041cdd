import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Measurement } from './figures.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { type LoadGenerator, type RunningTarget, startLoad, startTarget } from './processes.ts';
import { type CaseResult, markdown, type Results, type TargetResult } from './report.ts';
import { makeDatabase } from './servers/database.ts';
import { baseTarget, otherTargets, type Target, targets } from './targets.ts';
import { type Case, STORED } from './work.ts';

/** A line of the table, before it is measured. */
interface Shape {
  readonly rows: number;
  readonly connections: number;
  readonly case: Case;
  readonly stored: number;
}

let serial = 0;

async function measure(load: LoadGenerator, running: RunningTarget, shape: Shape, seconds: number) {
  const { url, target } = running;
  const job = { url, format: target.format, ...shape, seconds, serial: ++serial };
  const before = await running.usage();
  const figures = await load.measure(job);
  const after = await running.usage();
  return { ...figures, rows: shape.rows, cpuSeconds: (after.cpu - before.cpu) / 1e6 } satisfies Measurement;
}

/** What is measured again and again. */
interface Measured extends Shape {
  readonly running: RunningTarget;
}

/** Measures one after the other, so many times; a first round does not count. */
async function interleave(
  load: LoadGenerator,
  measured: readonly Measured[],
  { rounds, seconds }: BenchOptions,
): Promise<CaseResult[]> {
  const results = measured.map((each) => ({
    ...each,
    target: each.running.target.name,
    rounds: [] as Measurement[],
  }));
  for (let round = 0; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const result of results) {
      const measured = await measure(
        load,
        result.running,
        result,
        round === 0 ? Math.max(1, seconds / 2) : seconds,
      );
      if (round > 0) result.rounds.push(measured);
    }
  }
  return results.map(({ running: _, ...result }) => result);
}

/** What makes a target's database. */
async function makerOf({ maker }: Target): Promise<typeof makeDatabase> {
  return maker === undefined ? makeDatabase : (await import(pathToFileURL(maker).href)).makeDatabase;
}

interface Databases {
  /** Tells their files from others. */
  readonly name: string;
  /** How many objects are in each. */
  readonly stored: number;
}

/** Runs targets, each on a database of its own, for as long as the work takes. */
async function withRunning<Result>(
  folder: string,
  chosen: readonly Target[],
  { name, stored }: Databases,
  work: (running: readonly RunningTarget[]) => Promise<Result>,
): Promise<Result> {
  const running: RunningTarget[] = [];
  try {
    for (const [index, target] of chosen.entries()) {
      const file = target.store ? join(folder, `${name}-${index}.db`) : undefined;
      if (file !== undefined) {
        const make = await makerOf(target);
        await make(file, stored);
      }
      running.push(await startTarget(target, file));
    }
    return await work(running);
  } finally {
    for (const each of running) await each.stop();
  }
}

type Running = readonly RunningTarget[];
type MainPart = Pick<Results, 'results' | 'about'>;

async function mainPart(
  load: LoadGenerator,
  folder: string,
  chosen: readonly Target[],
  options: BenchOptions,
): Promise<MainPart> {
  const shapes = [1, 100].flatMap((rows) =>
    [1, 10].flatMap((connections) =>
      options.cases.map((each): Shape => ({ rows, connections, case: each, stored: STORED })),
    ),
  );
  /** What is created makes a database larger, the more the faster its server is: so it has one of its own. */
  const withBoth = (work: (creating: Running, others: Running) => Promise<MainPart>) =>
    withRunning(folder, chosen, { name: 'created', stored: 0 }, (creating) =>
      withRunning(folder, chosen, { name: 'others', stored: 0 }, (others) => work(creating, others)),
    );
  return withBoth(async (creating, others) => {
    for (const running of [...creating, ...others]) await fill(load, running);
    const measured = shapes.flatMap((shape) =>
      (shape.case === 'created' ? creating : others)
        .filter(({ target }) => target.store || shape.case === 'created')
        .map((each): Measured => ({ ...shape, running: each })),
    );
    const results = await interleave(load, measured, options);
    const about = await Promise.all(
      creating.map(async ({ target, startTime, usage }, index): Promise<TargetResult> => {
        const peaks = [await usage(), await others[index]?.usage()].map((each) => each?.peakRss ?? 0);
        return { target: target.name, startTime, peakRss: Math.max(...peaks) };
      }),
    );
    return { results, about };
  });
}

/** Creates the objects that are updated later. */
async function fill(load: LoadGenerator, { target, url }: RunningTarget): Promise<void> {
  if (!target.store) return;
  const shape: Shape = { rows: 100, connections: 1, case: 'created', stored: STORED };
  await load.fill({ ...shape, url, format: target.format, seconds: 0, serial: 0 });
}

/** All sizes at once, in turns, so that a size can be held against another of the same round. */
async function growthPart(
  load: LoadGenerator,
  folder: string,
  chosen: readonly Target[],
  options: BenchOptions,
): Promise<CaseResult[]> {
  const kept = chosen.filter(
    ({ name }) => name === 'mktows' || name === 'limit' || name.startsWith('mktows at'),
  );
  const shapes = options.growth.map(
    (stored): Shape => ({ rows: 100, connections: 1, case: 'updated', stored }),
  );
  async function withSizes(left: readonly Shape[], measured: readonly Measured[]): Promise<CaseResult[]> {
    const [shape, ...others] = left;
    if (shape === undefined) return interleave(load, measured, { ...options, seconds: options.seconds * 2 });
    const databases = { name: `stored-${shape.stored}`, stored: shape.stored };
    return withRunning(folder, kept, databases, (running) =>
      withSizes(others, [...measured, ...running.map((each): Measured => ({ ...shape, running: each }))]),
    );
  }
  return shapes.length === 0 ? [] : withSizes(shapes, []);
}

async function main(): Promise<void> {
  const options = readOptions();
  const base = options.base === undefined ? undefined : baseTarget(options.base);
  const chosen = [...targets, ...otherTargets].filter(({ name }) => options.targets.includes(name));
  const all = base === undefined ? chosen : [...chosen, base.target];
  const folder = await mkdtemp(join(tmpdir(), 'mktows-bench-'));
  const load = startLoad();
  try {
    const { results, about } = await mainPart(load, folder, all, options);
    const growth = await growthPart(load, folder, all, options);
    const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
    const whole: Results = { command, options, about, results, growth };
    const text = markdown(whole);
    process.stdout.write(text);
    if (options.write) {
      await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
      await writeFile(join(import.meta.dirname, 'results.json'), `${JSON.stringify(whole, null, 1)}\n`);
    }
  } finally {
    await load.stop();
    await rm(folder, { recursive: true });
    base?.remove();
  }
}

await main();
