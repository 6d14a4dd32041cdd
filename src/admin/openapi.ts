import type { TObject, TSchema } from 'typebox';
import { API_PATH } from './paths.ts';
import type { AdminRoute } from './route.ts';

/** Returns the OpenAPI 3.1 document of these routes. */
export function openApiOf(routes: readonly AdminRoute[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    (paths[route.path] as Record<string, object>)[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'mktows admin API',
      version,
      description:
        'What happened to the rows of calls, and why; the objects, users and settings of a server.',
    },
    servers: [{ url: API_PATH }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: '"mktows admin-token" shows it' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'mktows_session_8980',
          description:
            'set by POST /session; the name ends with the port. Requests that change something also need x-csrf-token',
        },
      },
      responses: { Problem: problemResponse },
    },
  };
}

const problemResponse = {
  description: 'Refused: what was wrong, and what to do (RFC 9457)',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['title', 'status', 'detail'],
        properties: {
          title: { type: 'string' },
          status: { type: 'integer' },
          detail: { type: 'string' },
          errors: {
            type: 'array',
            items: {
              type: 'object',
              required: ['path', 'message'],
              properties: { path: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  },
};

function operationOf(route: AdminRoute): object {
  const { method, path, summary, tag, params, query, body, answer, answerType, isOpen } = route;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  return {
    operationId: operationId(method, path),
    summary,
    tags: [tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      ...(answer === null
        ? { 204: { description: 'Done' } }
        : {
            200: {
              description: 'Done',
              content: { [answerType ?? 'application/json']: { schema: answer } },
            },
          }),
      default: { $ref: '#/components/responses/Problem' },
    },
    ...(isOpen ? { security: [] } : {}),
  };
}

function parametersOf(schema: TObject | undefined, place: 'path' | 'query'): object[] {
  if (schema === undefined) return [];
  const required: readonly string[] = schema.required ?? [];
  return Object.entries(schema.properties as Record<string, TSchema>).map(([name, property]) => {
    const { description } = property as { description?: string };
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: property,
    };
  });
}

/** `GET /calls/{number}` becomes `getCallsNumber`. */
const operationId = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
