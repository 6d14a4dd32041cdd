/**
 * What 1, 2 and 4 mktows servers on one PostgreSQL carry out, against the bare cost of the same SQL (bench/README.md).
 * Run: npm run bench:servers
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EmbeddedPostgres, runOn, startEmbedded } from '../test/store/embedded-postgres.ts';
import type { Job } from './load.ts';
import { positive } from './options.ts';
import { postgresCpu } from './postgres-cpu.ts';
import { type LoadGenerator, type RunningTarget, startLoad, startTarget } from './processes.ts';
import { fillPostgres } from './servers/postgres-database.ts';
import {
  PLAIN_SQL,
  type ServersMeasurement,
  type ServersResult,
  type ServersRun,
  serversMarkdown,
} from './servers-report.ts';
import { mktowsOnPostgres } from './targets.ts';

const COUNTS = [1, 2, 4];
const ROWS = 100;

/** Something that carries out the job: so many servers, or plain SQL. */
interface Contestant {
  readonly name: string;
  readonly load: LoadGenerator;
  readonly servers: readonly RunningTarget[];
  readonly rounds: ServersMeasurement[];
}

function readServersOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string', default: '8' },
      stored: { type: 'string', default: '10000' },
      'no-write': { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    rounds: positive('rounds', values.rounds ?? (quick ? '3' : '7')),
    seconds: positive('seconds', values.seconds ?? (quick ? '1' : '5')),
    connections: positive('connections', values.connections),
    stored: positive('stored', values.stored),
    write: !values['no-write'],
  };
}

async function cpuOf(servers: readonly RunningTarget[]): Promise<number> {
  const usages = await Promise.all(servers.map((server) => server.usage()));
  return usages.reduce((sum, { cpu }) => sum + cpu, 0) / 1e6;
}

async function measure({ load, servers }: Contestant, job: Job, pid: number): Promise<ServersMeasurement> {
  const before = { servers: await cpuOf(servers), postgres: postgresCpu(pid) };
  const figures = await load.measure({ ...job, url: servers.map(({ url }) => url) });
  const databaseCpu = postgresCpu(pid) - before.postgres;
  const cpuSeconds = servers.length === 0 ? figures.clientCpu : (await cpuOf(servers)) - before.servers;
  return { ...figures, rows: job.rows, cpuSeconds, databaseCpu };
}

async function interleave(contestants: readonly Contestant[], job: Job, rounds: number, pid: number) {
  for (let round = 0; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const [index, contestant] of contestants.entries()) {
      const serial = round * contestants.length + index + 1;
      const seconds = round === 0 ? job.seconds / 2 : job.seconds;
      const measured = await measure(contestant, { ...job, serial, seconds }, pid);
      if (round > 0) contestant.rounds.push(measured);
    }
  }
}

async function runOver(
  postgres: EmbeddedPostgres,
  options: ReturnType<typeof readServersOptions>,
): Promise<ServersResult[]> {
  const { connections, stored, seconds, rounds } = options;
  const job: Job = {
    url: [],
    format: 'xml',
    rows: ROWS,
    connections,
    case: 'updated',
    seconds,
    stored,
    serial: 0,
  };
  const load = startLoad();
  const plain = startLoad('plain-sql.ts', [postgres.url]);
  const servers: RunningTarget[] = [];
  try {
    await fillPostgres(postgres.url, stored);
    await plain.fill(job);
    while (servers.length < Math.max(...COUNTS))
      servers.push(await startTarget(mktowsOnPostgres, postgres.url));
    const contestants: Contestant[] = [
      ...COUNTS.map((count) => ({
        name: `${count} ${count === 1 ? 'server' : 'servers'}`,
        load,
        servers: servers.slice(0, count),
        rounds: [],
      })),
      { name: PLAIN_SQL, load: plain, servers: [], rounds: [] },
    ];
    await interleave(contestants, job, rounds, postgres.pid() ?? 0);
    return contestants.map((each) => ({ name: each.name, rounds: each.rounds }));
  } finally {
    for (const server of servers) await server.stop();
    await load.stop();
    await plain.stop();
  }
}

const options = readServersOptions();
const postgres = await startEmbedded({ settings: { fsync: 'on' } });
try {
  const [server] = await runOn(postgres.url, 'SHOW server_version');
  const results = await runOver(postgres, options);
  const run: ServersRun = {
    command: ['npm run bench:servers --', ...process.argv.slice(2)].join(' '),
    postgres: String(server?.server_version),
    rows: ROWS,
    ...options,
    results,
  };
  const text = serversMarkdown(run);
  process.stdout.write(text);
  if (options.write) {
    await writeFile(join(import.meta.dirname, 'SERVERS.md'), text);
    await writeFile(join(import.meta.dirname, 'servers.json'), `${JSON.stringify(run, null, 1)}\n`);
  }
} finally {
  await postgres.stop();
}
