import { chmod, copyFile, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { fill } from '../store/cases-check.ts';
import { create, opportunity } from '../store/fixture.ts';
import { runOn } from '../store/sqlite-file.ts';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let path: string;
beforeEach(async () => {
  workspace = await makeWorkspace();
  path = workspace.path('test.db');
});
afterEach(() => workspace.remove());

const check = (...args: string[]) => mktows(['check', '--database', workspace.database, ...args]);

async function fillDatabase(): Promise<void> {
  const store = await openStore(workspace.database);
  await fill(store);
  const many = Array.from({ length: 500 }, (_, index) => opportunity(index + 100, { Name: 'x'.repeat(200) }));
  await create(store, ...many);
  await store.users.remove('one');
  await store.close();
}

const run = (sql: string) => runOn(path, sql);

describe('check', () => {
  it('of a good database prints a line for each check, ends with 0, and leaves the file as it was', async () => {
    await fillDatabase();
    const before = await readFile(path);
    const { status, out, err } = await check();
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^integrity: ok \(pages \d+\)\nschema: ok /);
    expect(out).toMatch(/^records: ok \(programs 1, .*opportunities 502, roles 2, /m);
    expect(out).toMatch(/\nno faults\n$/);
    expect(await readFile(path)).toEqual(before);
    await expect(stat(`${path}-wal`)).rejects.toThrow('ENOENT');
  });

  it('prints a line for each fault, with what to do, and ends with 1', async () => {
    await fillDatabase();
    run("UPDATE opportunity SET stage = 5, close_date = 'some\nday' WHERE id = 64");
    const { status, out } = await check();
    expect(status).toBe(1);
    expect(out).toMatch(
      /^ {2}fault: Opportunity 64: CloseDate: the string "some\\nday"; expected a date of the calendar, YYYY-MM-DD; correct it/m,
    );
    expect(out).toMatch(/\n\d+ faults\n$/);
  });

  it('--json prints the same as one line of JSON', async () => {
    await fillDatabase();
    run("UPDATE opportunity SET name = 'other' WHERE id = 64");
    const { status, out } = await check('--json');
    expect(status).toBe(1);
    expect(out.trimEnd()).not.toContain('\n');
    const { ok, faults, checks } = JSON.parse(out);
    expect([ok, faults]).toEqual([false, 2]);
    expect(checks.find(({ name }: { name: string }) => name === 'keys')).toMatchObject({
      faultCount: 2,
      faults: [{ where: 'external_key: Opportunity 64' }, { where: 'external_key: Opportunity 64' }],
    });
  });

  it('decrypts the secrets of the users with their key, and names those that another key was for', async () => {
    await fillDatabase();
    await mktows(['users', 'add', 'one', '--database', workspace.database]);
    expect((await check()).out).toContain('users: ok (users 1, secrets decrypted 1)');
    const { status, out } = await mktows(['check', '--database', workspace.database], {
      env: { MKTOWS_KEY: '0'.repeat(64) },
    });
    expect(status).toBe(1);
    expect(out).toContain('fault: api_user "one": MKTOWS_KEY does not decrypt the stored secret');
    const withoutKey = `sqlite:${workspace.path('copy.db')}`;
    await copyFile(path, workspace.path('copy.db'));
    expect((await mktows(['check', '--database', withoutKey])).out).toMatch(/^users: ok \(users 1\)$/m);
  });

  it('goes on beside a server that is at work', async () => {
    const env = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };
    const server = start(['serve', '--port', '0', '--database', workspace.database], { env });
    try {
      await server.line(/^Endpoint/m);
      expect(await check()).toMatchObject({ status: 0, err: '' });
      expect((await stat(`${path}-wal`)).size).toBeGreaterThan(0);
    } finally {
      server.process.kill('SIGTERM');
      await server.ended;
    }
  });
});

describe('check ends with 2 where nothing can be said of the database', () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['it is not there', async () => {}, /^mktows: there is no file \S+test\.db; expected a database/],
    ['it is empty', () => writeFile(path, ''), /^mktows: there is no mktows database at \S+test\.db/],
    ['it is no database', () => writeFile(path, 'text '.repeat(500)), /the file is not an SQLite database/],
    ['it is not ours', async () => run('CREATE TABLE theirs (x)'), /belongs to another application/],
    [
      'it is of a newer version',
      async () => {
        await fillDatabase();
        run("INSERT INTO migration VALUES (999, 'from the future', 'then')");
      },
      /written by a newer version/,
    ],
    [
      'it has an older schema version',
      async () => {
        await fillDatabase();
        run('DELETE FROM migration WHERE number = (SELECT max(number) FROM migration)');
        run("INSERT INTO migration SELECT 0, 'earlier', 'then'");
      },
      /mktows migrate/,
    ],
  ])('%s', async (_what, make, line) => {
    await make();
    const { status, out, err } = await check();
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(line);
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});

describe('check finds', () => {
  it('an overwritten page', async () => {
    await fillDatabase();
    // The last page holds records; those of the schema, without which no file can be opened, come before.
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, size - 4096);
    await file.close();
    const { status, out } = await check();
    expect(status).toBe(1);
    expect(out).toMatch(/^integrity: \d+ faults \(pages \d+\)\n {2}fault: \S+: SQLite says: Tree /m);
    expect(out).toContain('restore the database from a backup');
  });

  it.each([0.5, 0.9])('a file that was cut off at %d of its length', async (part) => {
    await fillDatabase();
    await truncate(path, Math.floor((await stat(path)).size * part));
    const { status, out } = await check();
    expect(status).toBe(1);
    expect(out).toMatch(/^integrity: 1 fault\n {2}fault: \S+test\.db: it cannot be opened: [^\n]+ restore/);
  });

  it('a missing index', async () => {
    await fillDatabase();
    run('DROP INDEX role_by_person');
    expect(await check()).toMatchObject({
      status: 1,
      out: expect.stringContaining('fault: index role_by_person: it is missing'),
    });
  });

  it('JSON that is none', async () => {
    await fillDatabase();
    run("UPDATE opportunity SET custom = '{' WHERE id = 64; UPDATE lead SET custom = '[]' WHERE id = 20");
    run("UPDATE journal SET rows = 'x'");
    const { out } = await check();
    expect(out).toMatch(/fault: Opportunity 64: opportunity\.custom holds no JSON/);
    expect(out).toMatch(/fault: Lead 20: lead\.custom holds JSON that is not an object/);
    expect(out).toMatch(/fault: journal 1: rows that are no JSON/);
  });
});

it('check of a file that may not be read ends with 2', async () => {
  await fillDatabase();
  await chmod(path, 0o000);
  const ended = await asNobody(() => check());
  expect(ended).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^mktows: [^\n]+\n$/) });
});

/** The superuser may read anything: where the tests run as such, this runs as nobody. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  await chmod(workspace.folder, 0o777);
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
