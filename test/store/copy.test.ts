import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CopyStep } from '../../src/store/copy.ts';
import { assertNewest } from '../../src/store/copy-mark.ts';
import { openStore } from '../../src/store/open.ts';
import { lockDatabase } from '../../src/store/postgres/locks.ts';
import { objectQuery, valueQuery } from '../../src/store/sqlite/statements.ts';
import { content, copy, everything, fill, withStore } from './copy-fixture.ts';
import { create, entry, opportunity, write } from './fixture.ts';
import { databasePool } from './postgres-databases.ts';
import { sharedPostgres } from './postgres-server.ts';
import { onFile, runOn } from './sqlite-file.ts';

const RUNS = Number(process.env.MKTOWS_COPY_RUNS ?? 8);
const SEED = Number(process.env.MKTOWS_SEED ?? Date.now() % 1_000_000);

let folder: string;
let made = 0;
function file(): string {
  made += 1;
  return join(folder, `${made}.db`);
}
const sqlite = (path = file()) => `sqlite:${path}`;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mktows-copy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Tables that say how and when the file came to be; the numbers of key names are those in which they came. */
const ofTheFile = ['meta', 'migration', 'sqlite_sequence', 'key_name', 'key_entry'];

/** Every row of every other table, and of the view of keys. */
function rawTables(path: string): Record<string, unknown[]> {
  return onFile(path, (db) => {
    const tables = valueQuery<[], string>(
      db,
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
    ).all();
    const rows = tables
      .filter((table) => !ofTheFile.includes(table))
      .map((table) => [
        table,
        objectQuery(db, `SELECT * FROM ${table}`)
          .all()
          .map((row) => JSON.stringify(row, (_, cell) => shown(cell)))
          .sort(),
      ]);
    return Object.fromEntries(rows);
  });
}

const shown = (cell: unknown) =>
  cell instanceof Uint8Array ? Buffer.from(cell).toString('hex') : inOrder(cell);

