import { execFile } from 'node:child_process';
import { chmod, open, readFile, stat, truncate } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient, type MktowsFault } from '../../src/client/index.ts';
import { valueQuery } from '../../src/store/sqlite/statements.ts';
import { onFile, runOn } from '../store/sqlite-file.ts';
import { makeWorkspace, mktows, type Running, start, type Workspace } from './mktows.ts';

let workspace: Workspace;
let path: string;
let running: Running[];
beforeEach(async () => {
  workspace = await makeWorkspace();
  path = workspace.path('test.db');
  running = [];
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await workspace.remove();
});

const account = { MKTOWS_USER: 'user_1_A', MKTOWS_SECRET: 'a secret of the tests' };
async function serve(): Promise<{ server: Running; client: Client; url: string }> {
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
  return { server, client, url: new URL(endpoint).origin };
}

const PER_CALL = 50;
const insertMany = (client: Client) =>
  client.call('syncMObjects', {
    operation: 'INSERT',
    mObjectList: {
      mObject: Array.from({ length: PER_CALL }, () => ({
        type: 'Opportunity',
        attribList: { attrib: [{ name: 'Description', value: 'x'.repeat(1500) }] },
      })),
    },
  });

const faultOf = (call: Promise<unknown>): Promise<MktowsFault | undefined> =>
  call.then(
    () => undefined,
    (error) => error,
  );

const check = () => mktows(['check', '--database', workspace.database]);

/** Stops a server; resolves to what it logged. */
async function stop({ process, ended }: Running): Promise<string> {
  process.kill('SIGTERM');
  return (await ended).err;
}

describe('a server whose disk is full', () => {
  /** No file of that process can grow beyond so many bytes any more; without a number every file can. */
  const limitFiles = ({ process }: Running, bytes?: number) =>
    promisify(execFile)('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes ?? 'unlimited'}:unlimited`]);

  it.skipIf(process.platform !== 'linux')(
    'answers 20011, loses nothing that it acknowledged, still reads, is not ready, and goes on when there is room (needs prlimit of Linux)',
    async () => {
      const { server, client, url } = await serve();
      const readiness = async () => (await fetch(`${url}/readyz`)).status;
      await insertMany(client);
      await limitFiles(server, 1_500_000);
      let acknowledged = PER_CALL;
      let fault: MktowsFault | undefined;
      while (fault === undefined && acknowledged < 10_000) {
        fault = await faultOf(insertMany(client));
        if (fault === undefined) acknowledged += PER_CALL;
      }
      expect(fault).toMatchObject({
        code: 20011,
        message: expect.stringContaining('nothing of this call was applied'),
      });
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await faultOf(insertMany(client))).toMatchObject({ code: 20011 });
      }
      const read = await client.call('getMObjects', { type: 'Opportunity', id: acknowledged });
      expect(read.result?.mObjectList?.mObject[0]?.id).toBe(acknowledged);
      // The room that is too small for a call may do for some questions, each of which writes a page.
      await expect.poll(readiness, { interval: 5, timeout: 20_000 }).toBe(503);

      await limitFiles(server);
      expect(await readiness()).toBe(200);
      const { result } = await insertMany(client);
      expect(result?.mObjStatusList?.mObjStatus[0]).toMatchObject({
        status: 'CREATED',
        id: acknowledged + 1,
      });
      expect(await stop(server)).toMatch(/the disk (is full|failed to read or write)/);
      const { status, out } = await check();
      expect([status, out]).toEqual([
        0,
        expect.stringContaining(` opportunities ${acknowledged + PER_CALL}, `),
      ]);
    },
  );
});

