import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { valueQuery } from '../../src/store/sqlite/statements.ts';
import { everything, withStore } from '../store/copy-fixture.ts';
import { create, facts, opportunity } from '../store/fixture.ts';
import { sharedPostgres, type TestDatabase } from '../store/postgres-server.ts';
import { onFile, runOn } from '../store/sqlite-file.ts';
import { makeWorkspace, mktows, start, type Workspace } from './mktows.ts';

const KILLS = Number(process.env.MKTOWS_KILLS ?? 3);
const KILLING_TIME = 60_000 + KILLS * 5_000;
const OBJECTS = 12_000;
const key = { MKTOWS_KEY: '42'.repeat(32) };

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeWorkspace();
});
afterEach(() => workspace.remove());
const file = (name: string) => `sqlite:${workspace.path(name)}`;

/** Opportunities whose name stands in the index of external keys. */
async function fillDatabase(url: string, objects: number): Promise<void> {
  await withStore(url, async (store) => {
    await facts(store, { keys: [{ type: 'Opportunity', name: 'name', value: '' }] });
    for (let first = 1; first <= objects; first += 500) {
      const ids = Array.from({ length: Math.min(500, objects - first + 1) }, (_, index) => first + index);
      await create(store, ...ids.map((id) => opportunity(id, { Name: `Opportunity ${id}`, Amount: id / 4 })));
    }
  });
}

const run = (from: string, to: string) => mktows(['copy', '--from', from, '--to', to]);
const startCopy = (from: string, to: string) => start(['copy', '--from', from, '--to', to]);

describe('mktows copy', () => {
  it('lists what was copied with its checksum, and says that both sides hold the same', async () => {
    await fillDatabase(file('a.db'), 3);
    const { status, out, err } = await run(file('a.db'), file('b.db'));
    expect(status).toBe(0);
    expect(out).toMatch(/^opportunities\t3\t[0-9a-f]{16}\tsame$/m);
    expect(out).toMatch(/^roles\t0\t-\tsame$/m);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^copied .*a\.db to .*b\.db; both hold the same$/);
    expect(err).toMatch(/^copying .*a\.db to .*b\.db\n/);
  });

  it.each([
    [[], 'copy needs --from and --to, or MKTOWS_FROM and MKTOWS_TO'],
    [['--from', 'sqlite:/none/a.db', '--to', 'sqlite:b.db'], 'there is no such file'],
    [['--from', 'mysql://x', '--to', 'sqlite:b.db'], 'the scheme "mysql"'],
  ])('%j fails with one line', async (args, message) => {
    const { status, out, err } = await mktows(['copy', ...args]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toMatch(/^mktows: .*\n$/);
    expect(err).toContain(message);
  });

  it('a target with an unfinished copy is refused by the other commands', async () => {
    await fillDatabase(file('a.db'), 3);
    await fillDatabase(file('b.db'), 0);
    runOn(
      workspace.path('b.db'),
      "CREATE TABLE unfinished_copy (mark TEXT NOT NULL); INSERT INTO unfinished_copy VALUES ('')",
    );
    for (const command of [
      ['serve', '--port', '0'],
      ['users', 'list'],
      ['migrate'],
      ['migrate', '--status'],
    ]) {
      const { status, err } = await mktows([...command, '--database', file('b.db')]);
      expect([command, status, err]).toEqual([
        command,
        1,
        expect.stringMatching(/^mktows: .*b\.db holds an unfinished copy: run "mktows copy" again .*\n$/),
      ]);
    }
  });

  it('that is told to stop ends after a page, and is gone on with', async () => {
    await fillDatabase(file('a.db'), OBJECTS);
    const running = startCopy(file('a.db'), file('b.db'));
    await errorLine(running, /copying opportunities/);
    running.process.kill('SIGINT');
    const { status, err } = await running.ended;
    expect(status).toBe(1);
    expect(err).toContain('mktows: The copy was stopped; run the same command again to resume it');
    const again = await run(file('a.db'), file('b.db'));
    expect(again.err).toMatch(/^resuming the copy/);
    expect(again.out).toContain(`opportunities\t${OBJECTS}\t`);
  });
});

function errorLine({ process, ended }: ReturnType<typeof start>, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    process.stderr?.on('data', (text: string) => {
      if (pattern.test(text)) resolve();
    });
    ended.then(() => resolve());
  });
}

