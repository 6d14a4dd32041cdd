import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reasonToSkip } from '../programs.ts';
import { type Authority, makeAuthority } from '../store/certificates.ts';
import { freePort } from '../store/embedded-postgres.ts';
import { envelope, startTestServer, type TestServer } from './test-server.ts';

const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');

/** The block of SECURITY.md in this language, with what is the test's own in place of what stands there. */
function block(language: string, own: Readonly<Record<string, string>>): string {
  let found = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
  for (const [there, here] of Object.entries(own)) {
    expect(found).toContain(there);
    found = found.replaceAll(there, here);
  }
  return found;
}

interface Setting {
  readonly folder: string;
  readonly port: number;
  /** Host and port of mktows. */
  readonly upstream: string;
  readonly certificate: string;
  readonly key: string;
}

interface Proxy {
  readonly missing: string | undefined;
  /** Writes the configuration into the folder, and gives the command that runs the proxy in the foreground. */
  command(setting: Setting): [program: string, ...words: string[]];
}

const nginx: Proxy = {
  missing: reasonToSkip(['nginx', '-v'], 'nginx-light'),
  command({ folder, port, upstream, certificate, key }) {
    const server = block('nginx', {
      'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
      '/etc/ssl/mktows.pem': certificate,
      '/etc/ssl/mktows.key': key,
      '127.0.0.1:8980': upstream,
    });
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; events {}
      http { access_log off; ${places.join(' ')} ${server} }`,
    );
    return ['nginx', '-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  },
};

const haproxy: Proxy = {
  missing: reasonToSkip(['haproxy', '-v'], 'haproxy'),
  command({ folder, port, upstream, certificate, key }) {
    const both = join(folder, 'both.pem');
    writeFileSync(both, `${readFileSync(certificate, 'utf8')}${readFileSync(key, 'utf8')}`);
    const config = block('haproxy', {
      'bind :443': `bind 127.0.0.1:${port}`,
      '/etc/ssl/mktows-with-key.pem': both,
      '127.0.0.1:8980': upstream,
    });
    writeFileSync(join(folder, 'haproxy.cfg'), config);
    return ['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')];
  },
};

const HOST = 'api.example.com';
let authority: Authority;
let server: TestServer;
let running: ChildProcess | undefined;
let folder: string;
beforeAll(async () => {
  authority = await makeAuthority();
  server = await startTestServer({ trustProxy: ['loopback'] });
});
afterAll(async () => {
  await server.remove();
  await authority.remove();
});
afterEach(async () => {
  if (running?.exitCode === null) {
    running.kill('SIGKILL');
    await new Promise((resolve) => running?.once('close', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Asks the proxy on this port over TLS, as a client that knows it by its name. */
function ask(port: number, path: string, body?: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { host: `${HOST}:${port}`, 'content-type': 'text/xml; charset=utf-8' };
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers,
        servername: HOST,
        ca: readFileSync(authority.certificate),
      },
      (response) =>
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, text: answer }), reject),
    );
    asked.once('error', reject).end(body);
  });
}

async function start(proxy: Proxy): Promise<number> {
  folder = mkdtempSync(join(tmpdir(), 'mktows-proxy-'));
  const port = await freePort();
  const upstream = new URL(server.url).host;
  const [program, ...words] = proxy.command({ folder, port, upstream, ...(await authority.sign(HOST)) });
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  running = child;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  await expect
    .poll(() =>
      ask(port, '/').then(
        () => 'answers',
        () => (child.exitCode === null ? 'starts' : said),
      ),
    )
    .toBe('answers');
  return port;
}

describe.each([
  ['nginx', nginx],
  ['HAProxy', haproxy],
])('behind %s, set up as SECURITY.md says', (_name, proxy) => {
  it.skipIf(proxy.missing)(
    'the WSDL names the address of the proxy, calls are answered, the rest is hidden',
    async () => {
      const port = await start(proxy);
      const wsdl = await ask(port, '/soap/mktows/2_7?WSDL');
      expect(/<soap:address location="([^"]*)"/.exec(wsdl.text)?.[1]).toBe(
        `https://${HOST}:${port}/soap/mktows/2_7`,
      );
      expect(await ask(port, '/soap/mktows/2_7', envelope())).toMatchObject({
        status: 200,
        text: expect.stringContaining('CREATED'),
      });
      expect(server.log.at(-1)).toMatchObject({ address: '127.0.0.1' });
      for (const path of ['/metrics', '/livez', '/readyz', '/']) {
        expect([path, (await ask(port, path)).status]).toEqual([path, 404]);
      }
    },
  );
});
