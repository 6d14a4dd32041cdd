import { cpus } from 'node:os';
import {
  callsPerSecond,
  cpuPer1000,
  type Measurement,
  objectsPerSecond,
  ratios,
  type Spread,
  spread,
} from './figures.ts';
import { digits, machine, shown, table } from './report.ts';

/** `cpuSeconds` is that of all servers, with plain SQL that of the client; `databaseCpu` that of PostgreSQL. */
export interface ServersMeasurement extends Measurement {
  readonly databaseCpu: number;
}

export interface ServersResult {
  readonly name: string;
  readonly rounds: readonly ServersMeasurement[];
}

/** A whole run, as it is kept in servers.json. */
export interface ServersRun {
  readonly command: string;
  /** The version of PostgreSQL. */
  readonly postgres: string;
  readonly rows: number;
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  readonly connections: number;
  readonly stored: number;
  readonly results: readonly ServersResult[];
}

/** What the servers are held against. */
export const PLAIN_SQL = 'plain SQL';

const databasePer1000 = ({ databaseCpu, calls, rows }: ServersMeasurement) =>
  (databaseCpu * 1000) / (calls * rows);
const clientPer1000 = ({ clientCpu, calls, rows }: ServersMeasurement) => (clientCpu * 1000) / (calls * rows);

function measured(results: readonly ServersResult[]): string {
  return table(
    ['', 'calls/s', 'objects/s', 'p50 ms', 'p99 ms', 'servers', 'PostgreSQL', 'clients'],
    results.map(({ name, rounds }) => {
      const figures = [
        callsPerSecond,
        objectsPerSecond,
        ({ p50 }: Measurement) => p50,
        ({ p99 }: Measurement) => p99,
        cpuPer1000,
        databasePer1000,
        clientPer1000,
      ];
      const cells = figures.map((figure) => shown(spread(rounds.map(figure))));
      return [name, ...(name === PLAIN_SQL ? cells.with(4, '') : cells)];
    }),
  );
}

interface Comparison {
  readonly name: string;
  readonly other: string;
  readonly speed: Spread;
  readonly cpu: Spread;
  readonly database: Spread;
}

/** Each number of servers against plain SQL, and against one server. */
function comparisons(results: readonly ServersResult[]): Comparison[] {
  const servers = results.filter(({ name }) => name !== PLAIN_SQL);
  const pairs = [
    ...servers.map((each) => [each, results.find(({ name }) => name === PLAIN_SQL)] as const),
    ...servers.slice(1).map((each) => [each, servers[0]] as const),
  ];
  return pairs.flatMap(([{ name, rounds }, other]) =>
    other === undefined
      ? []
      : [
          {
            name,
            other: other.name,
            speed: ratios(rounds, other.rounds, objectsPerSecond),
            cpu: ratios(rounds, other.rounds, cpuPer1000),
            database: ratiosOfDatabase(rounds, other.rounds),
          },
        ],
  );
}

function ratiosOfDatabase(of: readonly ServersMeasurement[], to: readonly ServersMeasurement[]): Spread {
  return spread(
    of.flatMap((each, round) => {
      const other = to[round];
      return other === undefined ? [] : [databasePer1000(each) / databasePer1000(other)];
    }),
  );
}

function lost(all: readonly Comparison[]): string {
  const losses = all.filter(
    ({ speed, cpu, database }) => speed.median < 1 || cpu.median > 1 || database.median > 1,
  );
  if (losses.length === 0) return 'Nowhere in this run.';
  return losses
    .map(
      ({ name, other, speed, cpu, database }) =>
        `- ${name}: ${digits(speed.median)} of the objects/s, ${digits(cpu.median)} of the CPU and ` +
        `${digits(database.median)} of PostgreSQL's CPU of ${other}`,
    )
    .join('\n');
}

/** All of it as a page. */
export function serversMarkdown(run: ServersRun): string {
  const { command, postgres, rows, rounds, seconds, connections, stored, results } = run;
  const all = comparisons(results);
  return `# Several servers on one PostgreSQL

${machine(command, ['pg', 'fastify'])}, PostgreSQL ${postgres} (its defaults: fsync and synchronous_commit on)
- Load: ${rows} random rows of ${stored} UPDATED in each call, with valid signatures over HTTP, on ${connections} connections spread over the servers; each changes rows of its own.
- Medians of ${rounds} rounds of ${seconds} s each, interleaved; in brackets the lowest and the highest.
- Clients, servers and PostgreSQL share the ${cpus().length} processors of the machine. More servers can only help where they leave some idle; on machines of their own it is another matter, which this run does not show.

"${PLAIN_SQL}" is the bare cost of the same statements: those of real calls, recorded and sent again over as many connections by one process, in as many round trips, without HTTP, XML and rules.

## Ratios

Round by round: objects/s above 1 and CPU below 1 are in favour of the first. The CPU of plain SQL is its client's.

${table(
  ['', 'against', 'objects/s', 'CPU', "PostgreSQL's CPU"],
  all.map(({ name, other, speed, cpu, database }) => [name, other, ...[speed, cpu, database].map(shown)]),
)}

## Where the first loses

${lost(all)}

## Measured

The last three columns are CPU seconds for 1,000 objects.

${measured(results)}
`;
}
