import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientOf,
  envelope,
  faultCode,
  insertOf,
  overSocket,
  rawRequest,
  startTestServer,
  type TestServer,
} from './test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

const closing = ['Connection: close'];

describe('HTTP', () => {
  it('of version 1.0 is answered, and the connection ended', async () => {
    const answer = await overSocket(server, rawRequest(server, envelope(), [], '1.0'));
    expect(answer).toMatch(/^HTTP\/1\.[01] 200 /);
    expect(answer).toContain('CREATED');
  });

  it('of version 1.0 without a Host is answered', async () => {
    const request = rawRequest(server, envelope(), [], '1.0').replace(/Host: .*\r\n/, '');
    expect(await overSocket(server, request)).toContain('CREATED');
  });

  it('keeps a connection for the next call, and ends it when asked', async () => {
    const answers = await overSocket(
      server,
      rawRequest(server, envelope(insertOf('A'))),
      rawRequest(server, envelope(insertOf('B')), closing),
    );
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(answers.match(/<status>CREATED/g)).toHaveLength(2);
  });

  it('answers Expect: 100-continue before the body comes', async () => {
    const [head = '', body = ''] = rawRequest(server, envelope(), [...closing, 'Expect: 100-continue']).split(
      '\r\n\r\n',
    );
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    socket.write(`${head}\r\n\r\n`);
    let answer = '';
    for await (const piece of socket) {
      answer += piece;
      if (answer === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write(body);
    }
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  it('does not mind an expectation that it does not know', async () => {
    const request = rawRequest(server, envelope(), [...closing, 'Expect: something-else']);
    expect(await overSocket(server, request)).toContain('CREATED');
  });

  it('does not mind an offer to upgrade', async () => {
    const offer = [
      'Connection: close, Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    ];
    expect(await overSocket(server, rawRequest(server, envelope(), offer))).toContain('CREATED');
  });

  it('reads a body in chunks', async () => {
    const body = envelope();
    const chunks = body.match(/[\s\S]{1,100}/g) ?? [];
    const chunked = `${chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`;
    const head = rawRequest(server, '', [...closing, 'Transfer-Encoding: chunked']).replace(
      /Content-Length: 0\r\n/,
      '',
    );
    expect(await overSocket(server, head + chunked)).toContain('CREATED');
  });

  it('that is malformed gets status 400 with a fault', async () => {
    const answer = await overSocket(server, 'HELO mail.example.com\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('Content-Type: text/xml; charset=utf-8');
    expect(faultCode(answer)).toBe(20012);
  });

  it('with headers that are too large gets status 431 with a fault', async () => {
    const answer = await overSocket(server, rawRequest(server, '', [`X-Large: ${'x'.repeat(40_000)}`]));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(faultCode(answer)).toBe(20012);
  });

  it('answers a call before the garbage behind it', async () => {
    const answer = await overSocket(server, `${rawRequest(server, envelope())}garbage\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*CREATED[\s\S]*HTTP\/1\.1 400 /);
  });

  it('with a body that is malformed gets status 400 with a fault', async () => {
    const head = rawRequest(server, '', ['Transfer-Encoding: chunked']).replace(/Content-Length: 0\r\n/, '');
    const answer = await overSocket(server, `${head}zz\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(faultCode(answer)).toBe(20012);
  });

  it('survives a client that goes away in the middle of a body', async () => {
    const request = rawRequest(server, envelope());
    const { hostname, port } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(request.slice(0, -100), () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    const { result } = await clientOf(server).call('syncMObjects', insertOf('After'));
    expect(result?.mObjStatusList?.mObjStatus[0]?.status).toBe('CREATED');
  });
});

describe('another address', () => {
  it.each(['/', '/soap/mktows', '/soap/mktows/2.7', '/soap/mktows/2_7/more', '/soap/mktows/latest?WSDL'])(
    '%s is 404 and names the right one',
    async (path) => {
      const response = await fetch(`${server.url}${path}`);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(await response.text()).toContain(`${server.url}/soap/mktows/2_7?WSDL`);
    },
  );

  it('that is not well-formed is 400', async () => {
    expect(await overSocket(server, 'GET /%zz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.[01] 400 /);
  });

  it('that is very long is 404', async () => {
    const response = await fetch(`${server.url}/soap/mktows/2_${'7'.repeat(500)}`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});
