import { Agent, request } from 'node:http';
import { timed } from './timed.ts';
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

/** What came of it. `p50` and `p99` in milliseconds, `clientCpu` of the process that made the calls in seconds. */
export interface LoadFigures {
  readonly calls: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly clientCpu: number;
}

const agents = new Map<number, Agent>();

function agentFor(connections: number): Agent {
  const known = agents.get(connections);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(connections, agent);
  return agent;
}

function post(url: string, body: Buffer, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': body.length,
      soapaction: '""',
    };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        answer += piece;
      });
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(answer)
          : reject(new Error(`${response.statusCode}: ${answer}`)),
      );
    });
    call.on('error', reject);
    call.end(body);
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

async function callUntil(end: number, job: Job, connection: number, times: number[]): Promise<void> {
  const agent = agentFor(job.connections);
  const urls = [job.url].flat();
  const url = urls[connection % urls.length] ?? '';
  let call = 0;
  for (const keys of keysOf(job, connection)) {
    if (performance.now() >= end) return;
    call++;
    const version = job.case === 'unchanged' ? 0 : job.serial * 100_000 + call;
    const body = Buffer.from(
      callBody(
        job.format,
        keys.map((key) => rowOf(key, version)),
      ),
    );
    const began = performance.now();
    const answer = await post(url, body, agent);
    times.push(performance.now() - began);
    if (!isRight(answer, job.rows, job.case)) throw new Error(`Not all rows are ${job.case}: ${answer}`);
  }
}

/** Stores what the cases `updated` and `unchanged` need. */
async function fill(job: Job): Promise<void> {
  for (const prefix of ['changing', 'same']) {
    for (let from = 0; from < STORED; from += 100) {
      const rows = Array.from({ length: 100 }, (_, index) => rowOf(`${prefix}-${from + index}`, 0));
      const answer = await post(
        [job.url].flat()[0] ?? '',
        Buffer.from(callBody(job.format, rows)),
        agentFor(1),
      );
      if (!isRight(answer, 100, 'created')) throw new Error(`Cannot fill: ${answer}`);
    }
  }
}

async function measure(job: Job): Promise<LoadFigures> {
  const times: number[] = [];
  return timed(times, () => {
    const end = performance.now() + job.seconds * 1000;
    return Array.from({ length: job.connections }, (_, index) => callUntil(end, job, index, times));
  });
}

process.on('message', ({ job, kind }: { job: Job; kind: 'fill' | 'measure' }) => {
  const work = kind === 'fill' ? fill(job) : measure(job);
  work.then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
