import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { HEAP_FLAGS, namesPostgres, SYNC_FLAGS } from '../../src/cli/heap.ts';
import { makeWorkspace, type RunOptions, start, type Workspace } from './mktows.ts';

let workspace: Workspace | undefined;
afterEach(async () => workspace?.remove());

/** The options of Node and the arenas of a server that was started so. */
async function startedWith(env: RunOptions['env'] = {}) {
  workspace = await makeWorkspace();
  const server = start(['serve', '--port', '0', '--database', workspace.database, '--log-level', 'silent'], {
    env,
  });
  const { pid } = server.process;
  await server.line(/^Endpoint +(\S+)$/m);
  const wordsOf = (what: string) => readFileSync(`/proc/${pid}/${what}`, 'utf8').split('\0');
  const [, ...words] = wordsOf('cmdline');
  const ownFrom = words.findIndex((word) => !word.startsWith('--'));
  const flags = words.slice(0, ownFrom).filter((word) => !word.startsWith('--disable-warning'));
  const arenas = wordsOf('environ').filter((word) => word.startsWith('MALLOC_ARENA_MAX='));
  server.process.kill('SIGTERM');
  return { flags, arenas, ended: await server.ended };
}

const onLinux = it.skipIf(process.platform !== 'linux');

onLinux(
  'serve begins anew under the same number, with the space for new objects bounded, and stops as before',
  async () => {
    const { flags, arenas, ended } = await startedWith();
    expect([flags, arenas]).toEqual([HEAP_FLAGS, ['MALLOC_ARENA_MAX=2']]);
    expect(ended).toMatchObject({ status: 0, err: '' });
  },
);

onLinux('sync begins anew with flags of its own, whatever database the environment names', async () => {
  workspace = await makeWorkspace();
  const sync = start(
    [
      'sync',
      '-',
      '--format',
      'csv',
      '--user',
      'a',
      '--secret',
      'b',
      '--endpoint',
      'http://127.0.0.1:1/soap/mktows/2_7',
    ],
    {
      env: { MKTOWS_DATABASE: 'postgres://db/mktows' },
    },
  );
  const words = () => readFileSync(`/proc/${sync.process.pid}/cmdline`, 'utf8').split('\0');
  await expect.poll(() => words().slice(1, 1 + SYNC_FLAGS.length), { interval: 5 }).toEqual(SYNC_FLAGS);
  sync.process.kill('SIGKILL');
  await sync.ended;
});

onLinux('serve leaves that space as it is where it was bounded by who starts it', async () => {
  const { flags } = await startedWith({ NODE_OPTIONS: '--max-semi-space-size=8' });
  expect(flags).toEqual([]);
});

onLinux(
  'serve leaves the places of the C library as they are where the environment says how many',
  async () => {
    const { flags, arenas } = await startedWith({ MALLOC_ARENA_MAX: '4' });
    expect([flags, arenas]).toEqual([HEAP_FLAGS, ['MALLOC_ARENA_MAX=4']]);
  },
);

it.each<[words: string, variable: string | undefined, isPostgres: boolean]>([
  ['serve --database postgres://db/mktows', undefined, true],
  ['serve --database=postgresql://db/mktows --port 0', undefined, true],
  ['serve', 'POSTGRES://db/mktows', true],
  ['serve', undefined, false],
  ['serve --database sqlite:./mktows.db', 'postgres://db/mktows', false],
  ['serve --database postgres://db/mktows --database sqlite:./mktows.db', undefined, false],
  ['serve --database', 'postgres://db/mktows', false],
])(
  'the database of "%s" with MKTOWS_DATABASE=%s is a PostgreSQL: %s',
  async (words, variable, isPostgres) => {
    expect(await namesPostgres(words.split(' '), { MKTOWS_DATABASE: variable })).toBe(isPostgres);
  },
);

it('the database of a config file counts where neither command line nor environment names one', async () => {
  workspace = await makeWorkspace();
  const config = workspace.path('config.toml');
  writeFileSync(config, 'database = "postgres://db/mktows"');
  expect(await namesPostgres(['serve', '--config', config], {})).toBe(true);
  expect(await namesPostgres(['serve'], { MKTOWS_CONFIG: config })).toBe(true);
  expect(await namesPostgres(['serve'], { MKTOWS_CONFIG: config, MKTOWS_DATABASE: 'sqlite:a.db' })).toBe(
    false,
  );
  expect(await namesPostgres(['serve', '--config', workspace.path('missing.toml')], {})).toBe(false);
});
