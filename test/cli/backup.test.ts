import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { progressBar } from '../../src/cli/progress.ts';
import { createClient } from '../../src/client/index.ts';
import { openStore } from '../../src/store/open.ts';
import { valueQuery } from '../../src/store/sqlite/statements.ts';
import { insertOf } from '../server/test-server.ts';
import { create, opportunity } from '../store/fixture.ts';
import { runOn } from '../store/sqlite-file.ts';
import { makeWorkspace, mktows, plainEnvironment, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let path: string;
let target: string;
let running: Running[];
beforeEach(async () => {
  workspace = await makeWorkspace();
  path = workspace.path('test.db');
  target = workspace.path('backup.db');
  running = [];
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await workspace.remove();
});

const backup = (to = target) => mktows(['backup', '--database', workspace.database, '--to', to]);
const check = (file: string) => mktows(['check', '--database', `sqlite:${file}`]);

async function createMany(from: number, count: number, size = 20): Promise<void> {
  const store = await openStore(workspace.database);
  const ids = Array.from({ length: count }, (_, index) => from + index);
  await create(store, ...ids.map((id) => opportunity(id, { Name: `${id}`.padEnd(size, 'x') })));
  await store.close();
}

/** How many opportunities a file holds. */
function countIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return Number(valueQuery(db, 'SELECT count(*) FROM opportunity').get());
  } finally {
    db.close();
  }
}

const account = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };
async function serve() {
  const server = start(['serve', '--port', '0', '--database', workspace.database, '--log-level', 'error'], {
    env: account,
  });
  running.push(server);
  const [, endpoint = ''] = await server.line(/^Endpoint +(\S+)$/m);
  const client = createClient({
    retries: 0,
    endpoint,
    userId: account.MKTOWS_USER,
    secret: account.MKTOWS_SECRET,
  });
  return { server, insert: (name: string) => client.call('syncMObjects', insertOf(name)) };
}

