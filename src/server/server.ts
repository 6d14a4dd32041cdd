import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { AddressList } from '../access/addresses.ts';
import type { Authenticate, TimeWindow } from '../access/authenticate.ts';
import type { Limits } from '../access/limits.ts';
import type { Users } from '../access/users.ts';
import { createLocalBackend } from '../local/local-backend.ts';
import type { JournalEntry } from '../rules/facts.ts';
import type { MObjectSettings } from '../rules/settings.ts';
import type { Store } from '../store/store.ts';
import type { WireCaps } from '../wire/caps.ts';
import type { AroundCall, IncomingCall } from './call.ts';
import { createCallQueue } from './call-queue.ts';
import { createCallRecords } from './call-records.ts';
import type { CallTrace } from './call-trace.ts';
import { type CallWorker, createCallWorker } from './call-worker.ts';
import { type CertificateFiles, followCertificate, readCertificate } from './certificate.ts';
import { answerMalformed } from './client-error.ts';
import { watchConnections } from './connections.ts';
import { hostAndPort, LATEST_VERSION, SOAP_PATH, versionIn } from './endpoint.ts';
import { createForwarded, type Forwarded } from './forwarded.ts';
import { createHeldAnswers } from './held-answers.ts';
import { defaultHttpCaps, type HttpCaps, serverTimes } from './http-caps.ts';
import { createAnswerTime, createHttpServer } from './http-server.ts';
import { type BodySettings, createKeptBodies, type KeptBodies } from './kept-bodies.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOtherRoutes } from './other-routes.ts';
import { createOwnCalls } from './own-calls.ts';
import { createRefusedSignatures, type RefusedSignatures } from './refused-signatures.ts';
import { type Bodies, createBodies } from './request-bodies.ts';
import { type BeforeAnswer, createSoapRoute } from './soap-route.ts';
import { createTrafficCounts, type TrafficCounts } from './traffic-counts.ts';

export interface ServerOptions {
  /** The server closes it, and the limits, when it stops. */
  readonly store: Store;
  readonly settings: MObjectSettings;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** The client addresses that may call; undefined: all. */
  readonly addresses?: AddressList | undefined;
  /** Proxies whose X-Forwarded-* headers are trusted: addresses, blocks, loopback, linklocal, uniquelocal. */
  readonly trustProxy?: readonly string[];
  /** `maxBytes` also limits the body as sent. */
  readonly caps: WireCaps;
  /**
   * Lets a call worker handle some of the calls when several are running. It ignores limits and must be able to open
   * the database; otherwise all calls stay on the main thread.
   */
  readonly callWorker?: { readonly users: Users; readonly window?: TimeWindow } | undefined;
  /** Defaults to `defaultHttpCaps`. */
  readonly httpCaps?: HttpCaps;
  /** Files of a certificate, to serve HTTPS; without it HTTP. */
  readonly certificate?: CertificateFiles | undefined;
  readonly logger: Logger;
  readonly now?: () => Date;
  /** Wraps each operation; see `AroundCall`. */
  readonly around?: AroundCall | undefined;
  readonly beforeAnswer?: BeforeAnswer | undefined;
  /** The optional contents of the journal. Default: values, and the bodies of failed calls, up to 256 MiB. */
  readonly journal?: JournalSettings | undefined;
  /** Creates what serves further paths of the same port. */
  readonly beside?: ((parts: SharedParts) => OtherListener) | undefined;
}

export interface JournalSettings {
  /** The values before and after each change. */
  readonly values: boolean;
  readonly bodies: BodySettings;
}

const defaultJournal = (): JournalSettings => ({
  values: true,
  bodies: { which: 'failed', maxBytes: 256 * 1024 * 1024 },
});

/** The parts of a server that whoever listens beside it shares. */
export interface SharedParts {
  readonly bodies: Bodies;
  readonly forwarded: Forwarded;
  readonly metrics: Metrics;
  /** Returns whether the connection closes after the next answer. */
  readonly closesAfterAnswer: (socket: Socket) => boolean;
  /** Limits the time that the client takes to read an answer. */
  readonly limitAnswer: (response: ServerResponse) => void;
  readonly calls: ServerCalls;
}

/** The calls of a server. */
export interface ServerCalls {
  /** Handles a call as one that came by HTTP. */
  send(call: IncomingCall): Promise<{ readonly trace: CallTrace; readonly answer: string }>;
  /** Returns what a call would do, and does nothing. The signature is not checked. */
  dryRun(
    call: IncomingCall,
    userId: string,
  ): Promise<{ readonly trace: CallTrace; readonly answer: string; readonly rows: JournalEntry['rows'] }>;
  readonly bodySettings: BodySettings;
  readonly keptBodies: KeptBodies;
  readonly refused: RefusedSignatures;
  readonly traffic: TrafficCounts;
}

