import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import Type from 'typebox';
import type { Forwarded } from '../server/forwarded.ts';
import { addRoutes, Problem, type Route, readBodies, sendProblem } from '../server/json-routes.ts';
import type { Bodies } from '../server/request-bodies.ts';
import { type Access, createAccess } from './access.ts';
import { createCallStreams } from './call-streams.ts';
import { addConsole } from './console.ts';
import type { AdminContext } from './context.ts';
import { createFailedLogins } from './failed-logins.ts';
import { openApiOf } from './openapi.ts';
import { addPage } from './page.ts';
import { API_PATH } from './paths.ts';
import { checkOrigin, checkReach, type Reach } from './reach.ts';
import { type AdminRoute, adminRoute } from './route.ts';
import { adminRoutes } from './routes.ts';
import { sessionRoutes } from './session-routes.ts';
import type { AdminToken } from './token.ts';
import { bodyReader, textReader } from './validate.ts';

export interface AdminParts {
  readonly context: Omit<AdminContext, 'streams'>;
  readonly token: AdminToken;
  readonly reach: Reach;
  readonly bodies: Bodies;
  readonly forwarded: Forwarded;
  readonly closesAfterAnswer: (socket: Socket) => boolean;
  readonly limitAnswer: (response: ServerResponse) => void;
  /** The folder of the console's files. */
  readonly consoleFolder?: string;
}

/** The admin API and the console, as a listener of requests. */
export interface Admin {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends streams, and finishes running requests. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;

/** On every answer: nothing is kept, guessed, framed or told to others. */
const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export async function createAdmin(parts: AdminParts): Promise<Admin> {
  const { token, bodies, forwarded, reach } = parts;
  const { sessions, logger, store } = parts.context;
  const access = createAccess({ token, sessions, forwarded, logger, failedLogins: createFailedLogins() });
  const streams = createCallStreams(store, access, logger);
  const context: AdminContext = { ...parts.context, streams };
  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) =>
      sendProblem(new Problem(400, 'This address is not well-formed'), request, reply),
  });
  app.addHook('onRequest', async ({ raw }, reply) => {
    reply.headers(headers);
    checkReach(raw, forwarded, reach);
  });
  readBodies(app, bodies, (error, reply) => {
    sendProblem(error, reply.request, reply);
    return reply;
  });
  app.addHook('onSend', async (request, reply) => {
    if (parts.closesAfterAnswer(request.raw.socket)) reply.raw.shouldKeepAlive = false;
    parts.limitAnswer(reply.raw);
  });
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(async () => {
    throw new Problem(404, `There is nothing at this path; ${API_PATH}/ shows the routes of the admin API`);
  });
  addPage(app);
  addConsole(app, parts.consoleFolder);
  const routes = [...sessionRoutes({ token, sessions, access, forwarded }), ...adminRoutes];
  addAdminRoutes(app, [openApiRoute(routes, context.server.version), ...routes], {
    access,
    forwarded,
    context,
  });
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    async close() {
      streams.close();
      await app.close();
    },
  };
}

function openApiRoute(routes: readonly AdminRoute[], version: string): AdminRoute {
  // Anyone may ask for it, so it is written once.
  const text = JSON.stringify(openApiOf(routes, version));
  return adminRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'Describes the routes',
    tag: 'description',
    isOpen: true,
    answer: Type.Unsafe<object>({ type: 'object' }),
    handle: async ({ http: { reply } }) => reply.type('application/json; charset=utf-8').send(text),
  });
}

interface RouteParts {
  readonly access: Access;
  readonly forwarded: Forwarded;
  readonly context: AdminContext;
}

function addAdminRoutes(app: FastifyInstance, routes: readonly AdminRoute[], parts: RouteParts): void {
  const { access, forwarded } = parts;
  const open = new Set(
    routes.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${urlOf(path)}`),
  );
  void app.register(async (plugin) => {
    plugin.addHook('onRequest', async (request, reply) => {
      checkOrigin(request.raw, forwarded);
      if (!open.has(`${request.method} ${request.routeOptions.url}`)) await access.check(request, reply);
    });
    for (const [path, methods] of Map.groupBy(routes, (route) => route.path)) {
      addRoutes(
        plugin,
        urlOf(path),
        Object.fromEntries(methods.map((route) => [route.method, served(route, parts)])),
      );
    }
  });
}

/** Returns the path as the router wants it. */
const urlOf = (path: string): string => API_PATH + path.replace(/\{(\w+)\}/g, ':$1');

function served(route: AdminRoute, { context }: RouteParts): Route {
  const readParams = route.params && textReader(route.params, 'the path');
  const readQuery = textReader(route.query ?? Type.Object({}), 'the query');
  const readBody = route.body && bodyReader(route.body);
  return {
    ...(route.body === undefined ? {} : { maxBytes: route.maxBytes ?? MIB }),
    async handle(request, reply) {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const answer = await route.handle(
        {
          params: readParams?.(request.params),
          query: readQuery(request.query),
          body: readBody?.(request.body),
          signal: gone.signal,
          http: { request, reply },
        },
        context,
      );
      if (reply.sent) return reply;
      return route.answer === null ? reply.code(204).send() : reply.send(answer);
    },
  };
}
