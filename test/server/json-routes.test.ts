import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/access/authenticate.ts';
import { createLimits, noLimits } from '../../src/access/limits.ts';
import { createSecrets } from '../../src/access/secrets.ts';
import { createUsers } from '../../src/access/users.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { defaultHttpCaps } from '../../src/server/http-caps.ts';
import { addRoutes, Problem } from '../../src/server/json-routes.ts';
import { createServer, type SoapServer } from '../../src/server/server.ts';
import { openStore } from '../../src/store/open.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { user } from './test-server.ts';

const CAP = 1000;
/** Of calls' bodies, and of all in memory beyond the first 128 KiB of each. */
const [MAX_BODY, MAX_BODIES] = [4_000_000, 1_000_000];

let server: SoapServer;
let url: string;
const log: string[] = [];

beforeAll(async () => {
  const store = await openStore('sqlite::memory:');
  const secrets = createSecrets({ key: '00'.repeat(32), keyFile: '' });
  server = createServer({
    store,
    settings: defaultSettings,
    authenticate: createAuthenticator({ users: createUsers({ table: store.users, secrets, given: [user] }) }),
    limits: createLimits(noLimits),
    caps: { ...defaultCaps, maxBytes: MAX_BODY },
    httpCaps: { ...defaultHttpCaps, maxBodiesBytes: MAX_BODIES, headerTime: 1500, bodyTime: 1500 },
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
  });
  const { app } = server;
  addRoutes(app, '/things/:name', {
    GET: { handle: async ({ params }) => params },
    PUT: { maxBytes: CAP, handle: async ({ body }) => ({ taken: body }) },
    DELETE: { handle: async (_request, reply) => reply.code(204).send() },
  });
  addRoutes(app, '/large', {
    POST: { maxBytes: MAX_BODY, handle: async ({ body }) => ({ length: JSON.stringify(body).length }) },
  });
  addRoutes(app, '/broken', {
    POST: { maxBytes: CAP, handle: () => Promise.reject(new Error('at line 7 of secret.ts')) },
  });
  app.register(async (closed) => {
    closed.addHook('onRequest', async ({ headers }) => {
      if (headers.authorization === undefined) throw new Problem(401, 'Who are you?');
    });
    addRoutes(closed, '/closed', { PUT: { maxBytes: MAX_BODY, handle: async () => ({ open: true }) } });
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.stop());

const json = { 'content-type': 'application/json' };
const put = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = json) =>
  fetch(`${url}/things/a`, { method: 'PUT', body, headers });

async function problem(response: Response): Promise<{ status: number; detail: string }> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { status, detail } = (await response.json()) as { status: number; detail: string };
  expect(status).toBe(response.status);
  return { status, detail };
}

function open(): Socket {
  const { hostname, port } = new URL(url);
  return connect({ host: hostname, port: Number(port) });
}

const head = (method: string, path: string, ...headers: string[]) =>
  [`${method} ${path} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');

/** Sends requests over one connection, in one piece, and resolves to the status lines of the answers. */
async function statusesOf(...requests: readonly string[]): Promise<string[]> {
  const socket = open();
  socket.write(requests.join('') + head('GET', '/livez', 'Connection: close'));
  return Array.from((await text(socket)).matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => status ?? '');
}

describe('a route that takes JSON', () => {
  it('gets it parsed', async () => {
    const response = await put('{"a":[1,"ü",null]}', { 'content-type': 'application/json; charset=utf-8' });
    expect(await response.json()).toEqual({ taken: { a: [1, 'ü', null] } });
  });

  it('gets what begins with a byte order mark', async () => {
    expect(await (await put('\uFEFF[1]')).json()).toEqual({ taken: [1] });
  });

  it('takes as much as its cap, and no byte more', async () => {
    expect((await put(JSON.stringify('x'.repeat(CAP - 2)))).status).toBe(200);
    const { status, detail } = await problem(await put(JSON.stringify('x'.repeat(CAP - 1))));
    expect(status).toBe(413);
    expect(detail).toContain(`larger than ${CAP} bytes`);
  });

  it('refuses what grows beyond its cap without having said so', async () => {
    const chunk = `${CAP.toString(16)}\r\n${'1'.repeat(CAP)}\r\n`;
    const socket = open();
    socket.write(head('PUT', '/things/a', 'Content-Type: application/json', 'Transfer-Encoding: chunked'));
    socket.write(`${chunk}${chunk}0\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/^connection: close/im);
  });

  it('says where malformed JSON is malformed', async () => {
    const { status, detail } = await problem(await put('{"a": 1,\n "b" 2}'));
    expect(status).toBe(400);
    expect(detail).toMatch(/line 2 column \d+/);
  });

  it.each([
    ['no body', ''],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('refuses %s', async (_, body) => {
    expect((await problem(await put(body))).status).toBe(400);
  });

  it.each([
    ['another type', { 'content-type': 'text/plain' }],
    ['no type that can be read', { 'content-type': 'json' }],
    ['packed JSON', { ...json, 'content-encoding': 'gzip' }],
  ])('refuses %s, and reads the body that comes with it', async (_, headers) => {
    const response = await put('1'.repeat(2_000_000), headers as Record<string, string>);
    expect((await problem(response)).status).toBe(415);
  });

  it('keeps the connection for the next request', async () => {
    const whole = (body: string) =>
      head('PUT', '/things/a', 'Content-Type: application/json', `Content-Length: ${body.length}`) + body;
    expect(await statusesOf(whole('[1]'), whole('[1'), whole('[2]'))).toEqual(['200', '400', '200', '200']);
  });

  it('answers 408 to a body that does not come in time', async () => {
    const socket = open();
    socket.write(head('PUT', '/things/a', 'Content-Type: application/json', 'Content-Length: 10'));
    socket.write('{"a"');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('tells nobody but the log of an error that was not expected', async () => {
    const response = await fetch(`${url}/broken`, { method: 'POST', body: '{}', headers: json });
    const { status, detail } = await problem(response);
    expect(status).toBe(500);
    expect(detail).not.toContain('secret.ts');
    expect(log.join('')).toContain('at line 7 of secret.ts');
  });

  it('shares the memory that there is for bodies with calls', async () => {
    const body = JSON.stringify('x'.repeat(1_000_000));
    const post = (sent: string) => fetch(`${url}/large`, { method: 'POST', body: sent, headers: json });
    expect(await (await post(body)).json()).toEqual({ length: body.length });
    expect((await problem(await post(body + ' '.repeat(500_000)))).status).toBe(503);
    expect(await (await post(body)).json()).toEqual({ length: body.length });
  });

  it('reads no body into memory of a caller whom its plugin refuses', async () => {
    const body = ' '.repeat(MAX_BODIES + 500_000);
    const ask = (headers: Record<string, string>) =>
      fetch(`${url}/closed`, { method: 'PUT', body, headers: { ...json, ...headers } });
    expect((await problem(await ask({}))).status).toBe(401);
    expect((await problem(await ask({ authorization: 'Bearer a' }))).status).toBe(503);
  });
});

describe('other methods', () => {
  it('HEAD comes with GET, and its answer has no body', async () => {
    const response = await fetch(`${url}/things/a`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('OPTIONS tells them', async () => {
    const response = await fetch(`${url}/things/a`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([
      204,
      'GET, HEAD, PUT, DELETE, OPTIONS',
    ]);
  });

  it('are 405, and tell which are not', async () => {
    const response = await fetch(`${url}/things/a`, { method: 'POST', body: '{}', headers: json });
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE, OPTIONS');
    expect(await problem(response)).toEqual({
      status: 405,
      detail: 'POST does nothing here; expected GET, HEAD, PUT, DELETE, OPTIONS',
    });
  });

  it('HEAD is 405 where there is no GET', async () => {
    expect((await fetch(`${url}/large`, { method: 'HEAD' })).status).toBe(405);
  });
});

describe('the body of a request that takes none', () => {
  const length = 300_000;
  const withBody = (method: string, path: string) =>
    head(method, path, 'Content-Type: application/json', `Content-Length: ${length}`) + 'x'.repeat(length);

  it.each([
    ['a route without one', 'DELETE', '/things/a', '204'],
    ['GET', 'GET', '/things/a', '200'],
    ['HEAD', 'HEAD', '/things/a', '200'],
    ['OPTIONS', 'OPTIONS', '/things/a', '204'],
    ['405', 'POST', '/things/a', '405'],
    ['404', 'POST', '/nothing', '404'],
  ])('is read and thrown away: %s', async (_, method, path, status) => {
    expect(await statusesOf(withBody(method, path), withBody(method, path))).toEqual([status, status, '200']);
  });

  it('is refused beyond the cap of all bodies', async () => {
    const response = await fetch(`${url}/nothing`, { method: 'POST', body: 'x'.repeat(MAX_BODY + 1) });
    expect([response.status, await response.text()]).toEqual([
      413,
      `The body is larger than ${MAX_BODY} bytes, the most that is read.\n`,
    ]);
  });
});
