import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  backupDatabase,
  checkDatabase,
  openBeside,
  openSource,
  openStore,
  openTarget,
} from '../../src/store/open.ts';
import type { Store, StoreAccess } from '../../src/store/store.ts';
import { create, facts, opportunity } from './fixture.ts';

let folder: string;
let path: string;
let opened: Store[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-'));
  path = join(folder, 'a.db');
  opened = [];
});
afterEach(async () => {
  await Promise.allSettled(opened.map((store) => store.close()));
  await rm(folder, { recursive: true });
});

async function open(file = path): Promise<Store> {
  const store = await openStore(`sqlite:${file}`);
  opened.push(store);
  return store;
}
const has = async (store: Store, id: number) =>
  (await facts(store, { ids: { Opportunity: [id] } })).records.Opportunity.get(id) !== null;

describe('a database whose files are taken away while it is open', () => {
  const suffixes = ['', '-wal', '-shm'] as const;

  it.each(suffixes)('acknowledges nothing once mktows.db%s is removed', async (suffix) => {
    const store = await open();
    await create(store, opportunity(1));
    await unlink(`${path}${suffix}`);
    await expect(create(store, opportunity(2))).rejects.toMatchObject({
      message: expect.stringContaining('was removed'),
      outcomeUnknown: true,
    });
    await expect(create(store, opportunity(3))).rejects.toMatchObject({ outcomeUnknown: false });
    await expect(store.ping()).rejects.toThrow('was removed');
  });

  it('acknowledges nothing once another file is in its place', async () => {
    const store = await open();
    await create(store, opportunity(1));
    await copyFile(path, `${path}.new`);
    await rename(`${path}.new`, path);
    await expect(store.ping()).rejects.toThrow('was replaced');
    await expect(create(store, opportunity(2))).rejects.toMatchObject({ outcomeUnknown: false });
  });

  it('acknowledges nothing once its folder is moved away, and goes on when it is back', async () => {
    const inner = join(folder, 'data');
    await mkdir(inner);
    const store = await open(join(inner, 'a.db'));
    await rename(inner, `${inner}.old`);
    await expect(create(store, opportunity(1))).rejects.toThrow('was removed');
    await rename(`${inner}.old`, inner);
    await create(store, opportunity(2));
    expect(await has(store, 2)).toBe(true);
  });

  it('is not opened by a second thread when another file is in its place', async () => {
    const store = await open();
    await copyFile(path, `${path}.new`);
    await rename(`${path}.new`, path);
    await expect(openBeside(store.access as StoreAccess)).rejects.toThrow('was replaced');
  });
});

describe('a database that is opened by a symbolic link', () => {
  let link: string;
  beforeEach(async () => {
    await mkdir(join(folder, 'current'));
    link = join(folder, 'current', 'link.db');
    await symlink('../a.db', link);
  });

  it('is the file that the link leads to, with the log beside that', async () => {
    await create(await open(link), opportunity(1));
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(existsSync(`${link}-wal`)).toBe(false);
    expect(await has(await open(), 1)).toBe(true);
  });

  it('is refused when it is a backup with the log of what was there before', async () => {
    const store = await open();
    await create(store, opportunity(1));
    await backupDatabase(`sqlite:${path}`, join(folder, 'backup.db'));
    await create(store, opportunity(2));
    await copyFile(`${path}-wal`, `${path}-kept`);
    await store.close();
    await copyFile(join(folder, 'backup.db'), path);
    await rename(`${path}-kept`, `${path}-wal`);
    const before = await readFile(path);
    await expect(open(link)).rejects.toThrow('it is a backup');
    await expect(checkDatabase(`sqlite:${link}`, { report() {} })).rejects.toThrow('it is a backup');
    expect(await readFile(path)).toEqual(before);
  });

  it('can be backed up', async () => {
    await create(await open(), opportunity(1));
    const { source } = await backupDatabase(`sqlite:${link}`, join(folder, 'backup.db'));
    expect(source).toBe(path);
  });

  it('is not copied to itself under its other name', async () => {
    await (await open()).close();
    const source = await openSource(`sqlite:${path}`);
    await expect(openTarget(`sqlite:${link}`, source)).rejects.toThrow('to itself');
    await source.close();
  });

  it('is refused when links lead in a circle', async () => {
    await symlink('b.db', join(folder, 'c.db'));
    await symlink('c.db', join(folder, 'b.db'));
    await expect(open(join(folder, 'b.db'))).rejects.toThrow('lead in a circle');
  });
});

describe('while another process is writing', () => {
  it('a call waits, and is carried out when that one has ended', async () => {
    const store = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let isDone = false;
    const call = create(store, opportunity(1)).then(() => {
      isDone = true;
    });
    await pause(300);
    expect(isDone).toBe(false);
    other.exec('ROLLBACK');
    other.close();
    await call;
    expect(await has(store, 1)).toBe(true);
  });

  it('the event loop goes round', async () => {
    const store = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const call = create(store, opportunity(1));
    const began = performance.now();
    for (let round = 0; round < 10; round += 1) await pause(1);
    expect(performance.now() - began).toBeLessThan(2_000);
    other.exec('ROLLBACK');
    other.close();
    await call;
  });

  it('a call that has waited for five seconds is refused, and nothing of it is applied', async () => {
    const store = await open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(create(store, opportunity(1))).rejects.toMatchObject({
      message: expect.stringContaining('locked for over 5 seconds'),
      outcomeUnknown: false,
    });
    other.exec('ROLLBACK');
    other.close();
    expect(await has(store, 1)).toBe(false);
    await create(store, opportunity(1));
  }, 30_000);
});
