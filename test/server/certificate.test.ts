import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { type Authority, makeAuthority } from '../store/certificates.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let authority: Authority;
let files: { cert: string; key: string };
let server: TestServer | undefined;

beforeAll(async () => {
  authority = await makeAuthority();
  const { certificate, key } = await authority.sign('localhost');
  files = { cert: certificate, key };
});
afterEach(async () => {
  await server?.remove();
  server = undefined;
});
afterAll(() => authority.remove());

/** Requests a path over a new connection that trusts the authority, and returns answer and certificate name. */
async function get(path: string): Promise<{ status: number; text: string; name: string }> {
  let name = '';
  const dispatcher = new Agent({
    connect: {
      ca: readFileSync(authority.certificate, 'utf8'),
      servername: 'localhost',
      checkServerIdentity: (_host, { subject }) => {
        name = String(subject.CN);
        return undefined;
      },
    },
  });
  const answer = await request(`${server?.url}${path}`, { dispatcher });
  const text = await answer.body.text();
  await dispatcher.close();
  return { status: answer.statusCode, text, name };
}

it('a server with a certificate serves HTTPS, and the WSDL says so', async () => {
  server = await startTestServer({ certificate: files });
  expect(server.endpoint).toMatch(/^https:/);
  expect(server.log.map(({ msg }) => msg)).toContain(`Server listening at ${server.url}`);
  const { text } = await get('/soap/mktows/2_7?WSDL');
  expect(text).toContain(`location="${server.endpoint}"`);
  expect(await get('/readyz')).toMatchObject({ status: 200, name: 'localhost' });
});

it('connections over TLS count against the caps', async () => {
  server = await startTestServer({ certificate: files });
  expect((await get('/metrics')).text).toMatch(/^mktows_connections 1$/m);
});

it('plain HTTP to it is closed without an answer, and it goes on', async () => {
  server = await startTestServer({ certificate: files });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /livez HTTP/1.1\r\n\r\n');
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answer).not.toContain('HTTP/1.1 ');
  expect((await get('/livez')).status).toBe(200);
});

it('a certificate that is replaced is used for new connections; one that does not fit its key is not', async () => {
  const own = { cert: join(files.cert, '..', 'now.pem'), key: join(files.key, '..', 'now.key') };
  await copyFile(files.cert, own.cert);
  await copyFile(files.key, own.key);
  server = await startTestServer({ certificate: own });
  expect((await get('/livez')).name).toBe('localhost');
  const next = await authority.sign('next.example');
  await copyFile(next.certificate, own.cert);
  const { log } = server;
  await vi.waitFor(() => expect(log).toContainEqual(expect.objectContaining({ level: 40 })), 60_000);
  expect((await get('/livez')).name).toBe('localhost');
  await copyFile(next.key, own.key);
  await vi.waitFor(async () => expect((await get('/livez')).name).toBe('next.example'), {
    timeout: 60_000,
    interval: 200,
  });
});

it('a certificate with another key is refused before anything starts', async () => {
  const other = await authority.sign('other.example');
  await expect(startTestServer({ certificate: { ...files, key: other.key } })).rejects.toThrow(
    'the key belongs to another certificate',
  );
});
