import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminRoutes } from '../../src/admin/routes.ts';
import { type AdminServer, startAdminServer } from './admin-server.ts';

let server: AdminServer;
beforeAll(async () => {
  server = await startAdminServer();
});
afterAll(() => server.remove());

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

it('the document describes every route, once', async () => {
  const { openapi, paths } = (await server.ask('/openapi.json', { isAnonymous: true })).json<OpenApi>();
  expect(openapi).toBe('3.1.0');
  for (const { method, path } of adminRoutes) expect(paths[path]?.[method.toLowerCase()]).toBeDefined();
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

it('the document names each parameter of a path, and an answer', async () => {
  const { paths } = (await server.ask('/openapi.json')).json<OpenApi>();
  for (const [path, methods] of Object.entries(paths)) {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
    for (const { parameters = [], responses } of Object.values(methods)) {
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        inPath,
      );
      expect(Object.keys(responses)).toEqual([expect.stringMatching(/^20[04]$/), 'default']);
    }
  }
});

it('a page shows it, with scripts of its own only', async () => {
  const page = await server.ask('/', { isAnonymous: true });
  expect(page.text).toContain('<script src="page.js">');
  expect(page.text).not.toMatch(/<script>|https?:|onclick/);
  expect((await server.ask('/page.js', { isAnonymous: true })).headers['content-type']).toContain(
    'javascript',
  );
});
