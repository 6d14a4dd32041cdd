import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { makeWorkspace, start } from '../cli/mktows.ts';
import { envelope, insertOf, user } from './test-server.ts';

/** `mktows serve` as a process of its own, with what it says of itself. */
export interface ServedProcess {
  readonly endpoint: string;
  /** Scheme, host and port. */
  readonly url: string;
  /** A connection from an address of this machine. */
  connect(from?: string): Promise<Socket>;
  /** Destroys all connections that `connect` made. */
  hangUp(): void;
  /** The value of a metric; 0 where it is not there yet. */
  metric(name: string): Promise<number>;
  /** Watches until `done` resolves, while a well-behaved client of another address calls again and again. */
  watch<Result>(done: () => Promise<Result>): Promise<{ result: Result; seen: Seen }>;
  stop(): Promise<void>;
}

export interface Seen {
  /** Calls of the well-behaved client, and the slowest of them in milliseconds. */
  readonly calls: number;
  readonly slowest: number;
  /** The most memory that the process had, in MiB, and the longest delay of its event loop, in seconds. */
  readonly memory: number;
  readonly delay: number;
}

/** The address of hostile clients, and that of well-behaved ones. Linux has all of 127.0.0.0/8. */
export const HOSTILE = '127.0.0.1';
const WELL_BEHAVED = '127.0.0.2';

export async function serveProcess(options: readonly string[]): Promise<ServedProcess> {
  const workspace = await makeWorkspace();
  const running = start(
    ['serve', '--port', '0', '--database', workspace.database, '--log-level', 'error', ...options],
    { env: { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret } },
  );
  const [endpoint] = await running.line(/http:\S+\/soap\/mktows\/\d_\d/);
  const { origin: url, hostname, port } = new URL(endpoint);
  const sockets = new Set<Socket>();
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });

  const ask = (path: string, body?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const outgoing = request(
        { agent, hostname, port, path, method, localAddress: WELL_BEHAVED, timeout: 20_000 },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (piece) => {
            text += piece;
          });
          answer.on('end', () => resolve(text)).on('error', reject);
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('a well-behaved client got no answer')));
      outgoing.on('error', reject).end(body);
    });

  const valueIn = (metrics: string, name: string) => {
    const line = metrics.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  };

  return {
    endpoint,
    url,
    async connect(from = HOSTILE) {
      const socket = connect({ host: hostname, port: Number(port), localAddress: from });
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      await once(socket, 'connect');
      // What becomes of it is seen by reading it.
      socket.on('error', () => {});
      return socket;
    },
    hangUp() {
      for (const socket of sockets) socket.destroy();
    },
    metric: async (name) => valueIn(await ask('/metrics'), name),
    async watch(done) {
      let over = false;
      let [calls, slowest, memory, delay] = [0, 0, 0, 0];
      const watching = (async () => {
        while (!over || calls < 3) {
          const began = performance.now();
          const answer = await ask(new URL(endpoint).pathname, envelope(insertOf(`call ${calls}`)));
          if (!answer.includes('<status>CREATED')) throw new Error(answer);
          slowest = Math.max(slowest, performance.now() - began);
          calls++;
          const metrics = await ask('/metrics');
          memory = Math.max(memory, valueIn(metrics, 'process_resident_memory_bytes') / 2 ** 20);
          delay = Math.max(delay, valueIn(metrics, 'nodejs_eventloop_lag_max_seconds'));
          await wait(20);
        }
      })();
      // The hostile part may last longer than the well-behaved one fares well.
      watching.catch(() => {});
      const result = await done().finally(() => {
        over = true;
      });
      await watching;
      return { result, seen: { calls, slowest, memory, delay } };
    },
    async stop() {
      agent.destroy();
      for (const socket of sockets) socket.destroy();
      running.process.kill('SIGKILL');
      await running.ended;
      await workspace.remove();
    },
  };
}
