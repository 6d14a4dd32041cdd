import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'undici';
import { fill, type Sizes } from './fill.ts';
import { type PageCase, pageCases } from './pages.ts';

export type Engine = 'sqlite' | 'postgres';

/** Of a request: milliseconds in each round, and the longest that another request had to wait meanwhile. */
export interface PageResult extends Pick<PageCase, 'page' | 'what' | 'isBounded'> {
  readonly times: readonly number[];
  readonly waits: readonly number[];
}

export interface EngineResult {
  readonly engine: Engine;
  /** The first request of the admin API, which loads its modules. */
  readonly first: PageResult;
  readonly pages: readonly PageResult[];
}

export interface EngineOptions {
  readonly engine: Engine;
  readonly database: string;
  readonly folder: string;
  readonly sizes: Sizes;
  readonly rounds: number;
  /** Called when the database is filled. */
  readonly filled?: () => Promise<unknown>;
}

/** The pause between two looks at whether the server answers, in milliseconds. */
const LOOK_EVERY = 3;

/** Fills a database, and measures all pages of a server on it. */
export async function measureEngine(options: EngineOptions): Promise<EngineResult> {
  const began = performance.now();
  await fill(options.database, options.sizes);
  await options.filled?.();
  process.stderr.write(`${options.engine}: filled in ${Math.round((performance.now() - began) / 1000)} s\n`);
  return measurePages(options, pageCases(options.sizes));
}

/** Measures pages of a server on a database that is filled. */
export async function measurePages(
  { engine, database, folder, rounds }: EngineOptions,
  cases: readonly PageCase[],
): Promise<EngineResult> {
  const server = await startServer(database, folder);
  try {
    const [overview] = cases;
    if (overview === undefined) throw new Error('there is no page');
    const first = await measurePage(server, { ...overview, what: 'the first request' }, 0);
    const pages = cases.map(({ page, what, isBounded }) => ({
      page,
      what,
      ...(isBounded === undefined ? {} : { isBounded }),
      times: [] as number[],
      waits: [] as number[],
    }));
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, each] of cases.entries()) {
        const measured = await measurePage(server, each, round);
        // The first round fills caches, and is left out.
        if (round === 0) continue;
        pages[index]?.times.push(...measured.times);
        pages[index]?.waits.push(...measured.waits);
      }
    }
    return { engine, first, pages };
  } finally {
    await server.stop();
  }
}

async function measurePage(
  server: Server,
  { page, what, request }: PageCase,
  round: number,
): Promise<PageResult> {
  const { path, body, status = 200 } = request(round);
  const sent = body === undefined ? null : JSON.stringify(body);
  let isOver = false;
  let longest = 0;
  const watching = (async () => {
    while (!isOver) {
      const began = performance.now();
      await server.isAlive();
      longest = Math.max(longest, performance.now() - began);
      await wait(LOOK_EVERY);
    }
  })();
  const began = performance.now();
  const answer = await server.ask(path, sent);
  const time = performance.now() - began;
  isOver = true;
  await watching;
  if (answer.status !== status)
    throw new Error(`${path}: status ${answer.status}, expected ${status}: ${answer.text.slice(0, 500)}`);
  return { page, what, times: [time], waits: [longest] };
}

interface Server {
  ask(path: string, body: string | null): Promise<{ readonly status: number; readonly text: string }>;
  isAlive(): Promise<void>;
  stop(): Promise<void>;
}

async function startServer(database: string, folder: string): Promise<Server> {
  const port = await freePort();
  const tokenFile = join(folder, 'token');
  const options = {
    '--port': port,
    '--database': database,
    '--user': 'bench_1_A',
    '--secret': 'a secret of the bench',
    '--log-level': 'warn',
    '--admin-token-file': tokenFile,
  };
  const program = join(import.meta.dirname, '../../src/cli/main.ts');
  const words = Object.entries(options).flatMap(([name, value]) => [name, String(value)]);
  const child = spawn(process.execPath, [program, 'serve', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const origin = `http://127.0.0.1:${port}`;
  await ready(child, origin);
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const [pages, alive] = [new Client(origin), new Client(origin)];
  return {
    async ask(path, body) {
      const answer = await pages.request({
        path: `/api/v1${path}`,
        method: body === null ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === null ? {} : { 'content-type': 'application/json' }),
        },
        body,
      });
      return { status: answer.statusCode, text: await answer.body.text() };
    },
    async isAlive() {
      const answer = await alive.request({ path: '/livez', method: 'GET' });
      await answer.body.dump();
    },
    async stop() {
      await Promise.all([pages.destroy(), alive.destroy()]);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function ready(child: ChildProcess, origin: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end && child.exitCode === null) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(50);
  }
  throw new Error('the server did not start');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}
