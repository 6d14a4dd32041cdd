import { chmod, stat } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { rotateToken } from '../../src/admin/token.ts';
import { type AdminServer, type Asked, type AskOptions, startAdminServer } from './admin-server.ts';

let server: AdminServer | undefined;
const start = async (...options: Parameters<typeof startAdminServer>) => {
  server = await startAdminServer(...options);
  return server;
};
afterEach(async () => {
  await server?.remove();
  server = undefined;
});

const problemOf = ({ headers, json }: Asked) => {
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  return json<{ status: number; detail: string }>();
};

/** A route that needs a caller who is let in, and changes something. */
const makeCode = (options: AskOptions = {}) =>
  server?.ask('/session/codes', { method: 'POST', ...options }) as Promise<Asked>;

async function logIn(): Promise<{ cookie: string; csrf: string }> {
  const answer = await server?.ask('/session', {
    method: 'POST',
    body: { token: server.token },
    isAnonymous: true,
  });
  const cookie = String(answer?.headers['set-cookie']?.[0]).split(';', 1)[0] ?? '';
  return { cookie, csrf: answer?.json<{ csrf: string }>().csrf ?? '' };
}

describe('the token', () => {
  it('is made at the first start, in a file for its owner only', async () => {
    const { folder, token } = await start();
    expect(token).toMatch(/^mktows_[\w-]{43}$/);
    expect((await stat(join(folder, 'token'))).mode & 0o777).toBe(0o600);
  });

  it('lets a caller in', async () => {
    await start();
    expect((await makeCode()).status).toBe(200);
  });

  it('is asked for', async () => {
    await start();
    const answer = await makeCode({ isAnonymous: true });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(problemOf(answer).detail).toContain('mktows admin-token');
  });

  it.each(['Bearer wrong', 'Basic dXNlcjpzZWNyZXQ=', 'Bearer'])('refuses %s', async (authorization) => {
    await start();
    expect((await makeCode({ headers: { authorization } })).status).toBe(401);
  });

  it('holds no longer once it is replaced, and neither do sessions that it began', async () => {
    const { folder, ask } = await start();
    const { cookie } = await logIn();
    const token = await rotateToken(join(folder, 'token'));
    expect((await makeCode()).status).toBe(401);
    expect((await makeCode({ headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await ask('/session', { isAnonymous: true, headers: { cookie } })).status).toBe(401);
    expect((await stat(join(folder, 'token'))).mode & 0o777).toBe(0o600);
  });

  it('is refused in a file that others can read', async () => {
    const { folder } = await start();
    await chmod(join(folder, 'token'), 0o644);
    await expect(startAdminServer({ adminTokenFile: join(folder, 'token') })).rejects.toThrow(/chmod 600/);
  });
});

describe('failed logins', () => {
  it('are refused without a look after ten in a minute, and say when to try again', async () => {
    await start();
    const wrong = () => makeCode({ headers: { authorization: 'Bearer wrong' } });
    for (let count = 0; count < 10; count++) expect((await wrong()).status).toBe(401);
    const answer = await wrong();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await makeCode()).status).toBe(200);
  });
});

describe('a session', () => {
  it('has a cookie that scripts and other sites cannot use', async () => {
    const { ask, token } = await start();
    const answer = await ask('/session', { method: 'POST', body: { token }, isAnonymous: true });
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^mktows_session_\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
  });

  it('needs its CSRF token to change something', async () => {
    const { ask } = await start();
    const { cookie, csrf } = await logIn();
    const ask3 = (headers: Record<string, string>) =>
      makeCode({ isAnonymous: true, headers: { cookie, ...headers } });
    expect((await ask('/session', { isAnonymous: true, headers: { cookie } })).json()).toMatchObject({
      csrf,
    });
    expect((await ask3({})).status).toBe(403);
    expect((await ask3({ 'x-csrf-token': 'wrong' })).status).toBe(403);
    expect((await ask3({ 'x-csrf-token': csrf })).status).toBe(200);
  });

  it('ends when it is told to', async () => {
    const { ask } = await start();
    const { cookie, csrf } = await logIn();
    const headers = { cookie, 'x-csrf-token': csrf };
    expect((await ask('/session', { method: 'DELETE', isAnonymous: true, headers })).status).toBe(204);
    expect((await ask('/session', { isAnonymous: true, headers })).status).toBe(401);
  });

  it('can be begun by a code, once', async () => {
    const { ask } = await start();
    const { code } = (await makeCode()).json<{ code: string }>();
    const login = () => ask('/session', { method: 'POST', body: { code }, isAnonymous: true });
    expect((await login()).status).toBe(200);
    expect((await login()).status).toBe(401);
  });

  it.each([[{}], [{ token: 'a', code: 'b' }]])('is not begun by %j', async (body) => {
    const { ask } = await start();
    expect((await ask('/session', { method: 'POST', body, isAnonymous: true })).status).toBe(400);
  });
});

