import { Client } from 'undici';
import type { LoadFigures } from './figures.ts';
import { createTimes } from './timed.ts';
import { type Case, callBody, type Format, isRight, rowOf, STORED } from './work.ts';

/** One measurement, as it is asked for. */
export interface Job {
  /** With several the connections are spread over them. */
  readonly url: string | readonly string[];
  readonly format: Format;
  readonly rows: number;
  readonly connections: number;
  readonly case: Case;
  readonly seconds: number;
  /** How many objects with keys `changing-…` there are. */
  readonly stored: number;
  /** Different in every job: makes its new keys and values new. */
  readonly serial: number;
}

/** Bodies that are made ahead in one go, of all connections together; each is some 85 KB for 100 rows. */
const AHEAD = 500;

const clients = new Map<string, Client>();

/** The one connection with this number to a server: kept, and with one call at a time. */
function clientFor(url: string, connection: number): Client {
  const name = `${connection} ${url}`;
  let client = clients.get(name);
  if (client === undefined) {
    client = new Client(new URL(url).origin, { pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
    clients.set(name, client);
  }
  return client;
}

const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' };

function post(client: Client, path: string, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let answer = '';
    client.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, piece) {
          answer += piece.toString('latin1');
        },
        onResponseEnd() {
          if (status === 200) resolve(answer);
          else reject(new Error(`${status}: ${answer}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
  });
}

/** Keys of the next call of a connection: no two connections share one. */
function* keysOf(job: Job, connection: number): Generator<string[]> {
  const share = Math.floor((job.case === 'unchanged' ? STORED : job.stored) / job.connections);
  const start = connection * share;
  for (let call = 0; ; call++) {
    if (job.case === 'created') {
      yield Array.from({ length: job.rows }, (_, row) => `new-${job.serial}-${connection}-${call}-${row}`);
      continue;
    }
    const keys = new Set<number>();
    while (keys.size < job.rows) keys.add(start + Math.floor(Math.random() * share));
    const prefix = job.case === 'unchanged' ? 'same' : 'changing';
    yield Array.from(keys, (key) => `${prefix}-${key}`);
  }
}

/** The bodies of a connection's calls, one after the other, each with values of its own. */
function* bodiesOf(job: Job, connection: number): Generator<Buffer> {
  let call = 0;
  for (const keys of keysOf(job, connection)) {
    call++;
    const version = job.case === 'unchanged' ? 0 : job.serial * 100_000 + call;
    yield Buffer.from(
      callBody(
        job.format,
        keys.map((key) => rowOf(key, version)),
      ),
    );
  }
}

interface Connection {
  readonly client: Client;
  readonly path: string;
  readonly bodies: Iterator<Buffer>;
}

function connectionsOf(job: Job): Connection[] {
  const urls = [job.url].flat();
  return Array.from({ length: job.connections }, (_, connection) => {
    const url = urls[connection % urls.length] ?? '';
    return {
      client: clientFor(url, connection),
      path: new URL(url).pathname,
      bodies: bodiesOf(job, connection),
    };
  });
}

/** Sends what was made ahead for a connection, until the time is up or any connection has none left. */
async function sendAll(
  { client, path }: Connection,
  bodies: readonly Buffer[],
  batch: { readonly end: number; isOver: boolean },
  job: Job,
  note: (time: number) => void,
): Promise<void> {
  for (const body of bodies) {
    const began = performance.now();
    if (batch.isOver || began >= batch.end) return;
    const answer = await post(client, path, body);
    note(performance.now() - began);
    if (!isRight(answer, job.rows, job.case)) throw new Error(`Not all rows are ${job.case}: ${answer}`);
  }
  batch.isOver = true;
}

/** Stores what the cases `updated` and `unchanged` need. */
async function fill(job: Job): Promise<void> {
  const url = [job.url].flat()[0] ?? '';
  for (const prefix of ['changing', 'same']) {
    for (let from = 0; from < STORED; from += 100) {
      const rows = Array.from({ length: 100 }, (_, index) => rowOf(`${prefix}-${from + index}`, 0));
      const body = Buffer.from(callBody(job.format, rows));
      const answer = await post(clientFor(url, 0), new URL(url).pathname, body);
      if (!isRight(answer, 100, 'created')) throw new Error(`Cannot fill: ${answer}`);
    }
  }
}

/** Bodies are made while no time is measured, so that making them does not count as the server's time. */
async function measure(job: Job): Promise<LoadFigures> {
  const times = createTimes();
  const connections = connectionsOf(job);
  const ahead = Math.ceil(AHEAD / connections.length);
  for (let left = job.seconds; left > 0; left = job.seconds - times.seconds()) {
    const bodies = connections.map((connection) =>
      Array.from({ length: ahead }, () => connection.bodies.next().value as Buffer),
    );
    await times.measure(() => {
      const batch = { end: performance.now() + left * 1000, isOver: false };
      return connections.map((connection, index) =>
        sendAll(connection, bodies[index] ?? [], batch, job, times.note),
      );
    });
  }
  return times.figures();
}

process.on('message', ({ job, kind }: { job: Job; kind: 'fill' | 'measure' }) => {
  const work = kind === 'fill' ? fill(job) : measure(job);
  work.then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
