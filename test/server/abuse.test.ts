import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE, type Seen, type ServedProcess, serveProcess } from './served-process.ts';
import { envelope, faultCode, faultMessage, header, insertOf } from './test-server.ts';

/**
 * Hostile and slow clients against a server process. Each time another client calls meanwhile, and the bounds are so
 * wide that only what grows without end, or hangs, breaks them.
 */
const onLinux = process.platform === 'linux';
const MIB = 2 ** 20;

const head = (length: number | 'chunked', ...headers: string[]) =>
  [
    'POST /soap/mktows/2_7 HTTP/1.1',
    'Host: x',
    length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`,
    ...headers,
    '\r\n',
  ].join('\r\n');
const callOf = (name: string, ...headers: string[]) => {
  const body = envelope(insertOf(name));
  return head(Buffer.byteLength(body), ...headers) + body;
};
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const everything = (socket: Socket) => text(socket).catch(() => '');

function expectServed(seen: Seen): void {
  if (process.env.MKTOWS_SEEN) console.log(expect.getState().currentTestName, seen);
  expect(seen.calls).toBeGreaterThanOrEqual(3);
  expect(seen.slowest).toBeLessThan(10_000);
  expect(seen.delay).toBeLessThan(5);
  expect(seen.memory).toBeLessThan(1_500);
}

describe.skipIf(!onLinux)('against a server with short times, which needs the addresses of Linux', () => {
  let server: ServedProcess;
  beforeAll(async () => {
    const times = [
      '--header-timeout',
      '1',
      '--body-timeout',
      '2',
      '--idle-timeout',
      '2',
      '--answer-timeout',
      '2',
    ];
    server = await serveProcess(times);
  });
  afterAll(() => server.stop());

  const many = (count: number, each: (index: number) => Promise<string>) =>
    Promise.all(Array.from({ length: count }, (_, index) => each(index)));

  /** Sends a beginning, then a byte now and then until the server has enough. */
  async function dribble(beginning: string): Promise<string> {
    const socket = await server.connect();
    const answer = everything(socket);
    socket.write(beginning);
    const timer = setInterval(() => socket.writable && socket.write('x'), 200);
    await answer.finally(() => clearInterval(timer));
    return answer;
  }

  it('headers that arrive a byte at a time get status 408, which names the option', async () => {
    const { result, seen } = await server.watch(() =>
      many(100, () => dribble('POST /soap/mktows/2_7 HTTP/1.1\r\nHost: x\r\nX-Slow: ')),
    );
    for (const answer of result) {
      expect(statusOf(answer)).toBe(408);
      expect(faultMessage(answer)).toContain('within 1 s (--header-timeout)');
    }
    expect(await server.metric('mktows_refused_total{cap="header-timeout"}')).toBe(100);
    expectServed(seen);
  });

  it('a body that arrives a byte at a time gets status 408, which names the option', async () => {
    const { result, seen } = await server.watch(() => many(100, () => dribble(head(1_000_000))));
    for (const answer of result) {
      expect(statusOf(answer)).toBe(408);
      expect(faultMessage(answer)).toContain('within 2 s (--body-timeout)');
    }
    expect(await server.metric('mktows_refused_total{cap="body-timeout"}')).toBe(100);
    expectServed(seen);
  });

  it('a connection without a request is ended', async () => {
    const [silent, kept] = [await server.connect(), await server.connect()];
    kept.write(callOf('kept'));
    const [nothing, answer] = await Promise.all([everything(silent), everything(kept)]);
    expect(faultMessage(nothing)).toMatch(/^$|--header-timeout/);
    expect(statusOf(answer)).toBe(200);
  });

  it('a client that ends its side after a whole request is answered', async () => {
    const socket = await server.connect();
    socket.end(callOf('half-open'));
    expect(await everything(socket)).toContain('<status>CREATED');
  });

  it('clients that end their side, or vanish, in the middle of a request leave nothing behind', async () => {
    await many(100, async (index) => {
      const socket = await server.connect();
      socket.write(head(1_000_000) + 'x'.repeat(200_000));
      if (index % 2 === 0) socket.end();
      else socket.destroy();
      return everything(socket);
    });
    await expect.poll(() => server.metric('mktows_connections')).toBeLessThan(5);
    expect(await server.metric('mktows_bodies_bytes')).toBe(0);
  });

  it('a client that never reads its answers is ended', async () => {
    const socket = await server.connect();
    socket.pause();
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const { seen } = await server.watch(async () => {
      socket.write('GET /soap/mktows/2_7?WSDL HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3_000));
      await expect.poll(() => server.metric('mktows_refused_total{cap="answer-timeout"}')).toBe(1);
    });
    socket.resume();
    await closed;
    expectServed(seen);
  });
});

describe.skipIf(!onLinux)('against a server with its own caps, which needs the addresses of Linux', () => {
  let server: ServedProcess;
  beforeAll(async () => {
    server = await serveProcess([]);
  });
  afterEach(() => server.hangUp());
  afterAll(() => server.stop());

  it('1,000 idle connections of one address keep nobody out, not even that address', async () => {
    const { result, seen } = await server.watch(async () => {
      for (let count = 0; count < 1_000; count++) await server.connect();
      const socket = await server.connect();
      socket.write(callOf('the 1,001st', 'Connection: close'));
      return everything(socket);
    });
    expect(result).toContain('<status>CREATED');
    expect(await server.metric('mktows_connections')).toBeLessThanOrEqual(250 + 4);
    expect(await server.metric('mktows_idle_connections_ended_total')).toBeGreaterThanOrEqual(750);
    expectServed(seen);
  });

  it('1,000 connections with calls under way keep out their own address, which is told the option', async () => {
    const { result, seen } = await server.watch(async () => {
      const beginCall = async () => (await server.connect()).write(head(1_000_000));
      for (let count = 0; count < 1_000; count++) await beginCall();
      await expect
        .poll(async () => {
          const code = faultCode(await ask(callOf('one more', 'Connection: close')));
          // It was let in for one that was idle as yet, and is gone now: its place is taken again.
          if (Number.isNaN(code)) await beginCall();
          return code;
        })
        .toBe(20024);
      return [await ask(callOf('one more')), await ask('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')];
    });
    const [call = '', health = ''] = result;
    expect(faultMessage(call)).toContain('At most 250 connections');
    expect(faultMessage(call)).toContain('--max-connections-per-address');
    expect(call).toMatch(/\r\nconnection: close\r\n/i);
    expect(statusOf(health)).toBe(200);
    expectServed(seen);
  });

  it('pipelined calls are answered in order', async () => {
    const socket = await server.connect();
    const names = Array.from({ length: 300 }, (_, index) => `pipelined ${index}`);
    socket.write(names.map((name) => callOf(name)).join('') + callOf('last', 'Connection: close'));
    const ids = Array.from((await everything(socket)).matchAll(/<id>(\d+)<\/id>/g), ([, id]) => Number(id));
    expect(ids).toHaveLength(301);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('6,000 requests sent ahead on one connection are answered while others are served', async () => {
    const count = 6_000;
    const { result, seen } = await server.watch(async () => {
      const socket = await server.connect();
      socket.write(
        'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count) + callOf('last', 'Connection: close'),
      );
      return everything(socket);
    });
    expect(result.split('HTTP/1.1 200').length - 1).toBe(count + 1);
    expectServed(seen);
  });

  it('a body of 64 MiB is refused, also to a client that sends it whole before it reads', async () => {
    const body = Buffer.from(envelope().padEnd(64 * MIB, ' '));
    const { result, seen } = await server.watch(() =>
      Promise.all(
        [head(body.length), head('chunked')].map(async (beginning, index) => {
          const socket = await server.connect();
          const answer = everything(socket);
          socket.write(beginning);
          const size = `${body.length.toString(16)}\r\n`;
          socket.end(
            index === 0 ? body : Buffer.concat([Buffer.from(size), body, Buffer.from('\r\n0\r\n\r\n')]),
          );
          return answer;
        }),
      ),
    );
    for (const answer of result) {
      expect(statusOf(answer)).toBe(500);
      expect(faultCode(answer)).toBe(20012);
      expect(faultMessage(answer)).toContain('16777216 bytes');
    }
    expectServed(seen);
  });

  it('bodies in chunks of one byte are refused before they are read to their end, and others are served', async () => {
    const chunks = Buffer.from('1\r\n \r\n'.repeat(300_000));
    const { result, seen } = await server.watch(() =>
      Promise.all(
        Array.from({ length: 60 }, async () => {
          const socket = await server.connect();
          const answer = everything(socket);
          // None of them ever ends.
          socket.write(head('chunked'));
          socket.write(chunks);
          return answer;
        }),
      ),
    );
    for (const answer of result) {
      expect(faultCode(answer)).toBe(20012);
      expect(faultMessage(answer)).toContain('chunks of less than 16 bytes');
    }
    expectServed(seen);
    expect(seen.memory).toBeLessThan(400);
  }, 120_000);

  it('60 bodies of 16 MiB at once are kept out of memory, and what came is let go', async () => {
    const body = Buffer.from(envelope().padEnd(16 * MIB, ' '));
    const { result, seen } = await server.watch(async () => {
      const answers = Array.from({ length: 60 }, async () => {
        const socket = await server.connect();
        const answer = everything(socket);
        // One byte is missing: none of them is ever whole.
        socket.write(head(body.length));
        socket.write(body.subarray(0, -1));
        return answer;
      });
      await expect.poll(() => server.metric('mktows_refused_total{cap="bodies"}')).toBe(60 - 16);
      // As many as are refused; the others wait for their last byte.
      const refused: string[] = [];
      for (const answer of answers) answer.then((text) => refused.push(text));
      await expect.poll(() => refused.length, { timeout: 60_000 }).toBe(60 - 16);
      server.hangUp();
      await Promise.all(answers);
      return refused.slice(0, 60 - 16);
    });
    for (const answer of result) {
      expect(faultCode(answer)).toBe(20024);
      expect(faultMessage(answer)).toContain('268435456 bytes');
    }
    await expect.poll(() => server.metric('mktows_bodies_bytes')).toBe(0);
    expectServed(seen);
  }, 120_000);

  it('50 gzip bombs at once are refused without being held', async () => {
    const bomb = gzipSync(envelope().padEnd(64 * MIB, ' '));
    const { result, seen } = await server.watch(() =>
      Promise.all(Array.from({ length: 50 }, () => sendGzip(bomb))),
    );
    expect(new Set(result.map(faultCode))).toEqual(new Set([20012]));
    expectServed(seen);
  });

  it('60 packed calls of strangers, 15 MiB each when unpacked, are refused without being unpacked', async () => {
    const unsigned = envelope(insertOf('One'), header({ requestSignature: '0'.repeat(40) }));
    let packed = Buffer.from(unsigned.padEnd(15 * MIB, ' '));
    for (let times = 0; times < 3; times++) packed = gzipSync(packed);
    const { result, seen } = await server.watch(() =>
      Promise.all(Array.from({ length: 60 }, () => sendPacked(packed, 'gzip, gzip, gzip'))),
    );
    expect(new Set(result.map(faultCode))).toEqual(new Set([20014]));
    expectServed(seen);
  });

  it('60 bodies of strangers take none of the room for bodies', async () => {
    const unsigned = envelope(insertOf('One'), header({ requestSignature: '0'.repeat(40) }));
    const { result, seen } = await server.watch(() =>
      Promise.all(
        Array.from({ length: 60 }, async () => {
          const socket = await server.connect();
          const answer = everything(socket);
          socket.write(head(16 * MIB) + unsigned.padEnd(MIB, ' '));
          return answer;
        }),
      ),
    );
    expect(new Set(result.map(faultCode))).toEqual(new Set([20014]));
    expect(await server.metric('mktows_bodies_bytes')).toBe(0);
    expectServed(seen);
  });

  it('20 calls that are 15 MiB each when unpacked are all answered, a few at a time', async () => {
    const call = gzipSync(envelope(insertOf('packed')) + ' '.repeat(15 * MIB));
    const { result, seen } = await server.watch(() =>
      Promise.all(Array.from({ length: 20 }, () => sendGzip(call))),
    );
    expect(result.filter((answer) => answer.includes('<status>CREATED'))).toHaveLength(20);
    expectServed(seen);
  });

  it('2,000 calls over 200 connections at once are all answered', async () => {
    const { result, seen } = await server.watch(() =>
      Promise.all(
        Array.from({ length: 200 }, async () => {
          const socket = await server.connect();
          socket.write(callOf('one of many').repeat(9) + callOf('one of many', 'Connection: close'));
          return (await everything(socket)).split('<status>CREATED').length - 1;
        }),
      ),
    );
    expect(result).toEqual(Array.from({ length: 200 }, () => 10));
    expectServed(seen);
  });

  async function ask(request: string): Promise<string> {
    const socket = await server.connect();
    socket.write(request);
    return everything(socket);
  }

  const sendGzip = (body: Buffer) => sendPacked(body, 'gzip');

  async function sendPacked(body: Buffer, coding: string): Promise<string> {
    const socket = await server.connect(HOSTILE);
    socket.write(head(body.length, `Content-Encoding: ${coding}`, 'Connection: close'));
    socket.write(body);
    return everything(socket);
  }
});