describe('requests of other pages', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://localhost:3000' }],
    ['a sandbox', { origin: 'null' }],
  ])('are refused, also with the token: %s', async (_, headers) => {
    await start();
    expect((await makeCode({ headers })).status).toBe(403);
  });

  it('are not those of its own', async () => {
    const { serving } = await start();
    const { origin } = new URL(serving.server.url);
    expect((await makeCode({ headers: { origin } })).status).toBe(200);
    expect((await makeCode({ headers: { origin, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  });

  it('send a form in vain', async () => {
    await start();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await server?.ask('/session', { method: 'POST', headers, isAnonymous: true }))?.status).toBe(415);
  });
});

describe('the host of the URL', () => {
  it.each(['localhost', 'LOCALHOST:8980', 'console.localhost', '127.0.0.1:1', '[::1]:8980', '192.0.2.7'])(
    'may be %s',
    async (host) => {
      const { ask } = await start();
      expect((await ask('/openapi.json', { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    'example.org',
    'example.org:8980',
    'localhost.example.org',
    '127.0.0.1.example.org',
    'localhost.',
  ])('may not be %s, unless it is named', async (host) => {
    const { ask } = await start({ adminNames: ['admin.example.org'] });
    const expected = host === 'localhost.' ? 200 : 421;
    expect((await ask('/openapi.json', { headers: { host } })).status).toBe(expected);
    expect((await ask('/openapi.json', { headers: { host: 'Admin.example.org:1' } })).status).toBe(200);
  });
});

it.each(['1.2.3.4.5', 'a:99999', '[:::]'])('a host that is none is a bad request: %s', async (host) => {
  const { ask } = await start();
  expect((await ask('/openapi.json', { headers: { host } })).status).toBe(400);
});

describe('on the port of the endpoint', () => {
  it.each(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via', 'x-real-ip'])(
    'a proxy is refused: %s',
    async (name) => {
      const { ask } = await start();
      const answer = await ask('/openapi.json', { headers: { [name]: '127.0.0.1' } });
      expect([answer.status, problemOf(answer).detail]).toEqual([
        403,
        expect.stringContaining('--admin-port'),
      ]);
    },
  );

  it('a proxy that speaks HTTP/1.0 is refused', async () => {
    const { serving, token } = await start();
    const socket = connect(Number(new URL(serving.server.url).port), '127.0.0.1');
    socket.end(`GET /api/v1/users HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('nothing is there with --no-admin', async () => {
    const { ask, serving } = await start({ noAdmin: true });
    expect(serving.admin).toBeUndefined();
    expect((await ask('/openapi.json')).status).toBe(404);
  });

  it('nothing is there if the admin API has its own', async () => {
    const { serving, ask } = await start({ adminPort: 0 });
    expect(serving.admin?.url).not.toBe(serving.server.url);
    expect((await fetch(`${serving.server.url}/api/v1/openapi.json`)).status).toBe(404);
    expect((await ask('/openapi.json', { headers: { 'x-forwarded-for': '192.0.2.7' } })).status).toBe(200);
    expect((await fetch(`${serving.admin?.url}/livez`)).status).toBe(404);
  });

  it('another machine is refused', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    if (address === undefined) return;
    const { serving } = await start({ host: '0.0.0.0', secret: 'a long secret of the tests' });
    const url = `http://${address}:${new URL(serving.server.url).port}/api/v1/openapi.json`;
    // From an address of this machine to itself, and from another one of them.
    const statusFrom = (localAddress: string) =>
      new Promise((resolve, reject) => {
        request(url, { localAddress, agent: false }, (response) => {
          resolve(response.statusCode);
          response.resume();
        })
          .on('error', reject)
          .end();
      });
    expect(await statusFrom(address)).toBe(200);
  });

  it('--admin-host alone is refused', async () => {
    await expect(startAdminServer({ adminHost: '0.0.0.0' })).rejects.toThrow(/--admin-port/);
  });
});

describe('the port of its own', () => {
  it('tells the endpoint by a name that the client can use', async () => {
    const { ask, serving } = await start({
      adminPort: 0,
      host: '0.0.0.0',
      secret: 'a long secret of the tests',
    });
    const { server: about } = (await ask('/overview')).json<{ server: { endpoint: string } }>();
    expect(about.endpoint).toBe(serving.server.endpoint.replace('0.0.0.0', '127.0.0.1'));
  });

  it('that is taken ends the start, and leaves the database free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    await expect(startAdminServer({ adminPort: port })).rejects.toThrow(/EADDRINUSE/);
    other.close();
  });
});

describe('every answer', () => {
  it.each(['/openapi.json', '/', '/nothing', '/session', '//console/'])(
    '%s is neither kept, guessed nor framed',
    async (path) => {
      const { ask } = await start();
      const { headers } = await ask(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    },
  );
});

describe('a refused request', () => {
  it('names an unknown parameter and the closest known one', async () => {
    const { ask } = await start();
    const answer = await ask('/openapi.json?limit=5');
    expect([answer.status, problemOf(answer).detail]).toEqual([
      400,
      'limit in the query: unknown property; expected none',
    ]);
  });

  it('does not fail on lists deep in each other', async () => {
    const { ask } = await start();
    const sent = `{"instance":{"fields":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
    expect((await ask('/instance/check', { method: 'POST', text: sent })).status).toBe(400);
  });

  it('names the place in the body and what was expected', async () => {
    const { ask } = await start();
    const answer = await ask('/session', { method: 'POST', body: { tokn: 1 }, isAnonymous: true });
    expect(problemOf(answer)).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^tokn in the body: unknown property \(did you mean token\?\)/),
      errors: [{ path: 'tokn' }],
    });
  });

  it('is told of what there is', async () => {
    const { ask } = await start();
    expect(problemOf(await ask('/nothing')).detail).toContain('/api/v1/');
    expect((await ask('/session', { method: 'PUT' })).headers.allow).toBe('GET, HEAD, POST, DELETE, OPTIONS');
  });
});