describe('a server with a damaged page', () => {
  it('answers 20011 to calls that meet it, answers the others, and lives', async () => {
    const first = await serve();
    for (let calls = 0; calls < 6; calls += 1) await insertMany(first.client);
    await stop(first.server);
    await overwrite(await leafPages('opportunity'));

    const { server, client, url } = await serve();
    const read = (id: number) => client.call('getMObjects', { type: 'Opportunity', id });
    const faults: Awaited<ReturnType<typeof faultOf>>[] = [];
    for (let first = 1; first <= 6 * PER_CALL; first += PER_CALL) {
      const ids = Array.from({ length: PER_CALL }, (_, index) => first + index);
      faults.push(...(await Promise.all(ids.map((id) => faultOf(read(id))))));
    }
    const hit = faults.filter((fault) => fault !== undefined);
    expect(hit.length).toBeGreaterThan(0);
    expect(hit.length).toBeLessThan(faults.length);
    expect(new Set(hit.map(({ code }) => code))).toEqual(new Set([20011]));
    expect(await faultOf(client.call('getTags', {}))).toBeUndefined();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await stop(server)).toContain('the database file is damaged; restore it from a backup');
    expect((await check()).status).toBe(1);
  });

  /** The numbers of some pages in the middle of a table that hold rows. */
  async function leafPages(table: string): Promise<number[]> {
    const pages = onFile(path, (db) =>
      valueQuery<[string], number>(
        db,
        "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno",
      ).all(table),
    );
    const middle = Math.floor(pages.length / 2);
    return pages.slice(middle, middle + 3);
  }

  async function overwrite(pages: readonly number[]): Promise<void> {
    const file = await open(path, 'r+');
    for (const page of pages) await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
    await file.close();
  }
});

describe('a server does not start, and says why in one line, on', () => {
  const serveHere = () =>
    mktows(['serve', '--port', '0', '--database', workspace.database], { env: account });
  const migrate = () => mktows(['migrate', '--create', '--database', workspace.database]);

  it('a file that was cut off', async () => {
    const { client, server } = await serve();
    await insertMany(client);
    await stop(server);
    await truncate(path, Math.floor((await stat(path)).size / 2));
    const before = await readFile(path);
    const { status, out, err } = await serveHere();
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^mktows: Cannot open SQLite database \S+: the database file is damaged; restore it from a backup [^\n]+\n$/,
    );
    expect(await readFile(path)).toEqual(before);
  });

  it('a database of another application', async () => {
    runOn(path, 'CREATE TABLE theirs (x)');
    expect(await serveHere()).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/^mktows: [^\n]+ belongs to another application; use another file\n$/),
    });
  });

  it.each([
    ['a file that cannot be written', 0o444, 0o755],
    ['a folder that cannot be written', 0o666, 0o555],
  ])('%s', async (_what, file, folder) => {
    await migrate();
    await chmod(path, file);
    await chmod(workspace.folder, folder);
    const ended = await asNobody(serveHere);
    await chmod(workspace.folder, 0o755);
    expect(ended).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(
        /^mktows: Cannot open SQLite database [^\n]+cannot be (written|opened)[^\n]*\n$/,
      ),
    });
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

describe('a migration that is killed', () => {
  // As a URL, since Node splits its options at spaces.
  const preload = new URL('../store/kill-in-migration.ts', import.meta.url).href;
  const migrate = (database: string, killBefore = 0) =>
    start(['migrate', '--create', '--database', database], {
      env: { NODE_OPTIONS: `--import=${preload}`, KILL_BEFORE_STATEMENT: String(killBefore) },
    }).ended;

  it('leaves the form that was there, and the next start makes the new one', {
    timeout: 300_000,
  }, async () => {
    const { err } = await migrate(`sqlite:${workspace.path('whole.db')}`);
    const statements = Number(/(\d+) statements/.exec(err)?.[1]);
    expect(statements).toBeGreaterThan(30);
    for (const part of [0, 0.05, 0.4, 0.8, 1]) {
      const at = 1 + Math.round((statements - 1) * part);
      const database = `sqlite:${workspace.path(`killed-${at}.db`)}`;
      expect((await migrate(database, at)).status).toBeNull();
      const { out } = await mktows(['migrate', '--status', '--database', database]);
      expect(out).toMatch(/^(\d+\tpending\t[^\n]+\n)+$/);
      expect((await mktows(['migrate', '--create', '--database', database])).status).toBe(0);
      expect(await mktows(['check', '--database', database])).toMatchObject({ status: 0 });
    }
  });
});
