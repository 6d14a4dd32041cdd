import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../store/embedded-postgres.ts';
import { mktows } from './mktows.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Waits for a server that answers like this. */
async function waitFor(answer: RequestListener, seconds: number) {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return mktows(['wait', '--url', `http://127.0.0.1:${port}/any/path`, '--timeout', String(seconds)]);
}

describe('wait', () => {
  it.each([4, 5, 5.0005, 30])('takes a server that is ready within %d s', async (seconds) => {
    expect(await waitFor((_request, response) => response.end(), seconds)).toEqual({
      status: 0,
      out: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ is ready\n$/),
      err: '',
    });
  });

  it('ends with the last reason that it was told, though the time ran out in another attempt', async () => {
    let count = 0;
    const { status, err } = await waitFor((_request, response) => {
      count += 1;
      if (count === 1) response.writeHead(503).end('the disk is full');
    }, 1.5);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^mktows: http:\S+ was not ready within 1\.5 s: HTTP 503 the disk is full\n$/),
    ]);
  });

  it('says that a server takes the call and does not answer', async () => {
    const { status, err } = await waitFor(() => {}, 1);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/ was not ready within 1 s: it did not answer\n$/),
    ]);
  });

  it('says why there is no connection', async () => {
    const { status, err } = await mktows([
      'wait',
      '--url',
      `http://127.0.0.1:${await freePort()}`,
      '--timeout',
      '1',
    ]);
    expect([status, err]).toEqual([1, expect.stringMatching(/ was not ready within 1 s: ECONNREFUSED\n$/)]);
  });
});
