import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { type AddressList, createAddressList, namedBlocks } from '../gate/addresses.ts';
import type { Authenticate } from '../gate/authenticate.ts';
import type { Limits } from '../gate/limits.ts';
import type { MObjectSettings } from '../mobjects/settings.ts';
import type { Store } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import { createBodies } from './bodies.ts';
import { createCallHandler, type IncomingCall } from './call.ts';
import { type Connections, watchConnections } from './connections.ts';
import { hostAndPort, isSoapPath, LATEST_VERSION, SOAP_PATH } from './endpoint.ts';
import { expectShortLives } from './garbage-collection.ts';
import { addHealthRoutes } from './health.ts';
import { checkEvery, defaultHttpCaps, type HttpCaps, serverTimes } from './http-caps.ts';
import type { Logger } from './log.ts';
import { answerMalformed } from './malformed.ts';
import { createMetrics } from './metrics.ts';
import { addSoapRoute } from './soap-route.ts';
import { createTurns } from './turns.ts';
import { createTurnstile } from './turnstile.ts';

export interface ServerOptions {
  /** The server closes it, and the limits, when it stops. */
  readonly store: Store;
  readonly settings: MObjectSettings;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** The client addresses that may call; undefined: all. */
  readonly addresses?: AddressList | undefined;
  /** Proxies whose X-Forwarded-* headers count: addresses, blocks, loopback, linklocal, uniquelocal. */
  readonly trustProxy?: readonly string[];
  /** `maxBytes` bounds the body as sent, too. */
  readonly caps: WireCaps;
  /** What clients may take up of the server; without it `defaultHttpCaps`. */
  readonly httpCaps?: HttpCaps;
  readonly logger: Logger;
  readonly now?: () => Date;
}

export interface SoapServer {
  readonly app: FastifyInstance;
  /** Takes no new connections, finishes the calls that it began, and closes the store. */
  stop(): Promise<void>;
}

/** Calls of bodies up to this length never wait for others. */
const SMALL_BYTES = 64 * 1024;
/** So many bytes of larger bodies, unpacked, are worked on at once: read as messages they take several times that. */
const LARGE_AT_ONCE = 32 * 1024 * 1024;
/** Deflate packs no more than so many bytes into one (zlib's technical details). */
const MOST_PACKED = 1032;

/** How long the body of a call can be once it is unpacked. */
const weightOf = ({ body, contentEncoding }: IncomingCall, maxBytes: number) =>
  contentEncoding === undefined ? body.length : Math.min(maxBytes, body.length * MOST_PACKED);

/** Whether an address is that of one of these proxies. */
function proxiesOf(proxies: readonly string[]): (address: string) => boolean {
  const list = createAddressList(proxies.flatMap((proxy) => namedBlocks[proxy] ?? [proxy]));
  return (address) => list.allows(address);
}

/** The server, not listening yet. */
export function createServer(options: ServerOptions): SoapServer {
  const { store, logger, caps, httpCaps = defaultHttpCaps, now = () => new Date() } = options;
  const trustProxy = options.trustProxy?.length ? [...options.trustProxy] : false;
  const metrics = createMetrics();
  const { refused } = metrics;
  let connections: Connections | undefined;
  let stopping = false;

  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
    bodyLimit: caps.maxBytes,
    requestTimeout: httpCaps.bodyTime,
    keepAliveTimeout: httpCaps.idleTime,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    http: {
      // Node takes no longer time for the headers than for all.
      headersTimeout: Math.min(httpCaps.headerTime, httpCaps.bodyTime),
      requestTimeout: httpCaps.bodyTime,
      connectionsCheckingInterval: checkEvery(httpCaps),
      maxHeaderSize: httpCaps.maxHeaderBytes,
      requireHostHeader: false,
    },
    clientErrorHandler(error, socket) {
      if (connections) void answerMalformed(error, socket, { connections, caps: httpCaps, refused, logger });
    },
    frameworkErrors: refuseAddress,
  });
  const watched = watchConnections(app.server, {
    ...httpCaps,
    isProxy: proxiesOf(options.trustProxy ?? []),
    refused,
    ended: metrics.connectionEnded,
  });
  connections = watched;
  // A client that ends its side after a whole request still reads (RFC 9112, 9.6). Node's type does not have it.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1 allows either).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

  const bodies = createBodies({ ...httpCaps, maxBytes: caps.maxBytes, refused });
  metrics.reads({ connections: () => watched.size, bodiesBytes: () => bodies.counted });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest) => bodies.read(request.raw));
  app.addHook('onRequest', (request, _reply, done) => watched.inTurn(request.raw, done));
  app.addHook('preParsing', (request, reply, _payload, done) => {
    bodies.expect(request.raw, reply.raw);
    const refusal = isSoapPath(request.url) ? watched.refusalOf(request.raw.socket) : undefined;
    done(refusal);
  });
  app.addHook('onSend', async (request, reply) => {
    if (stopping || watched.refusalOf(request.raw.socket)) reply.header('connection', 'close');
    reply.raw.setTimeout(httpCaps.answerTime, () => {
      refused('answer-timeout');
      request.raw.socket.destroy();
    });
  });

  const underWay = new Set<Promise<string>>();
  const handler = createCallHandler({ ...options, caps, now });
  const turns = createTurns();
  const turnstile = createTurnstile(Math.max(caps.maxBytes, LARGE_AT_ONCE));
  addSoapRoute(app, {
    carryOut(call, trace) {
      const weight = weightOf(call, caps.maxBytes);
      const turn = turns.take();
      const begin = () =>
        weight <= SMALL_BYTES ? handler(call, trace) : turnstile.pass(weight, () => handler(call, trace));
      const work = turn ? turn.then(begin) : begin();
      underWay.add(work);
      const done = () => underWay.delete(work);
      work.then(done, done);
      return work;
    },
    addresses: options.addresses,
    journal: store.journal,
    metrics,
    logger,
    maxBytes: caps.maxBytes,
    now,
  });
  addHealthRoutes(app, store, () => stopping);
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));

  return {
    app,
    async stop() {
      stopping = true;
      const closed = app.close();
      connections.drain();
      const cut = setTimeout(() => app.server.closeAllConnections(), serverTimes.stop);
      await closed;
      clearTimeout(cut);
      await Promise.allSettled(underWay);
      await options.limits.close();
      await store.close();
    },
  };
}

function refuseAddress(_error: unknown, _request: unknown, reply: FastifyReply): void {
  void reply.code(400).type('text/plain; charset=utf-8').send('This address is not well-formed.\n');
}

/** A server that listens. */
export interface RunningServer extends SoapServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** The URL that clients call. */
  readonly endpoint: string;
}

/** Makes a server and listens; port 0 picks a free one. Rejects with Node's error, `EADDRINUSE` and the like. */
export async function startServer(
  options: ServerOptions & { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  expectShortLives();
  const server = createServer(options);
  try {
    await server.app.listen({ host: addressFor(options.host), port: options.port });
  } catch (error) {
    await server.app.close();
    throw error;
  }
  const bound = server.app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.port;
  const url = `http://${hostAndPort(options.host, port)}`;
  return { ...server, url, endpoint: `${url}${SOAP_PATH}/${LATEST_VERSION}` };
}

/** The framework would bind each address of localhost with a server of its own, and stop only one of them in order. */
const addressFor = (host: string) => (host === 'localhost' ? '127.0.0.1' : host);
