import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource, openStore, openTarget } from '../../src/store/open.ts';
import { create, opportunity } from './fixture.ts';

let folder: string;
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-'));
  url = `sqlite:${join(folder, 'a.db')}`;
});
afterEach(() => rm(folder, { recursive: true }));

const openServer = () => openStore(url, { asServer: true });

describe('an SQLite database', () => {
  it('is refused to a second server, which hears what process has it', async () => {
    const server = await openServer();
    await expect(openServer()).rejects.toMatchObject({
      failure: 'locked',
      message: expect.stringContaining(`another server is using it (process ${process.pid})`),
    });
    await server.close();
    await (await openServer()).close();
  });

  it('is open to other commands beside its server', async () => {
    const server = await openServer();
    const command = await openStore(url);
    await create(command, opportunity(1));
    await create(server, opportunity(2));
    await Promise.all([command.close(), server.close()]);
  });

  it('that a server could not open is not kept from the next one', async () => {
    const missing = `sqlite:${join(folder, 'none', 'a.db')}`;
    await expect(openStore(missing, { asServer: true })).rejects.toThrow('does not exist');
    await (await openServer()).close();
  });
});

describe.skipIf(process.platform === 'win32')('the files of an SQLite database', () => {
  const modes = async () => {
    const names = await readdir(folder);
    const found = await Promise.all(names.map((name) => stat(join(folder, name))));
    return Object.fromEntries(names.map((name, index) => [name, (found[index]?.mode ?? 0) & 0o777]));
  };
  let umask: number;
  beforeEach(() => {
    umask = process.umask();
  });
  afterEach(() => void process.umask(umask));

  it.each([0o000, 0o022, 0o277])('are made for their owner only, with umask %o', async (mask) => {
    process.umask(mask);
    const server = await openServer();
    await create(server, opportunity(1));
    const made = await modes();
    await server.close();
    expect(made).toEqual({ 'a.db': 0o600, 'a.db-wal': 0o600, 'a.db-shm': 0o600, 'a.db.lock': 0o600 });
  });

  it('are made for their owner only by a copy, too', async () => {
    process.umask(0o000);
    await (await openStore(url)).close();
    const source = await openSource(url);
    const target = await openTarget(`sqlite:${join(folder, 'b.db')}`, source);
    await Promise.all([source.close(), target.close()]);
    expect((await modes())['b.db']).toBe(0o600);
  });

  it('stay as they are where others can use them, which a server says in one line', async () => {
    await (await openStore(url)).close();
    await chmod(join(folder, 'a.db'), 0o640);
    const warnings: string[] = [];
    const log = { warn: (_details: object, message: string) => void warnings.push(message) };
    await (await openStore(url, { asServer: true, log })).close();
    expect(warnings).toEqual([expect.stringMatching(/^others can use the database .*a\.db \(mode 0640\)/)]);
    expect((await modes())['a.db']).toBe(0o640);
  });
});