/** JSON in a cell has its names in the order in which they came, and in PostgreSQL in one of its own. */
function inOrder(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^[[{]/.test(cell)) return cell;
  try {
    return sorted(JSON.parse(cell));
  } catch {
    return cell;
  }
}
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .map(([name, part]): [string, unknown] => [name, sorted(part)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
};

const someContent = async (url: string, objects = 3) =>
  withStore(url, async (store) => {
    for (let id = 1; id <= objects; id += 500) {
      const ids = Array.from({ length: Math.min(500, objects - id + 1) }, (_, index) => id + index);
      await create(store, ...ids.map((each) => opportunity(each, { Name: `Opportunity ${each}` })));
    }
    await store.users.put({ userId: 'u', encryptedSecret: new Uint8Array([1, 2]), createdAt: entry().at });
    await write(store, {}, entry());
  });

/** Ends a copy as soon as so many rows of the opportunities are written. */
const endingAfter = (rows: number) => (step: CopyStep) => {
  if (step.kind === 'copying' && step.section === 'opportunities' && step.rows >= rows)
    throw new Error('ended');
};

const verdicts = (sections: Awaited<ReturnType<typeof copy>>) =>
  new Set(sections.map(({ verdict }) => verdict));

describe('a copy from SQLite to SQLite', () => {
  it('goes on where an earlier run ended, and writes no row twice', async () => {
    const [from, to] = [sqlite(), sqlite()];
    await someContent(from, 1000);
    await expect(copy(from, to, endingAfter(250))).rejects.toThrow('ended');
    const steps: CopyStep[] = [];
    expect(verdicts(await copy(from, to, (step) => steps.push(step)))).toEqual(new Set(['same']));
    expect(steps[0]).toMatchObject({ kind: 'begun', rows: expect.any(Number) });
    expect(steps[0]?.rows).toBeGreaterThanOrEqual(250);
    expect(steps[0]?.rows).toBeLessThan(1000);
    expect(await withStore(to, everything)).toEqual(await withStore(from, everything));
  });

  it('leaves the bytes of the source as they are', async () => {
    const path = file();
    await someContent(sqlite(path));
    const before = hashOf(path);
    await copy(sqlite(path), sqlite());
    expect(hashOf(path)).toBe(before);
  });

  it('has what a server that still runs has written last, and leaves the bytes of its files', async () => {
    const path = file();
    const running = await openStore(sqlite(path));
    await create(running, opportunity(1));
    const before = [hashOf(path), hashOf(`${path}-wal`)];
    const to = sqlite();
    await copy(sqlite(path), to);
    expect([hashOf(path), hashOf(`${path}-wal`)]).toEqual(before);
    await running.close();
    expect((await withStore(to, (store) => store.contents())).opportunities).toHaveLength(1);
  });

  it('has every loose key, however its name is spelled, in several pages', async () => {
    const [from, to] = [sqlite(), sqlite()];
    const looseKeys = (['Opportunity', 'OpportunityPersonRole'] as const).flatMap((type) =>
      Array.from({ length: 150 }, (_, index) => ({
        type,
        id: 1 + (index % 3),
        name: `${index % 2 === 0 ? 'K' : 'k'}${index}`,
        value: 'v',
      })),
    );
    await withStore(from, (store) => write(store, { looseKeys }));
    const copied = (await copy(from, to)).find(({ section }) => section === 'looseKeys');
    expect(copied).toMatchObject({ rows: looseKeys.length, verdict: 'same' });
    const found = await withStore(to, async (store) => (await store.contents()).looseKeys);
    expect(new Set(found)).toEqual(new Set(looseKeys));
  });

  it('gives no id again that was given and removed', async () => {
    const [from, to] = [sqlite(), sqlite()];
    await withStore(from, async (store) => {
      const newest = opportunity(7);
      await create(store, newest);
      await create(store, { ...newest, before: newest.after, after: undefined } as typeof newest);
    });
    await copy(from, to);
    expect((await withStore(to, everything)).newIds.Opportunity).toEqual([8]);
  });
});

describe('a target is refused in one line', () => {
  it.each<[string, (from: string, to: string) => Promise<unknown>, RegExp]>([
    [
      'that holds something',
      (_, to) => someContent(to),
      /is not empty \(opportunities: 3, users: 1, journal entries: 1\)/,
    ],
    ['that is a finished copy', (from, to) => copy(from, to), /the source itself, or a finished copy of it/],
    [
      'that holds an unfinished copy of another database',
      async (_, to) => {
        const other = sqlite();
        await someContent(other);
        await copy(other, to, endingAfter(1)).catch(() => {});
      },
      /unfinished copy of another database, .*delete the file/,
    ],
    [
      'whose copy was begun before the source changed',
      async (from, to) => {
        await copy(from, to, endingAfter(1)).catch(() => {});
        await withStore(from, (store) => create(store, opportunity(4)));
      },
      /as it was before: opportunities were 3, are 4; ids were assigned\. Stop the servers/,
    ],
    [
      'whose copy another version began',
      async (from, to) => {
        await copy(from, to, endingAfter(1)).catch(() => {});
        runOn(to.slice('sqlite:'.length), `UPDATE unfinished_copy SET mark = json_set(mark, '$.format', 99)`);
      },
      /another version of mktows began/,
    ],
  ])('%s', async (_, prepare, message) => {
    const [from, to] = [sqlite(), sqlite()];
    await someContent(from);
    await prepare(from, to);
    const error = await copy(from, to).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
  });

  it('that a server has open', async () => {
    const [from, to] = [sqlite(), sqlite()];
    await someContent(from);
    const server = await openStore(to);
    await server.users.list();
    await expect(copy(from, to)).rejects.toThrow('another process holds it locked');
    await server.close();
  });

  it('that is the source', async () => {
    const path = file();
    await someContent(sqlite(path));
    await expect(copy(sqlite(path), `sqlite://${path}`)).rejects.toThrow('to itself');
  });

  it('that is in memory', async () => {
    const from = sqlite();
    await someContent(from);
    await expect(copy(from, 'sqlite::memory:')).rejects.toThrow('cannot be copied to');
  });
});

describe('a source is refused in one line', () => {
  it.each<[string, (path: string) => unknown, RegExp]>([
    ['that is not there', () => {}, /there is no such file/],
    ['that is in no form yet', (path) => runOn(path, 'PRAGMA user_version = 1'), /not an mktows database/],
    ['that is another application', (path) => runOn(path, 'CREATE TABLE theirs (x)'), /another application/],
    [
      'that a newer version wrote',
      async (path) => {
        await someContent(sqlite(path));
        runOn(path, "INSERT INTO migration VALUES (999, 'from the future', 'then')");
      },
      /newer version of mktows/,
    ],
    [
      'that is an unfinished copy itself',
      async (path) => {
        const other = sqlite();
        await someContent(other);
        await copy(other, sqlite(path), endingAfter(1)).catch(() => {});
      },
      /holds an unfinished copy/,
    ],
  ])('%s', async (_, prepare, message) => {
    const path = file();
    await prepare(path);
    await expect(copy(sqlite(path), sqlite())).rejects.toThrow(message);
  });
});

it('a source of an older form is refused, and is not brought to the newest', () => {
  const steps = [
    { number: 1, name: 'records', appliedAt: entry().at },
    { number: 2, name: 'more', appliedAt: null },
  ];
  expect(() => assertNewest('SQLite', 'a.db', steps)).toThrow('run "mktows migrate" on it first');
  expect(() => assertNewest('SQLite', 'a.db', steps.slice(0, 1))).not.toThrow();
});

it('a database with an unfinished copy is no store', async () => {
  const [from, to] = [sqlite(), sqlite()];
  await someContent(from);
  await copy(from, to, endingAfter(1)).catch(() => {});
  await expect(openStore(to)).rejects.toMatchObject({
    failure: 'unfinished',
    message: expect.stringContaining('run "mktows copy" again with the same options, or empty it'),
  });
});

describe('a source that changes while it is copied is noticed, and the copy stays unfinished', () => {
  it.each<[string, CopyStep['kind'], (path: string) => void]>([
    [
      'a row that was copied changes',
      'copying',
      (path) => runOn(path, "UPDATE opportunity SET name = 'x' WHERE id = 1"),
    ],
    ['a row is added when all are copied', 'checking', (path) => runOn(path, newRow)],
    ['a row that was copied goes', 'copying', (path) => runOn(path, 'DELETE FROM opportunity WHERE id = 2')],
    ['a row is added that is copied, too', 'copying', (path) => runOn(path, newRow)],
  ])('%s', async (_, kind, change) => {
    const path = file();
    const to = sqlite();
    await someContent(sqlite(path), 300);
    let isDone = false;
    const sections = await copy(sqlite(path), to, (step) => {
      if (
        isDone ||
        step.kind === 'begun' ||
        step.kind !== kind ||
        step.section !== 'opportunities' ||
        step.rows < 100
      )
        return;
      isDone = true;
      change(path);
    });
    const seen = sections
      .filter(({ verdict }) => verdict !== 'same')
      .map(({ section, verdict }) => [section, verdict]);
    expect(seen).toEqual([['opportunities', 'source changed']]);
    await expect(openStore(to)).rejects.toMatchObject({ failure: 'unfinished' });
  });
});

const newRow = "INSERT INTO opportunity (id, created_at, updated_at) VALUES (999, 'x', 'x')";

const server = await sharedPostgres();
if (typeof server === 'string') {
  describe('a copy from and to PostgreSQL', () => it.skip(server, () => {}));
} else {
  const databases = databasePool(server);
  afterAll(async () => {
    await databases.dropAll();
    await server.stop();
  });

  describe('a copy from and to PostgreSQL', () => {
    it(`any content comes back from SQLite, PostgreSQL, PostgreSQL and SQLite as it was (seed ${SEED})`, async () => {
      await fc.assert(
        fc.asyncProperty(content, async (given) => {
          const [first, last] = [file(), file()];
          const [second, third] = [await databases.take(), await databases.take()];
          try {
            await withStore(sqlite(first), (store) => fill(store, given));
            const way = [sqlite(first), second.url, third.url, sqlite(last)];
            const checksums: string[][] = [];
            for (const [index, to] of way.slice(1).entries()) {
              const sections = await copy(way[index] ?? '', to);
              expect(verdicts(sections)).toEqual(new Set(['same']));
              checksums.push(sections.map(({ checksum }) => checksum));
            }
            expect(checksums[1]).toEqual(checksums[0]);
            expect(checksums[2]).toEqual(checksums[0]);
            expect(rawTables(last)).toEqual(rawTables(first));
            const original = await withStore(sqlite(first), everything);
            for (const url of way.slice(1)) expect(await withStore(url, everything)).toEqual(original);
          } finally {
            await databases.giveBack(second);
            await databases.giveBack(third);
          }
        }),
        { numRuns: RUNS, seed: SEED, endOnFailure: true },
      );
    });

    it('goes on where an earlier run ended', async () => {
      const from = sqlite();
      const database = await databases.take();
      await someContent(from, 1000);
      await expect(copy(from, database.url, endingAfter(250))).rejects.toThrow('ended');
      await expect(openStore(database.url)).rejects.toMatchObject({ failure: 'unfinished' });
      let there = 0;
      const sections = await copy(from, database.url, (step) => {
        if (step.kind === 'begun') there = step.rows;
      });
      expect(verdicts(sections)).toEqual(new Set(['same']));
      expect(there).toBeGreaterThanOrEqual(250);
      expect(await withStore(database.url, everything)).toEqual(await withStore(from, everything));
      await databases.giveBack(database);
    });

    it('never writes to its source', async () => {
      const database = await server.createDatabase();
      const name = new URL(database.url).pathname.slice(1);
      await someContent(database.url);
      await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
      const written = () =>
        database.query(
          'SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname',
        );
      const before = await written();
      const to = sqlite();
      expect(verdicts(await copy(database.url, to))).toEqual(new Set(['same']));
      expect(await written()).toEqual(before);
      expect((await withStore(to, (store) => store.contents())).opportunities).toHaveLength(3);
      await database.drop();
    });

    it('refuses a target that holds something', async () => {
      const from = sqlite();
      const database = await databases.take();
      await someContent(from);
      await someContent(database.url);
      await expect(copy(from, database.url)).rejects.toThrow(/is not empty \(opportunities: 3/);
      await databases.giveBack(database);
    });

    it('refuses a target that a call of a server is at work on', async () => {
      const from = sqlite();
      const database = await databases.take();
      await someContent(from);
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query('BEGIN');
      await client.query(lockDatabase(false));
      await expect(copy(from, database.url)).rejects.toThrow('is in use by a server or another copy');
      await client.end();
      await databases.giveBack(database);
    });

    it('keeps a second copy out of its target', async () => {
      const from = sqlite();
      const database = await databases.take();
      await someContent(from);
      let second: Promise<unknown> | undefined;
      await copy(from, database.url, (step) => {
        if (step.kind === 'begun') second = copy(from, database.url).catch((error: Error) => error.message);
      });
      expect(await second).toMatch(/in use by a server or another copy|is not empty/);
      await databases.giveBack(database);
    });
  });
}
