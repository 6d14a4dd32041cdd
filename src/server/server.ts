import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  fastify,
  LogController,
} from 'fastify';
import type { AddressList } from '../gate/addresses.ts';
import type { Authenticate } from '../gate/authenticate.ts';
import type { Limits } from '../gate/limits.ts';
import type { MObjectSettings } from '../mobjects/settings.ts';
import type { Store } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import { createCallHandler } from './call.ts';
import { type Connections, watchConnections } from './connections.ts';
import { hostAndPort, LATEST_VERSION, SOAP_PATH } from './endpoint.ts';
import { expectShortLives } from './garbage-collection.ts';
import { addHealthRoutes } from './health.ts';
import { httpTimes, MAX_HEADER_BYTES } from './http-times.ts';
import type { Logger } from './log.ts';
import { answerMalformed } from './malformed.ts';
import { createMetrics } from './metrics.ts';
import { addSoapRoute } from './soap-route.ts';
import { createTurns } from './turns.ts';

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
  readonly logger: Logger;
  readonly now?: () => Date;
}

export interface SoapServer {
  readonly app: FastifyInstance;
  /** Takes no new connections, finishes the calls that it began, and closes the store. */
  stop(): Promise<void>;
}

/** The server, not listening yet. */
export function createServer(options: ServerOptions): SoapServer {
  const { store, logger, caps, now = () => new Date() } = options;
  const trustProxy = options.trustProxy?.length ? [...options.trustProxy] : false;
  let connections: Connections | undefined;
  let stopping = false;

  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
    bodyLimit: caps.maxBytes,
    requestTimeout: httpTimes.request,
    keepAliveTimeout: httpTimes.keepAlive,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    http: {
      headersTimeout: httpTimes.headers,
      connectionsCheckingInterval: httpTimes.checkEvery,
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
    },
    clientErrorHandler(error, socket) {
      if (connections) void answerMalformed(error, socket, connections, logger);
    },
    frameworkErrors: refuseAddress,
  });
  connections = watchConnections(app.server);
  // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1 allows either).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onSend', async (_request, reply) => {
    if (stopping) reply.header('connection', 'close');
  });

  const underWay = new Set<Promise<string>>();
  const handler = createCallHandler({ ...options, caps, now });
  const metrics = createMetrics();
  const turns = createTurns();
  addSoapRoute(app, {
    carryOut(call, trace) {
      const turn = turns.take();
      const work = turn ? turn.then(() => handler(call, trace)) : handler(call, trace);
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
      const cut = setTimeout(() => app.server.closeAllConnections(), httpTimes.stop);
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
