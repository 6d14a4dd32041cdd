import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, totalmem, version } from 'node:os';
import { cpuPer1000, figuresOf, type Measurement, objectsPerSecond, ratios, type Spread } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Case } from './work.ts';

/** The measurements of one target in one case. */
export interface CaseResult {
  readonly target: string;
  readonly rows: number;
  readonly connections: number;
  readonly case: Case;
  readonly stored: number;
  readonly rounds: readonly Measurement[];
}

/** What is known of a target's process: milliseconds to start, and the most bytes of memory in the whole run. */
export interface TargetResult {
  readonly target: string;
  readonly startTime: number;
  readonly peakRss: number;
}

export interface Results {
  readonly command: string;
  readonly options: BenchOptions;
  readonly about: readonly TargetResult[];
  readonly results: readonly CaseResult[];
  readonly growth: readonly CaseResult[];
}

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => require(`${name}/package.json`).version;

/** With as many digits as are worth it. */
export function digits(value: number): string {
  if (value < 0.1) return value.toFixed(4);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A median, and in brackets its range. */
export const shown = ({ median, lowest, highest }: Spread) =>
  `${digits(median)} (${digits(lowest)}–${digits(highest)})`;

/** A table in Markdown. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
}

const shapeOf = ({ rows, connections, case: what, stored }: CaseResult) =>
  [String(rows), String(connections), what.toUpperCase(), String(stored)].join(', ');

function measured(results: readonly CaseResult[]): string {
  const head = [
    'N, connections, case, stored',
    'target',
    'calls/s',
    'objects/s',
    'p50 ms',
    'p99 ms',
    'CPU s / 1,000',
  ];
  return table(
    head,
    results.map((result) => {
      const {
        callsPerSecond,
        objectsPerSecond: objects,
        p50,
        p99,
        cpuPer1000: cpu,
      } = figuresOf(result.rounds);
      return [shapeOf(result), result.target, ...[callsPerSecond, objects, p50, p99, cpu].map(shown)];
    }),
  );
}

interface Comparison {
  readonly shape: string;
  readonly other: string;
  readonly speed: Spread;
  readonly cpu: Spread;
  readonly p99: Spread;
}

/** mktows against each of the others in the same case. */
function comparisons(results: readonly CaseResult[]): Comparison[] {
  return Array.from(Map.groupBy(results, shapeOf)).flatMap(([shape, group]) => {
    const ours = group.find(({ target }) => target === 'mktows');
    if (ours === undefined) return [];
    return group
      .filter(({ target }) => target !== 'mktows' && !target.endsWith('without a store'))
      .map(({ target, rounds }) => ({
        shape,
        other: target,
        speed: ratios(ours.rounds, rounds, objectsPerSecond),
        cpu: ratios(ours.rounds, rounds, cpuPer1000),
        p99: ratios(ours.rounds, rounds, ({ p99 }) => p99),
      }));
  });
}

/** What a call costs at each size, as a multiple of what it costs the same target at the smallest. */
function grown(results: readonly CaseResult[]): string {
  const lines = Array.from(Map.groupBy(results, ({ target }) => target)).flatMap(([target, sizes]) => {
    const [smallest] = sizes.toSorted((a, b) => a.stored - b.stored);
    return sizes.map(({ stored, rounds }) => {
      const to = smallest?.rounds ?? [];
      const time = ratios(rounds, to, (each) => 1 / objectsPerSecond(each));
      const [cpu, p50, p99] = [
        cpuPer1000,
        ...(['p50', 'p99'] as const).map((key) => (each: Measurement) => each[key]),
      ].map((figure) => ratios(rounds, to, figure));
      return [target, String(stored), ...[time, cpu, p50, p99].map((each) => (each ? shown(each) : ''))];
    });
  });
  return table(['target', 'stored', 'time', 'CPU', 'p50', 'p99'], lines);
}

function compared(all: readonly Comparison[]): string {
  return table(
    ['N, connections, case, stored', 'mktows against', 'objects/s', 'CPU', 'p99'],
    all.map(({ shape, other, speed, cpu, p99 }) => [shape, other, ...[speed, cpu, p99].map(shown)]),
  );
}

function lost(all: readonly Comparison[]): string {
  const losses = all.filter(({ speed, cpu }) => speed.median < 1 || cpu.median > 1);
  if (losses.length === 0) return 'None in this run.';
  return losses
    .map(
      ({ shape, other, speed, cpu }) =>
        `- ${shape}: ${digits(speed.median)} of the objects/s and ${digits(cpu.median)} of the CPU of ${other}`,
    )
    .join('\n');
}

/** What was run, on what machine, with which versions of these packages. */
export function machine(command: string, packages: readonly string[]): string {
  const commit = execFileSync('git', ['-C', import.meta.dirname, 'describe', '--always', '--dirty'], {
    encoding: 'utf8',
  });
  const [first] = cpus();
  return [
    `- Command: \`${command}\``,
    `- Machine: ${cpus().length} × ${first?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${version()}`,
    `- Versions: mktows ${commit.trim()}, Node ${process.version}, ` +
      packages.map((name) => `${name} ${versionOf(name)}`).join(', '),
  ].join('\n');
}

/** All of it as a page. */
export function markdown({ command, options, about, results, growth }: Results): string {
  const all = [...comparisons(results), ...comparisons(growth)];
  const processes = table(
    ['target', 'start, ms', 'peak memory, MB'],
    about.map(({ target, startTime, peakRss }) => [target, digits(startTime), digits(peakRss / 2 ** 20)]),
  );
  return `# Results

${machine(command, ['fastify', 'soap'])}, SQLite ${process.versions.sqlite}
- Medians of ${options.rounds} rounds of ${options.seconds} s each, interleaved; in brackets the lowest and the highest.

## mktows against the others

Ratios, round by round: objects/s above 1 and CPU and p99 below 1 are in favour of mktows.

${compared(all)}

## Where mktows loses

${lost(all)}

## Measured

CPU is the server's own, in seconds for 1,000 objects.

${measured(results)}
${growth.length === 0 ? '' : `\n## Growth\n\nWhat a call of 100 random rows costs, as a multiple of the same at the smallest size.\n\n${grown(growth)}\n\n${measured(growth)}\n`}
## Processes

${processes}
`;
}
