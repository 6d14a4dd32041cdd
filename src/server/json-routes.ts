import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { StoreError } from '../store/store.ts';
import { type Bodies, BodyRefusal } from './request-bodies.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The maximum size of the route's JSON body, in bytes; undefined: it takes none. */
    jsonBytes?: number;
  }
  interface FastifyRequest {
    /** Reading the body has begun. */
    isBodyRead: boolean;
  }
}

/** Handles one method of a path. The resolved value is sent as JSON. */
export interface Route {
  /**
   * The maximum size of the JSON body (`request.body`), in bytes. Undefined: the route takes none, and a body is
   * discarded.
   */
  readonly maxBytes?: number;
  handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/** HEAD is implied by GET. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const allMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A mistake in a request. `path`: of the value, such as `costs[1].month`. */
export interface RequestMistake {
  readonly path: string;
  readonly message: string;
}

/** A refused request, sent as problem details (RFC 9457). `detail`: what was wrong, and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** All mistakes, if there can be several. */
  readonly errors: readonly RequestMistake[] | undefined;

  constructor(status: number, detail: string, errors?: readonly RequestMistake[]) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Reads request bodies as routes declare them. JSON is read after the `onRequest` hooks of the route's plugin, so
 * that refused callers take no memory. Other bodies are read to their end and discarded before the answer, since most
 * clients read no answer before they have sent everything.
 */
export function readBodies(
  app: FastifyInstance,
  bodies: Bodies,
  refuse: (refusal: Error, reply: FastifyReply) => FastifyReply,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, _payload, done) => done(null, request.body));
  app.decorateRequest('isBodyRead', false);
  app.addHook('onRequest', async (request, reply) => {
    if (jsonBytesOf(request) !== undefined) return undefined;
    request.isBodyRead = true;
    try {
      await bodies.discard(request.raw, reply.raw);
    } catch (error) {
      return refuse(error as Error, reply);
    }
    return undefined;
  });
  app.addHook('preParsing', async (request, reply) => {
    const maxBytes = jsonBytesOf(request);
    if (maxBytes !== undefined) request.body = await readJson(request, reply, bodies, maxBytes);
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.isBodyRead) return;
    // If the body breaks off, the connection closes; the answer stays the same.
    await bodies.discard(request.raw, reply.raw).catch(() => {});
  });
}

const jsonBytesOf = ({ routeOptions }: FastifyRequest) => routeOptions.config?.jsonBytes;

async function readJson(
  request: FastifyRequest,
  reply: FastifyReply,
  bodies: Bodies,
  maxBytes: number,
): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = request.headers;
  if (type === '' && isEmpty(request)) return {};
  if (!/^application\/(?:[\w.+-]+\+)?json *(?:;|$)/i.test(type)) {
    const found = type === '' ? 'no Content-Type' : `Content-Type ${type}`;
    throw new Problem(415, `The request has ${found}; expected application/json`);
  }
  if (coding.toLowerCase() !== 'identity') {
    throw new Problem(415, `The request has Content-Encoding ${coding}; send the JSON as it is`);
  }
  request.isBodyRead = true;
  reply.raw.once('close', () => bodies.release(request.raw));
  return parse(await bodies.read(request.raw, reply.raw, { maxBytes }));
}

/** Tells whether a request has no body, as `curl -X POST` sends it: the same as an empty object. */
const isEmpty = ({ headers }: FastifyRequest) =>
  (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;

/** Deeper values would exhaust the call stack of what reads them. */
const MOST_DEPTH = 64;

function parse(bytes: Uint8Array): unknown {
  const value = parsed(bytes);
  if (isDeeper(value, MOST_DEPTH))
    throw new Problem(400, `The body has lists and objects more than ${MOST_DEPTH} deep in each other`);
  return value;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const inner of Object.values(value)) if (isDeeper(inner, depth - 1)) return true;
  return false;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new Problem(400, `The body is not valid JSON: ${reason}`);
  }
}

/** Adds a path with its methods. OPTIONS lists the methods; others return 405. */
export function addRoutes(
  app: FastifyInstance,
  url: string,
  methods: { readonly [Method in RouteMethod]?: Route },
): void {
  for (const [method, { maxBytes, handle }] of Object.entries(methods)) {
    const config = maxBytes === undefined ? {} : { jsonBytes: maxBytes };
    app.route({ method, url, config, errorHandler: sendProblem, handler: handle });
  }
  const taken = allMethods.filter((method) => method in methods || (method === 'HEAD' && 'GET' in methods));
  const allow = [...taken, 'OPTIONS'].join(', ');
  app.route({
    method: allMethods.filter((method) => !taken.includes(method)),
    url,
    exposeHeadRoute: false,
    errorHandler: sendProblem,
    async handler({ method }, reply) {
      reply.header('allow', allow);
      if (method === 'OPTIONS') return reply.code(204).send();
      throw new Problem(405, `${method} does nothing here; expected ${allow}`);
    },
  });
}

/** Sends an error as problem details. The details of unexpected errors go only to the log. */
export function sendProblem(error: FastifyError | Error, { log }: FastifyRequest, reply: FastifyReply): void {
  const { status, detail, errors } = problemOf(error);
  if (status === 500) log.error({ err: error }, 'a request failed');
  const problem = { title: STATUS_CODES[status], status, detail, errors };
  void reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}

function problemOf(error: FastifyError | Error): {
  status: number;
  detail: string;
  errors?: readonly RequestMistake[] | undefined;
} {
  if (error instanceof Problem) return { status: error.status, detail: error.message, errors: error.errors };
  if (error instanceof StoreError) return { status: 503, detail: error.message };
  if (error instanceof BodyRefusal) {
    return error.reason === 'no room'
      ? { status: 503, detail: `${error.message}; send this request again when others are answered` }
      : { status: 413, detail: error.message };
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status < 500) return { status, detail: error.message };
  return { status: 500, detail: 'The server failed unexpectedly; its log says how' };
}
