import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overSocket, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let behindProxy: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  behindProxy = await startTestServer({ trustProxy: ['127.0.0.1'] });
});
afterAll(async () => {
  await server.remove();
  await behindProxy.remove();
});

/** The soap:address of a WSDL. */
const addressIn = (text: string): string => /location="([^"]*)"/.exec(text)?.[1] ?? '';

const rawGet = (on: TestServer, headers: readonly string[]) =>
  overSocket(
    on,
    `GET /soap/mktows/2_7?WSDL HTTP/1.1\r\nConnection: close\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
  );

describe('the WSDL', () => {
  it.each(['WSDL', 'wsdl', 'Wsdl', 'WSDL=', 'wsdl=1', 'x=1&WSDL', 'wsdl&y', '?WSDL'])(
    'is at ?%s',
    async (query) => {
      const response = await fetch(`${server.endpoint}?${query}`, {
        headers: { accept: 'text/html, image/gif' },
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
      expect(addressIn(await response.text())).toBe(server.endpoint);
    },
  );

  it.each(['wsdls', 'x=wsdl', 'xsd'])('is not at ?%s', async (query) => {
    expect((await fetch(`${server.endpoint}?${query}`)).status).toBe(500);
  });

  it('names the version that was asked for', async () => {
    const text = await (await fetch(`${server.url}/soap/mktows/3_1/?WSDL`)).text();
    expect(addressIn(text)).toBe(`${server.url}/soap/mktows/3_1`);
  });

  it('answers HEAD without a body', async () => {
    const response = await fetch(`${server.endpoint}?WSDL`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1_000);
  });

  it('names the host that the client called', async () => {
    expect(addressIn(await rawGet(server, ['Host: marketo.example:8443']))).toBe(
      'http://marketo.example:8443/soap/mktows/2_7',
    );
  });

  it.each(['evil"><x', 'a b', "o'hara&co", '', 'x/y', 'user@host', 'h:99999999'])(
    'names the address connected to when the Host is %j',
    async (host) => {
      const text = await rawGet(server, [`Host: ${host}`]);
      expect(addressIn(text)).toBe(server.endpoint);
    },
  );

  it('names the address connected to when there is no Host', async () => {
    expect(addressIn(await rawGet(server, []))).toBe(server.endpoint);
  });

  it('believes X-Forwarded headers of a trusted proxy', async () => {
    const headers = ['Host: inner', 'X-Forwarded-Host: api.example.com', 'X-Forwarded-Proto: https'];
    expect(addressIn(await rawGet(behindProxy, headers))).toBe('https://api.example.com/soap/mktows/2_7');
  });

  it.each([
    ['https', '8443', 'api.example.com', 'https://api.example.com:8443'],
    ['https', '443', 'api.example.com', 'https://api.example.com'],
    ['http', '80', 'api.example.com', 'http://api.example.com'],
    ['https', '80', 'api.example.com', 'https://api.example.com:80'],
    ['HTTPS', '8443', '[::1]', 'https://[::1]:8443'],
    ['https', '8443', 'api.example.com:9443', 'https://api.example.com:9443'],
    ['https', '0', 'api.example.com', 'https://api.example.com'],
    ['https', '65536', 'api.example.com', 'https://api.example.com'],
    ['https', '84/43', 'api.example.com', 'https://api.example.com'],
  ])('joins X-Forwarded-Proto %s and -Port %s with the host %s', async (scheme, port, host, seen) => {
    const forwarded = [`X-Forwarded-Proto: ${scheme}`, `X-Forwarded-Port: ${port}`];
    for (const named of [[`Host: ${host}`], ['Host: inner', `X-Forwarded-Host: ${host}`]]) {
      expect(addressIn(await rawGet(behindProxy, [...named, ...forwarded]))).toBe(`${seen}/soap/mktows/2_7`);
    }
  });

  it('believes no X-Forwarded headers of anybody else', async () => {
    const headers = ['Host: inner', 'X-Forwarded-Host: api.example.com', 'X-Forwarded-Proto: https'];
    expect(addressIn(await rawGet(server, headers))).toBe('http://inner/soap/mktows/2_7');
  });

  it('takes no other scheme from a proxy than http and https', async () => {
    const headers = ['Host: inner', 'X-Forwarded-Proto: javascript'];
    expect(addressIn(await rawGet(behindProxy, headers))).toBe('http://inner/soap/mktows/2_7');
  });
});
