import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addConsole } from '../../src/admin/console.ts';
import { sendProblem } from '../../src/server/json-routes.ts';
import { makeWorkspace, type Workspace } from '../cli/mktows.ts';

let workspace: Workspace;
let server: ReturnType<typeof createServer>;
let url: string;

beforeAll(async () => {
  workspace = await makeWorkspace();
  const folder = workspace.path('console');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Console</title>');
  await writeFile(join(folder, 'assets', 'index-B1x.js'), 'let a;');
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(workspace.path('secret.txt'), 'not for everyone');
  const app = fastify();
  app.setErrorHandler(sendProblem);
  addConsole(app, folder);
  await app.ready();
  server = createServer((request, response) => app.routing(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await workspace.remove();
});

it.each(['/console/', '/console/calls/17', '/console/objects/Opportunity?search=a.b'])(
  'the page is at %s',
  async (path) => {
    const answer = await fetch(url + path);
    expect(await answer.text()).toContain('<title>Console</title>');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /script-src 'self';.*frame-ancestors 'none'/,
    );
  },
);

it('files whose names change with their contents may be kept for ever, others not', async () => {
  const script = await fetch(`${url}/console/assets/index-B1x.js`);
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('cache-control')).toContain('immutable');
  const icon = await fetch(`${url}/console/icon.svg`);
  expect([icon.headers.get('content-type'), icon.headers.get('cache-control')]).toEqual([
    'image/svg+xml',
    'no-cache',
  ]);
});

it.each([
  'assets/other.js',
  '..%2fsecret.txt',
  '%2e%2e/secret.txt',
  'assets/..%2f..%2fsecret.txt',
  '%2fetc%2fhosts.txt',
  '.hidden.txt',
  'a%00.txt',
  'a%5c..%5csecret.txt',
])('nothing else is there: %s', async (path) => {
  const answer = await fetch(`${url}/console/${path}`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('not for everyone');
});
