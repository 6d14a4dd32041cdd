import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type CodeOptions, serveValues } from '../../src/cli/code-options.ts';
import { type Serving, startServing } from '../../src/cli/serving.ts';
import { createClient } from '../../src/client/index.ts';

export const caller = { user: 'test_1_ABC', secret: 'a secret of the tests' };

export interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  json<Value = Record<string, unknown>>(): Value;
}

export interface AskOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** A body of JSON as it is sent. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the token. */
  readonly isAnonymous?: boolean;
}

/** A server with all options of `serve`, and its admin API. */
export interface AdminServer {
  readonly serving: Serving;
  readonly folder: string;
  readonly token: string;
  /** Sends a request to a path, below /api/v1 unless it begins with `//`; by default with the token. */
  ask(path: string, options?: AskOptions): Promise<Asked>;
  client(): ReturnType<typeof createClient>;
  remove(): Promise<void>;
}

export async function startAdminServer(more: CodeOptions = {}): Promise<AdminServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mktows-admin-'));
  const values = serveValues({
    port: 0,
    database: `sqlite:${join(folder, 'test.db')}`,
    logLevel: 'silent',
    threads: '1',
    adminTokenFile: join(folder, 'token'),
    keyFile: join(folder, 'key'),
    ...caller,
    ...more,
  });
  const serving = await startServing(values, async () => {});
  const { admin, server } = serving;
  const token = admin ? (await readFile(admin.tokenFile, 'utf8')).trim() : '';

  return {
    serving,
    folder,
    token,
    async ask(path, { method = 'GET', body, text: json, headers = {}, isAnonymous = false } = {}) {
      const url = new URL(path.startsWith('//') ? path.slice(1) : `/api/v1${path}`, admin?.url ?? server.url);
      const sent = body === undefined ? json : JSON.stringify(body);
      const { promise, resolve, reject } = Promise.withResolvers<Asked>();
      const asking = request(url, {
        method,
        agent: false,
        headers: {
          ...(sent === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
          ...(isAnonymous ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      asking.on('error', reject);
      asking.on('response', async (response) => {
        const answer = await text(response);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: answer,
          json: () => JSON.parse(answer),
        });
      });
      asking.end(sent);
      return promise;
    },
    client: () =>
      createClient({ endpoint: server.endpoint, userId: caller.user, secret: caller.secret, retries: 0 }),
    async remove() {
      await serving.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