/** Serves some of the paths outside of the SOAP endpoint. */
export interface OtherListener {
  wants(url: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends what would keep the server from stopping. */
  close(): Promise<void>;
}

export interface SoapServer {
  readonly app: FastifyInstance;
  /** Accepts no new connections, finishes running calls, and closes the store. */
  stop(): Promise<void>;
}

/** Creates a server that does not listen yet. */
export function createServer(options: ServerOptions): SoapServer {
  const { store, logger, caps, httpCaps = defaultHttpCaps, now = () => new Date() } = options;
  const journal = options.journal ?? defaultJournal();
  let stopping = false;
  const metrics = createMetrics();
  const { refused } = metrics;
  const forwarded = createForwarded(options.trustProxy ?? []);
  const { certificate } = options;
  const server = createHttpServer(httpCaps, certificate && readCertificate(certificate));
  const endFollowing =
    certificate && server instanceof HttpsServer ? followCertificate(server, certificate, logger) : undefined;
  const connections = watchConnections(server, {
    ...httpCaps,
    isProxy: forwarded.isProxy,
    refused,
    ended: metrics.connectionEnded,
  });
  const bodies = createBodies({ ...httpCaps, maxBytes: caps.maxBytes, refused });
  const answers = createHeldAnswers({ ...httpCaps, refused });
  metrics.reads({
    connections: () => connections.size,
    bodiesBytes: () => bodies.counted,
    answersBytes: () => answers.counted,
  });
  const answerTime = createAnswerTime(httpCaps.answerTime, refused);
  const { refusalOf } = connections;
  const closesAfterAnswer = (socket: Socket) => stopping || refusalOf(socket) !== undefined;

  const worker = callWorker(options, journal.values, now);
  const { values: hasValues, bodies: bodySettings } = journal;
  const backendFor = createLocalBackend(store, { hasValues });
  const calls = createCallQueue({ ...options, backendFor, caps, now }, worker);
  const keptBodies = createKeptBodies({ bodies: store.bodies, settings: bodySettings, logger, now });
  const refusedSignatures = createRefusedSignatures();
  const traffic = createTrafficCounts({ traffic: store.traffic, logger, now });
  const records = createCallRecords({
    journal: store.journal,
    bodies: keptBodies,
    refused: refusedSignatures,
    traffic,
    metrics,
    logger,
    now,
  });
  const shared = { bodies, forwarded, metrics, logger, closesAfterAnswer };
  const soap = createSoapRoute({
    ...shared,
    calls,
    answers,
    addresses: options.addresses,
    refusalOf,
    whenOut: answerTime.whenOut,
    records,
    beforeAnswer: options.beforeAnswer,
  });
  const beside = options.beside?.({
    ...shared,
    limitAnswer: answerTime.limit,
    calls: {
      ...createOwnCalls({
        handleCall: calls.handleCall,
        records,
        store,
        settings: options.settings,
        caps,
        now,
      }),
      bodySettings,
      keptBodies,
      refused: refusedSignatures,
      traffic,
    },
  });
  const app = createOtherRoutes({
    ...shared,
    server,
    serve(others) {
      server.on('request', (request, response) =>
        connections.inTurn(request, response, () => {
          const { url = '' } = request;
          const version = versionIn(url);
          if (version !== undefined) soap(request, response, version);
          else if (beside?.wants(url)) beside.handle(request, response);
          else others(request, response);
        }),
      );
    },
    malformed: (error, socket) =>
      void answerMalformed(error, socket, { connections, caps: httpCaps, refused, logger }),
    limitAnswer: answerTime.limit,
    stopping: () => stopping,
    store,
  });

  return {
    app,
    async stop() {
      stopping = true;
      endFollowing?.();
      const closed = app.close();
      connections.drain();
      await beside?.close();
      const cut = setTimeout(() => server.closeAllConnections(), serverTimes.stop);
      await closed;
      clearTimeout(cut);
      await calls.settled();
      await worker?.close();
      await keptBodies.settled();
      await traffic.close();
      await options.limits.close();
      await store.close();
    },
  };
}

function callWorker(options: ServerOptions, journalValues: boolean, now: () => Date): CallWorker | undefined {
  const { callWorker: wanted, store, settings, caps, logger } = options;
  if (wanted === undefined || store.access === null) return undefined;
  return createCallWorker({ ...wanted, access: store.access, settings, journalValues, caps, logger, now });
}

/** A listening server. */
export interface RunningServer extends SoapServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** The URL for calls. */
  readonly endpoint: string;
}

/** Creates a server and listens; port 0 picks a free port. Rejects with Node's error, such as `EADDRINUSE`. */
export async function startServer(
  options: ServerOptions & { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const server = createServer(options);
  const scheme = options.certificate ? 'https' : 'http';
  try {
    await server.app.listen({
      host: addressFor(options.host),
      port: options.port,
      // Fastify takes a server that it did not make for one of HTTP.
      listenTextResolver: (address) => `Server listening at ${address.replace(/^http(?=:)/, scheme)}`,
    });
  } catch (error) {
    await server.app.close();
    throw error;
  }
  const bound = server.app.server.address();
  const port = typeof bound === 'object' && bound ? bound.port : options.port;
  const url = `${scheme}://${hostAndPort(options.host, port)}`;
  return { ...server, url, endpoint: `${url}${SOAP_PATH}/${LATEST_VERSION}` };
}

/** Fastify would create a server for each address of localhost and stop only one of them gracefully. */
const addressFor = (host: string) => (host === 'localhost' ? '127.0.0.1' : host);