describe('a backup', () => {
  it('is one whole file that only its owner may read, and is replaced by the next one', async () => {
    await createMany(1, 10);
    expect(await backup()).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^backed up \S+test\.db to \S+backup\.db: \d+ pages, \d+ bytes; integrity/),
      err: '',
    });
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    await createMany(11, 10);
    expect((await backup()).status).toBe(0);
    expect(countIn(target)).toBe(20);
    expect((await check(target)).out).toMatch(/\nno faults\n$/);
    expect(readdirSync(workspace.folder).sort()).toEqual(['backup.db', 'test.db']);
  });

  it('beside a server holds all that was acknowledged before it, and whole calls only', async () => {
    await createMany(1, 3_000, 200);
    const { insert } = await serve();
    let acknowledged = 0;
    let stopped = false;
    const calling = (async () => {
      while (!stopped) {
        await insert('more');
        acknowledged += 1;
      }
    })();
    await wait(100);
    const before = acknowledged;
    const args = ['backup', '--database', workspace.database, '--to', target];
    const { status, err } = await start(args).ended;
    const after = acknowledged;
    stopped = true;
    await calling;
    expect([status, err]).toEqual([0, '']);
    expect(countIn(target)).toBeGreaterThanOrEqual(3_000 + before);
    expect(countIn(target)).toBeLessThanOrEqual(3_000 + after + 1);
    expect((await check(target)).status).toBe(0);
  });

  it('that is killed leaves the earlier one, and the next one says what is left of it', async () => {
    await createMany(1, 10);
    await backup();
    await createMany(11, 20_000, 250);
    const parts = () => readdirSync(workspace.folder).filter((name) => name.endsWith('.part'));
    const killed = start(['backup', '--database', workspace.database, '--to', target]);
    running.push(killed);
    while (parts().length === 0 && killed.process.exitCode === null) await wait(1);
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(countIn(target)).toBe(10);
    const [part = ''] = parts();
    const { status, err } = await backup();
    expect([status, err]).toEqual([0, expect.stringContaining(`${part} is there`)]);
    expect(countIn(target)).toBe(20_010);
  });

  it('that is told to stop takes away what it has written', async () => {
    await createMany(1, 20_000, 250);
    const stopped = start(['backup', '--database', workspace.database, '--to', target]);
    running.push(stopped);
    while (readdirSync(workspace.folder).every((name) => !name.endsWith('.part'))) await wait(1);
    stopped.process.kill('SIGTERM');
    const { status, err } = await stopped.ended;
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: [^\n]+interrupted[^\n]+\n$/)]);
    expect(readdirSync(workspace.folder).filter((name) => name !== 'test.db')).toEqual([]);
  });

  it('of a damaged database is refused, and the earlier one stays', async () => {
    await createMany(1, 500, 200);
    await backup();
    const good = await readFile(target);
    const file = await open(path, 'r+');
    await file.write(
      Buffer.alloc(40_960, 0xa5),
      0,
      40_960,
      Math.floor((await file.stat()).size / 8192) * 4096,
    );
    await file.close();
    const { status, err } = await backup();
    expect([status, err]).toEqual([1, expect.stringMatching(/^mktows: [^\n]*damaged[^\n]*\n$/)]);
    expect(await readFile(target)).toEqual(good);
    expect(readdirSync(workspace.folder).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('for which there is no room is refused, and the earlier one stays', async () => {
    await createMany(1, 10);
    await backup();
    const good = await readFile(target);
    await createMany(11, 5_000, 250);
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const limited = `trap '' XFSZ; ulimit -f 600; exec "$0" "$@"`;
    const args = [main, 'backup', '--database', workspace.database, '--to', target];
    const failed = await promisify(execFile)('bash', ['-c', limited, process.execPath, ...args], {
      env: plainEnvironment(),
    }).catch((error: { code: number; stderr: string }) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^mktows: Cannot back up [^\n]+: the disk (is full|failed to read or write) [^\n]+ is as it was\n$/,
      ),
    });
    expect(await readFile(target)).toEqual(good);
    expect(readdirSync(workspace.folder).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('can be checked where it cannot be written', async () => {
    await createMany(1, 10);
    await mkdir(workspace.path('shelf'));
    const shelved = workspace.path('shelf/backup.db');
    await backup(shelved);
    await chmod(shelved, 0o444);
    await chmod(workspace.path('shelf'), 0o555);
    await chmod(workspace.folder, 0o755);
    const ended = await asNobody(() => check(shelved));
    await chmod(workspace.path('shelf'), 0o755);
    expect(ended).toMatchObject({ status: 0, err: '' });
  });
});

/** The superuser may write anything: where the tests run as such, this runs as nobody. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a backup is refused in one line', () => {
  const cases: readonly (readonly [string, () => Promise<string | undefined>, RegExp])[] = [
    ['to the database itself', async () => path, /it is the database itself/],
    [
      'to a link to it',
      async () => {
        await symlink(path, workspace.path('link.db'));
        return workspace.path('link.db');
      },
      /it is the database itself/,
    ],
    [
      'to another name of it',
      async () => {
        await link(path, workspace.path('other.db'));
        return workspace.path('other.db');
      },
      /it is the database itself/,
    ],
    ['to the place of its log', async () => `${path}-wal`, /the database itself uses a file of this name/],
    [
      'over a file that is none',
      async () => {
        await writeFile(target, 'a text');
        return target;
      },
      /not an mktows backup/,
    ],
    [
      'over the database of another application',
      async () => {
        runOn(target, 'CREATE TABLE theirs (x)');
        return target;
      },
      /not an mktows backup/,
    ],
    [
      'over a database that a server has opened',
      async () => {
        await copyFile(path, target);
        return target;
      },
      /a server has opened, no backup/,
    ],
    ['to a folder', async () => workspace.folder, /it is a folder/],
    ['into a folder that is not there', async () => workspace.path('none/x.db'), /folder \S+ does not exist/],
  ];

  it.each(cases)('%s', async (_what, make, reason) => {
    await createMany(1, 1);
    const to = await make();
    const before =
      to !== undefined && existsSync(to) && (await stat(to)).isFile() ? await readFile(to) : null;
    const { status, out, err } = await backup(to);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(reason);
    expect(err).toMatch(/^mktows: [^\n]+\n$/);
    if (before !== null && to !== undefined) expect(await readFile(to)).toEqual(before);
  });

  it('of a database that is not there, or not ours', async () => {
    expect((await backup()).err).toMatch(/^mktows: there is no file/);
    runOn(path, 'CREATE TABLE theirs (x)');
    expect((await backup()).err).toMatch(/another application/);
    expect(existsSync(target)).toBe(false);
  });

  it('of a PostgreSQL database, with what does it there', async () => {
    const args = ['backup', '--database', 'postgres://localhost/x', '--to', target];
    expect((await mktows(args)).err).toMatch(/pg_dump, or base backups/);
  });

  it('without a target', async () => {
    expect((await mktows(['backup', '--database', workspace.database])).err).toMatch(/needs --to <file>/);
  });
});

it('a backup is restored as docs/operations.md says, and a log that stayed behind is refused', async () => {
  const first = await serve();
  await first.insert('One');
  await mktows(['users', 'add', 'partner', '--database', workspace.database]);
  await backup();
  await first.insert('Two');
  first.server.process.kill('SIGKILL');
  await first.server.ended;
  expect((await stat(`${path}-wal`)).size).toBeGreaterThan(0);

  await copyFile(target, path);
  for (const command of [['check'], ['users', 'list'], ['backup', '--to', workspace.path('other.db')]]) {
    const { status, err } = await mktows([...command, '--database', workspace.database]);
    expect([status !== 0, err]).toEqual([
      true,
      expect.stringMatching(/^mktows: [^\n]*test\.db-wal beside it/),
    ]);
  }
  expect(await readFile(path)).toEqual(await readFile(target));

  for (const name of [path, `${path}-wal`, `${path}-shm`]) await rm(name, { force: true });
  await copyFile(target, path);
  const second = await serve();
  expect(countIn(path)).toBe(1);
  await second.insert('Three');
  second.server.process.kill('SIGTERM');
  await second.server.ended;
  const { out } = await check(path);
  expect(out).toContain('users: ok (users 1, secrets decrypted 1)');
  expect(out).toMatch(/opportunities 2, .*no faults\n$/s);
});

describe('the progress bar', () => {
  function drawn(isTTY: boolean, columns: number): string {
    let text = '';
    const write = (part: string | Uint8Array) => {
      text += part;
      return true;
    };
    const bar = progressBar('copying', { isTTY, columns, write });
    bar.show(0, 4);
    bar.show(3, 4);
    bar.end();
    return text;
  }

  it('is drawn over itself on a terminal, within its width, and taken away', () => {
    const [, first = '', second = '', blank = '', end] = drawn(true, 30).split('\r');
    expect([first, second]).toEqual(['copying [.............] 0 %', 'copying [#########....] 75 %']);
    expect([blank.trim(), blank.length, end]).toEqual(['', second.length, '']);
  });

  it('is not drawn elsewhere', () => {
    expect(drawn(false, 30)).toBe('');
  });
});