const server = await sharedPostgres();
if (typeof server === 'string') {
  describe('mktows copy from and to PostgreSQL', () => it.skip(server, () => {}));
} else {
  afterAll(() => server.stop());

  /** Kills the copy at moments in the opportunities until it comes to its end; answers how many rows each run found. */
  async function killAndGoOn(
    from: string,
    to: string,
    written: () => Promise<number>,
  ): Promise<{ found: number[]; out: string }> {
    const found: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const running = startCopy(from, to);
      await errorLine(running, /copying opportunities/);
      await wait(30 + Math.random() * 200);
      running.process.kill('SIGKILL');
      await running.ended;
      found.push(await written());
    }
    const { status, out, err } = await run(from, to);
    expect(status, err).toBe(0);
    expect(err).toMatch(/^resuming the copy/);
    return { found, out };
  }

  const rowsIn = (mark: unknown): number => JSON.parse(String(mark)).written.opportunities?.rows ?? 0;

  function expectGoneOn(found: readonly number[]): void {
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found.some((rows) => rows > 0 && rows < OBJECTS)).toBe(true);
  }

  describe('mktows copy from and to PostgreSQL', () => {
    let database: TestDatabase;
    beforeEach(async () => {
      database = await server.createDatabase();
    });
    afterEach(() => database.drop());

    it(
      `to PostgreSQL: killed ${KILLS} times in the middle, it goes on and all is there`,
      async () => {
        await fillDatabase(file('a.db'), OBJECTS);
        const { found, out } = await killAndGoOn(file('a.db'), database.url, async () => {
          const [row] = await database.query('SELECT mark FROM unfinished_copy');
          return rowsIn(row?.mark);
        });
        expectGoneOn(found);
        expect(out).toContain(`opportunities\t${OBJECTS}\t`);
        expect(await withStore(database.url, everything)).toEqual(await withStore(file('a.db'), everything));
      },
      KILLING_TIME,
    );

    it(
      `from PostgreSQL: killed ${KILLS} times in the middle, it goes on and all is there`,
      async () => {
        await fillDatabase(database.url, OBJECTS);
        const { found, out } = await killAndGoOn(database.url, file('b.db'), async () => {
          return onFile(workspace.path('b.db'), (db) =>
            rowsIn(valueQuery(db, 'SELECT mark FROM unfinished_copy').get()),
          );
        });
        expectGoneOn(found);
        expect(out).toContain(`opportunities\t${OBJECTS}\t`);
        expect(await withStore(file('b.db'), everything)).toEqual(await withStore(database.url, everything));
      },
      KILLING_TIME,
    );

    it('a server that is moved knows its users, and takes the stream positions that it gave out', async () => {
      const serve = async (url: string) => {
        const running = start(['serve', '--port', '0', '--database', url, '--log-level', 'error'], {
          env: key,
        });
        const [endpoint] = await running.line(/http:\S+\/soap\/mktows\/\d_\d/);
        return { running, endpoint };
      };
      await mktows(
        [
          'users',
          'add',
          'partner',
          '--secret',
          'a secret of the test',
          '--create',
          '--database',
          file('a.db'),
        ],
        { env: key },
      );
      await fillDatabase(file('a.db'), 250);
      const user = { userId: 'partner', secret: 'a secret of the test' };
      const old = await serve(file('a.db'));
      const first = await createClient({ retries: 0, endpoint: old.endpoint, ...user }).call('getMObjects', {
        type: 'Opportunity',
      });
      old.running.process.kill('SIGTERM');
      await old.running.ended;
      expect((await run(file('a.db'), database.url)).status).toBe(0);
      const moved = await serve(database.url);
      const second = await createClient({ retries: 0, endpoint: moved.endpoint, ...user }).call(
        'getMObjects',
        {
          type: 'Opportunity',
          streamPosition: first.result?.newStreamPosition ?? '',
        },
      );
      moved.running.process.kill('SIGTERM');
      await moved.running.ended;
      const ids = [first, second].flatMap(
        ({ result }) => result?.mObjectList?.mObject.map(({ id }) => id) ?? [],
      );
      expect(ids).toHaveLength(200);
      expect(new Set(ids).size).toBe(200);
    });
  });
}
