import { execFile } from 'node:child_process';
import fs, { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { standardFields } from '../../src/contract/fields.ts';
import { openStore } from '../../src/store/open.ts';
import { objectQuery, valueQuery } from '../../src/store/sqlite/statements.ts';
import type { Store, StoreError } from '../../src/store/store.ts';
import { create, done, entry, opportunity, wanted, write } from './fixture.ts';
import { onFile, runOn } from './sqlite-file.ts';

let folder: string;
let path: string;
let store: Store | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mktows-'));
  path = join(folder, 'test.db');
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(folder, { recursive: true });
});
const open = async (url = `sqlite:${path}`) => {
  store = await openStore(url);
  return store;
};
const failure = (url = `sqlite:${path}`): Promise<StoreError> =>
  openStore(url).then(
    () => Promise.reject(new Error('it opened')),
    (error) => error,
  );

describe('a database URL', () => {
  it.each([
    ['mysql://localhost/x', 'scheme "mysql"'],
    ['x.db', 'for an SQLite file write sqlite:x.db, for PostgreSQL postgres:'],
    ['//me:word@host/x', 'no scheme; for an SQLite file write sqlite:<path>'],
    ['sqlite:', 'names no file'],
    ['sqlite://x.db', 'sqlite:./x.db'],
  ])('%s is refused in one line that says what is expected', async (url, text) => {
    const { failure: kind, message } = await failure(url);
    expect(kind).toBe('unusable');
    expect(message).toContain(text);
    expect(message).not.toContain('\n');
  });

  it.each(['sqlite:', 'sqlite://', 'SQLITE:'])('%s<absolute path> opens that file', async (start) => {
    const { description } = await open(`${start}${path}`);
    expect(description.location).toBe(path);
    expect(existsSync(path)).toBe(true);
  });

  it('sqlite::memory: keeps nothing, and says so', async () => {
    expect((await open('sqlite::memory:')).description.durability).toContain('in memory');
  });
});

describe('an SQLite database that cannot be opened', () => {
  it('was written by a newer version', async () => {
    await (await open()).close();
    runOn(path, "INSERT INTO migration VALUES (999, 'from the future', 'then')");
    const error = await failure();
    expect(error.failure).toBe('newer');
    expect(error.message).toContain('newer version of mktows');
  });

  it('is locked by another process', async () => {
    await (await open()).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const error = await failure();
    db.close();
    expect(error.failure).toBe('locked');
    expect(error.message).toContain('another process');
  });

  it('is no database', async () => {
    writeFileSync(path, 'this is a text, and a text is no database at all; so it cannot be opened as one');
    const error = await failure();
    expect(error.failure).toBe('unusable');
    expect(error.message).toContain('not an SQLite database');
  });

  it('belongs to another application, and is left as it was', async () => {
    runOn(path, 'CREATE TABLE theirs (x)');
    const error = await failure();
    expect(error.failure).toBe('unusable');
    expect(error.message).toContain('another application');
    expect(onFile(path, (db) => valueQuery(db, 'PRAGMA journal_mode').get())).toBe('delete');
  });

  it('is a folder, or in a folder that does not exist', async () => {
    expect((await failure(`sqlite:${folder}`)).message).toContain('it is a folder');
    const missing = await failure(`sqlite:${join(folder, 'none', 'x.db')}`);
    expect([missing.failure, missing.message]).toEqual([
      'unusable',
      expect.stringContaining('does not exist'),
    ]);
  });

  it('cannot be written', async () => {
    await (await open()).close();
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    const error = await unprivileged(failure);
    chmodSync(folder, 0o755);
    expect(error.failure).toBe('unusable');
    expect(error.message).toMatch(/cannot be written|cannot be opened/);
  });
});

