import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { createAuthenticator } from '../../src/access/authenticate.ts';
import { createLimits, type LimitSettings, noLimits } from '../../src/access/limits.ts';
import { createSecrets } from '../../src/access/secrets.ts';
import { createUsers, type Users } from '../../src/access/users.ts';
import { createClient } from '../../src/client/index.ts';
import type { Message } from '../../src/contract/messages.ts';
import { defaultSettings } from '../../src/rules/settings.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/server.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { encodeCall } from '../../src/wire/call-encoder.ts';
import { defaultCaps } from '../../src/wire/caps.ts';
import { sign } from '../../src/wire/signature.ts';

export const user = { userId: 'test_1_ABC', secret: 'a secret of the tests' };

/** A server on a database of its own. */
export interface TestServer extends RunningServer {
  readonly store: Store;
  /** What was logged so far, a line each. */
  readonly log: readonly Record<string, unknown>[];
  /** Stops the server, unless it has been, and removes the database. */
  remove(): Promise<void>;
}

export type TestServerOptions = Partial<ServerOptions> & {
  /** Makes the users that the call worker knows; without it there is none. */
  readonly usersForSecond?: ((store: Store) => Users) | undefined;
  readonly limitSettings?: Partial<LimitSettings>;
  /** A database that outlives the server; without it one of its own. */
  readonly database?: string;
  /** Puts something between the server and its store. */
  readonly between?: (store: Store) => Store;
};

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { limitSettings, database, usersForSecond, between = (store: Store) => store, ...others } = options;
  const folder = await mkdtemp(join(tmpdir(), 'mktows-server-'));
  const store = await openStore(database ?? `sqlite:${join(folder, 'test.db')}`);
  const log: Record<string, unknown>[] = [];
  const users =
    usersForSecond?.(store) ??
    createUsers({
      table: store.users,
      secrets: createSecrets({ key: undefined, keyFile: join(folder, 'test.key') }),
      given: [user],
    });
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    store: between(store),
    settings: defaultSettings,
    authenticate: createAuthenticator({ users }),
    limits: createLimits({ ...noLimits, ...limitSettings }),
    caps: defaultCaps,
    ...(usersForSecond === undefined ? {} : { callWorker: { users } }),
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    ...others,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= server.stop();
    return stopped;
  };
  return {
    ...server,
    store,
    log,
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

export const clientOf = (server: TestServer, caller = user) =>
  createClient({ retries: 0, endpoint: server.endpoint, ...caller });

/** A call that inserts an opportunity of this name. */
export const insertOf = (name: string): Message<'ParamsSyncMObjects'> => ({
  mObjectList: {
    mObject: [{ type: 'Opportunity', attribList: { attrib: [{ name: 'Name', value: name }] } }],
  },
  operation: 'INSERT',
});

/** An authentication header that is right, but for what `changes` says. */
export function header(changes: Partial<Message<'AuthenticationHeaderInfo'>> = {}) {
  const requestTimestamp = changes.requestTimestamp ?? new Date().toISOString();
  const mktowsUserId = changes.mktowsUserId ?? user.userId;
  const requestSignature = sign(user.secret, mktowsUserId, requestTimestamp);
  return { mktowsUserId, requestSignature, requestTimestamp, ...changes };
}

/** The text of a signed call. */
export const envelope = (params = insertOf('One'), authentication = header()): string =>
  encodeCall('syncMObjects', params, authentication);

/** Posts this body to the server's endpoint. */
export async function post(
  server: TestServer,
  body: string | Uint8Array,
  headers: Record<string, string> = { 'content-type': 'text/xml; charset=utf-8' },
) {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    body: body as NonNullable<RequestInit['body']>,
    headers,
  });
  return { response, status: response.status, text: await response.text() };
}

/** The code in the detail of a fault's text. */
export const faultCode = (answer: string): number => Number(/<code>(\d+)<\/code>/.exec(answer)?.[1]);

/** The message in the detail of a fault's text. */
export const faultMessage = (answer: string): string => /<message>(.*?)<\/message>/s.exec(answer)?.[1] ?? '';

/** Sends bytes over a connection of their own, piece after piece, and resolves to all that came back until its end. */
export async function overSocket(
  server: TestServer,
  ...pieces: readonly (string | Uint8Array)[]
): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  for (const piece of pieces) socket.write(piece);
  return await text(socket);
}

/** A request of HTTP/1.1 or another version, with a body. */
export function rawRequest(
  server: TestServer,
  body: string,
  headers: readonly string[] = [],
  version = '1.1',
): string {
  const head = [
    `POST ${new URL(server.endpoint).pathname} HTTP/${version}`,
    `Host: ${new URL(server.url).host}`,
    'Content-Type: text/xml; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** A store whose calls wait, to be put between: `begun` resolves when the first is there, `letGo` lets all go on. */
export function heldStore() {
  const { promise: gate, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: begun, resolve: reached } = Promise.withResolvers<void>();
  const between = (store: Store): Store =>
    Object.assign(Object.create(store) as Store, {
      apply: async (...call: Parameters<Store['apply']>) => {
        reached();
        await gate;
        return store.apply(...call);
      },
    });
  return { between, begun, letGo };
}
