import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  fastify,
  LogController,
} from 'fastify';
import type { Health } from '../store/store.ts';
import { LATEST_VERSION } from './endpoint.ts';
import type { Forwarded } from './forwarded.ts';
import { addHealthRoutes } from './health.ts';
import { readBodies } from './json-routes.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Bodies } from './request-bodies.ts';

const PLAIN_TEXT = 'text/plain; charset=utf-8';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface OtherRoutesParts {
  /** The server that Fastify is attached to. */
  readonly server: Server;
  /** Receives the listener for all requests outside the SOAP endpoint. */
  readonly serve: (others: Listener) => void;
  readonly malformed: (error: Error & { code?: string }, socket: Socket) => void;
  readonly closesAfterAnswer: (socket: Socket) => boolean;
  readonly limitAnswer: (response: ServerResponse) => void;
  readonly stopping: () => boolean;
  readonly store: Health;
  readonly bodies: Bodies;
  readonly forwarded: Forwarded;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Serves health, metrics and 404s, and the routes that `addRoutes` adds before the server listens. SOAP calls bypass
 * it for speed.
 */
export function createOtherRoutes(parts: OtherRoutesParts): FastifyInstance {
  const { server, bodies, forwarded, metrics } = parts;
  const app = fastify({
    serverFactory(others) {
      parts.serve(others);
      return server;
    },
    loggerInstance: parts.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: false,
    clientErrorHandler: parts.malformed,
    frameworkErrors: refuseAddress,
  });
  readBodies(app, bodies, ({ message }, reply) => reply.code(413).type(PLAIN_TEXT).send(`${message}.\n`));
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (parts.closesAfterAnswer(request.raw.socket)) reply.raw.shouldKeepAlive = false;
    parts.limitAnswer(reply.raw);
    done();
  });
  addHealthRoutes(app, parts.store, parts.stopping);
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.setNotFoundHandler(async ({ raw }, reply) => {
    const endpoint = forwarded.endpointSeenBy(raw, LATEST_VERSION);
    return reply
      .code(404)
      .type(PLAIN_TEXT)
      .send(
        `There is nothing at this path. Send SOAP calls by POST to ${endpoint}; the WSDL is at ${endpoint}?WSDL\n`,
      );
  });
  return app;
}

function refuseAddress(_error: unknown, _request: unknown, reply: FastifyReply): void {
  void reply.code(400).type(PLAIN_TEXT).send('This address is not well-formed.\n');
}
