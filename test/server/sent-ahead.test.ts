import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultCaps } from '../../src/wire/caps.ts';
import {
  envelope,
  insertOf,
  overSocket,
  post,
  rawRequest,
  startTestServer,
  type TestServer,
} from './test-server.ts';

const MOST = 4_000;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ caps: { ...defaultCaps, maxBytes: MOST } });
});
afterAll(() => server.remove());

test('calls that are sent ahead are answered in their order', async () => {
  const names = ['one', 'two', 'three'];
  const calls = names.map((name, index) =>
    rawRequest(server, envelope(insertOf(name)), index === 2 ? ['Connection: close'] : []),
  );
  const answers = await overSocket(server, calls.join(''));
  expect([...answers.matchAll(/<id>(\d+)<\/id>/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
});

test('a call behind one whose answer closes the connection is not carried out', async () => {
  const before = (await server.store.contents()).opportunities.length;
  const refused = rawRequest(server, ' '.repeat(MOST + 1));
  const answers = await overSocket(server, refused + rawRequest(server, envelope(insertOf('behind'))));
  expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 500']);
  expect(answers).toMatch(/^connection: close/im);
  // Carried out as any other call, the next one would come after it.
  await post(server, envelope(insertOf('next')));
  expect((await server.store.contents()).opportunities).toHaveLength(before + 1);
});
