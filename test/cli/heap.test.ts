import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { HEAP_FLAG } from '../../src/cli/heap.ts';
import { makeWorkspace, type RunOptions, start, type Workspace } from './mktows.ts';

let workspace: Workspace | undefined;
afterEach(async () => workspace?.remove());

/** Whether V8's space for new objects is bounded in a server that was started so. */
async function startedWith(env: RunOptions['env'] = {}) {
  workspace = await makeWorkspace();
  const server = start(['serve', '--port', '0', '--database', workspace.database, '--log-level', 'silent'], {
    env,
  });
  const { pid } = server.process;
  await server.line(/^Endpoint +(\S+)$/m);
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  server.process.kill('SIGTERM');
  return { flags: commandLine.filter((word) => word.includes('semi')), ended: await server.ended };
}

const onLinux = it.skipIf(process.platform !== 'linux');

onLinux(
  'serve begins anew under the same number, with the space for new objects bounded, and stops as before',
  async () => {
    const { flags, ended } = await startedWith();
    expect(flags).toEqual([HEAP_FLAG]);
    expect(ended).toMatchObject({ status: 0, err: '' });
  },
);

onLinux('serve leaves that space as it is where it was bounded by who starts it', async () => {
  const { flags } = await startedWith({ NODE_OPTIONS: '--max-semi-space-size=8' });
  expect(flags).toEqual([]);
});
