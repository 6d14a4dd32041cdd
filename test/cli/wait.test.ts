import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '../store/certificates.ts';
import { freePort } from '../store/embedded-postgres.ts';
import { mktows, start } from './mktows.ts';

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

  it('says how to trust the certificate of a server, and does where the environment names it', async () => {
    const authority = await makeAuthority();
    const { certificate, key } = await authority.sign('localhost');
    const pem = { cert: readFileSync(certificate), key: readFileSync(key) };
    const listening = createSecureServer(pem, (_request, response) => response.end());
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, 'localhost', resolve));
    const { port } = listening.address() as AddressInfo;
    const words = ['wait', '--url', `https://localhost:${port}`, '--timeout'];
    const { err } = await mktows([...words, '1']);
    expect(err).toMatch(/: [A-Z_]+; its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the PEM file/);
    const trusting = start([...words, '20'], { env: { NODE_EXTRA_CA_CERTS: authority.certificate } });
    expect(await trusting.ended).toMatchObject({ status: 0, err: '' });
    await authority.remove();
  });

  it('says why there is no connection', async () => {
    const { status, err } = await mktows([
      'wait',
      '--url',
      `http://127.0.0.1:${await freePort()}`,
      '--timeout',
      '1',
    ]);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/ was not ready within 1 s: ECONNREFUSED; nothing listens there: .*\n$/),
    ]);
  });
});