/** The superuser may write anything: where the tests run as such, this runs as nobody. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('an SQLite database', () => {
  it('is written through a write-ahead log', async () => {
    await create(await open(), opportunity(1));
    expect(existsSync(`${path}-wal`)).toBe(true);
  });

  it('ends a call that looks at a row whose custom values are damaged, and names the row', async () => {
    const store = await open();
    await create(store, opportunity(1, { own: 1 }), opportunity(2, { own: 2 }));
    runOn(path, "UPDATE opportunity SET custom = '{' WHERE id = 2");
    const look = (id: number) =>
      store.apply(wanted({ ids: { Opportunity: [id] } }), ({ records }) => {
        const own = records.Opportunity.get(id)?.values.get('own');
        return done(own);
      });
    expect(await look(1)).toBe(1);
    await expect(look(2)).rejects.toMatchObject({
      name: 'StoreError',
      outcomeUnknown: false,
      message: expect.stringContaining('The column custom of opportunity 2 holds no JSON'),
    });
  });

  describe('that is written to', () => {
    const { fdatasync, fdatasyncSync } = fs;
    afterEach(() => {
      Object.assign(fs, { fdatasync, fdatasyncSync });
      syncBuiltinESMExports();
    });

    /** Counts the syncs that have ended, of a disk that needs `delay` milliseconds more for each. */
    function countSyncs(disk = { delay: 0 }) {
      const ended = { atOnce: 0, inAnotherThread: 0 };
      const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, disk.delay);
      Object.assign(fs, {
        fdatasyncSync(file: number) {
          fdatasyncSync(file);
          if (disk.delay > 0) wait();
          ended.atOnce += 1;
        },
        fdatasync(file: number, done: fs.NoParamCallback) {
          fdatasync(file, (error) => {
            ended.inAnotherThread += 1;
            setTimeout(done, disk.delay, error);
          });
        },
      });
      syncBuiltinESMExports();
      return ended;
    }

    it('is synced before the write resolves', async () => {
      const ended = countSyncs();
      const opened = await open();
      await create(opened, opportunity(1));
      expect(ended.atOnce + ended.inAnotherThread).toBe(1);
    });

    it('is not synced for a call that changes nothing', async () => {
      const ended = countSyncs();
      const opened = await open();
      await create(opened, opportunity(1));
      await write(opened, {}, entry({ userId: 'unchanged' }));
      expect(ended.atOnce + ended.inAnotherThread).toBe(1);
      expect((await opened.journal.newest(1))[0]?.userId).toBe('unchanged');
    });

    it('is synced before a call resolves that changes nothing and saw what another one had just written', async () => {
      const ended = countSyncs({ delay: 5 });
      const opened = await open();
      const first = create(opened, opportunity(1));
      const seen = opened.apply(wanted({ ids: { Opportunity: [1] } }), ({ records }) =>
        done(records.Opportunity.get(1)?.id),
      );
      expect(await seen).toBe(1);
      expect(ended.atOnce + ended.inAnotherThread).toBe(1);
      await first;
    });

    it('is synced before a call that indexes a field and changes nothing else resolves', async () => {
      const ended = countSyncs();
      const opened = await open();
      await create(opened, opportunity(1, { Name: 'a' }));
      const key = { type: 'Opportunity', name: 'name', value: 'a' } as const;
      await opened.apply(wanted({ keys: [key] }), () => done(undefined));
      expect(ended.atOnce + ended.inAnotherThread).toBe(2);
    });

    it('is synced once for the writes of one turn of the event loop', async () => {
      const ended = countSyncs();
      const opened = await open();
      const syncs = () => ended.atOnce + ended.inAnotherThread;
      let fewest = Number.POSITIVE_INFINITY;
      // Where the machine is slow, a transaction ends before all writers had their turn.
      for (let round = 0; round < 50 && fewest > 1; round++) {
        const before = syncs();
        const ids = Array.from({ length: 10 }, (_, index) => round * 10 + index + 1);
        await Promise.all(ids.map((id) => create(opened, opportunity(id))));
        fewest = Math.min(fewest, syncs() - before);
      }
      expect(fewest).toBe(1);
    });

    it('is synced in another thread while the disk is slow, and at once when it is quick again', async () => {
      const disk = { delay: 5 };
      const ended = countSyncs(disk);
      const opened = await open();
      let id = 0;
      const createNext = () => create(opened, opportunity(++id));
      await createNext();
      expect(ended).toEqual({ atOnce: 1, inAnotherThread: 0 });
      for (let count = 0; count < 9; count++) await createNext();
      expect(ended).toEqual({ atOnce: 1, inAnotherThread: 9 });
      disk.delay = 0;
      // The real disk is below, and may take its time, too.
      for (let count = 0; count < 1000 && ended.atOnce === 1; count++) await createNext();
      expect(ended.atOnce).toBe(2);
    });
  });

  it('is one file after close', async () => {
    await create(await open(), opportunity(1));
    await store?.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('has a column for every standard field, with its own type', async () => {
    await create(
      await open(),
      opportunity(1, { Amount: 501, IsWon: true, CloseDate: '2013-06-30', ExternalCreatedDate: 'x', own: 1 }),
    );
    const columns = onFile(path, (db) =>
      valueQuery(db, "SELECT name FROM pragma_table_info('opportunity')").all(),
    );
    const row = onFile(path, (db) =>
      objectQuery(
        db,
        'SELECT amount, is_won, close_date, external_created_date, company_id, custom FROM opportunity',
      ).get(),
    );
    expect(columns).toHaveLength(standardFields.Opportunity.length + 3);
    expect(row).toEqual({
      amount: 501,
      is_won: 1,
      close_date: '2013-06-30',
      external_created_date: 'x',
      company_id: null,
      custom: '{"own":1}',
    });
  });

  it('that is kept locked by another process fails a call, and nothing of it is applied', async () => {
    await open();
    const db = new DatabaseSync(path, { timeout: 5000 });
    db.exec('BEGIN IMMEDIATE');
    const failing = write(store as Store, { records: [opportunity(1)] });
    await expect(failing).rejects.toMatchObject({
      name: 'StoreError',
      failure: 'failed',
      outcomeUnknown: false,
      message: expect.stringContaining('another process has kept the database locked'),
    });
    db.exec('ROLLBACK');
    db.close();
    expect((await store?.contents())?.opportunities).toEqual([]);
  });

  it('that cannot grow fails a call, keeps what it acknowledged, and nothing of what it did not', async () => {
    const { acknowledged, error, kept } = JSON.parse(await inSmallFile(path));
    expect(error).toEqual({
      name: 'StoreError',
      outcomeUnknown: false,
      message: expect.stringMatching(/the disk (is full|failed to read or write)/),
    });
    expect(acknowledged).toBeGreaterThan(0);
    expect(kept).toBe(acknowledged);
  });
});

/** Runs fill-up.ts in a process whose files cannot grow beyond some hundred kilobytes. */
async function inSmallFile(database: string): Promise<string> {
  const script = fileURLToPath(new URL('fill-up.ts', import.meta.url));
  const limited = `trap '' XFSZ; ulimit -f 800; exec "$0" "$@"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', limited, process.execPath, script, database]);
  return stdout;
}
