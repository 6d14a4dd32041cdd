import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeWorkspace, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let running: Running[];
beforeEach(async () => {
  workspace = await makeWorkspace();
  running = [];
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await workspace.remove();
});

function serve(): Running {
  const server = start(['serve', '--port', '0', '--database', workspace.database, '--log-level', 'error'], {
    env: { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' },
  });
  running.push(server);
  return server;
}
const isReady = (server: Running) => server.line(/^Endpoint /m);

it('a second server on one SQLite file is refused with the number of the first one', async () => {
  const first = serve();
  await isReady(first);
  const { status, out, err } = await serve().ended;
  expect([status, out]).toEqual([1, '']);
  expect(err).toMatch(new RegExp(`another server is using it \\(process ${first.process.pid}\\)`));
});

it('a server that was killed keeps no other from its SQLite file', async () => {
  const first = serve();
  await isReady(first);
  first.process.kill('SIGKILL');
  await first.ended;
  await isReady(serve());
});
