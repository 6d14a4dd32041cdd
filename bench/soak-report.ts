import { machine, table } from './report.ts';

/** What the server's process was like at a moment. Bytes; delays of the event loop since the sample before, in seconds. */
export interface Sample {
  /** Since the load began. */
  readonly seconds: number;
  readonly rss: number;
  readonly heap: number;
  readonly delay99: number;
  readonly delayMax: number;
  /** Open files and sockets. */
  readonly descriptors: number;
  /** So many calls, and faults among them, since the start. */
  readonly calls: number;
  readonly faults: number;
}

/** So much may the line through the second half rise for sure, of what it is on the average. */
const FLAT = 0.05;
const MIB = 2 ** 20;
const mib = (bytes: number) => (bytes / MIB).toFixed(1);
const milliseconds = (seconds: number) => (seconds * 1000).toFixed(1);

const cells = ({ seconds, rss, heap, delay99, delayMax, descriptors, calls, faults }: Sample) => [
  seconds.toFixed(0),
  mib(rss),
  mib(heap),
  milliseconds(delay99),
  milliseconds(delayMax),
  String(descriptors),
  String(calls),
  String(faults),
];

/** A sample in one line, for whoever waits. */
export function sampleLine(sample: Sample): string {
  const [seconds, rss, heap, , delay, descriptors, calls] = cells(sample);
  return `${seconds} s: RSS ${rss} MiB, heap ${heap} MiB, longest delay ${delay} ms, ${descriptors} descriptors, ${calls} calls`;
}

/** The least-squares line through points: its slope in y per x, and the standard error of that. */
function line(points: readonly (readonly [x: number, y: number])[]): { slope: number; error: number } {
  const sum = (pick: (point: readonly [number, number]) => number) =>
    points.reduce((total, point) => total + pick(point), 0);
  const [meanX, meanY] = [sum(([x]) => x) / points.length, sum(([, y]) => y) / points.length];
  const spreadX = sum(([x]) => (x - meanX) ** 2);
  const slope = sum(([x, y]) => (x - meanX) * (y - meanY)) / spreadX;
  const rest = sum(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2) / (points.length - 2);
  return { slope, error: Math.sqrt(rest / spreadX) };
}

/** One line on how a size moved over the second half: the first is warm-up. */
function verdict(name: string, samples: readonly Sample[], sizeOf: (sample: Sample) => number): string {
  const half = samples.slice(Math.floor(samples.length / 2));
  const first = half[0];
  const last = half.at(-1);
  if (half.length < 5 || !first || !last) return `- ${name}: too few samples to say; run for longer`;
  const { slope, error } = line(half.map((sample) => [sample.seconds, sizeOf(sample)]));
  const duration = last.seconds - first.seconds;
  const rise = slope * duration;
  const average = half.reduce((sum, sample) => sum + sizeOf(sample), 0) / half.length;
  const flat = rise - 2 * error * duration <= FLAT * average ? 'flat' : 'GROWING';
  return (
    `- ${name}: ${flat}. The line through the second half rises by ${mib(rise)} ± ${mib(2 * error * duration)} MiB; ` +
    `the average is ${mib(average)} MiB, the slope ${mib(slope * 3600)} MiB per hour`
  );
}

/** The run as a page. */
export function page(command: string, minutes: number, samples: readonly Sample[]): string {
  const most = (of: (sample: Sample) => number) => Math.max(...samples.map(of));
  const last = samples.at(-1);
  return `# Soak

\`syncMObjects\` at full load for ${minutes} minutes: a client that inserts single objects over 2 connections, one that
updates 100 at a time over 4, and one that sends 10 unchanged ones at a time over 4, each a process of its own. The
figures are the server's own (\`GET /metrics\`).

${machine(command, ['fastify'])}, SQLite ${process.versions.sqlite}

${verdict('RSS', samples, ({ rss }) => rss)}
${verdict('Heap in use', samples, ({ heap }) => heap)}
- Longest delay of the event loop: ${milliseconds(most(({ delayMax }) => delayMax))} ms
- File descriptors: ${samples[0]?.descriptors} in the first sample, at most ${most(({ descriptors }) => descriptors)}, ${last?.descriptors} in the last
- Calls: ${last?.calls}, ${last?.faults} of them faults

${table(['s', 'RSS MiB', 'heap MiB', 'delay p99 ms', 'delay max ms', 'descriptors', 'calls', 'faults'], samples.map(cells))}
`;
}
