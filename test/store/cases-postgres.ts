import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WantedKey } from '../../src/rules/facts.ts';
import { idSubject } from '../../src/store/browse/sql.ts';
import { openStore } from '../../src/store/open.ts';
import { createPool } from '../../src/store/postgres/connect.ts';
import { history } from '../../src/store/postgres/migrations.ts';
import { readUrl } from '../../src/store/postgres/url.ts';
import type { Store, StoreError } from '../../src/store/store.ts';
import { create, done, entry, facts, opportunity, wanted, write } from './fixture.ts';
import type { TestDatabase, TestPostgres } from './postgres-server.ts';

const upsert = (store: Store, value: string) => {
  const key = { type: 'Opportunity', name: 'name', value } as const;
  return store.apply(wanted({ keys: [key], newIds: { Opportunity: 1 } }), ({ keys, newIds, records }) => {
    const found = keys.get(key)?.[0];
    const before = found === undefined ? undefined : (records.Opportunity.get(found) ?? undefined);
    const id = before?.id ?? newIds.Opportunity[0] ?? 0;
    const count = Number(before?.values.get('Quantity') ?? 0) + 1;
    const { after } = opportunity(id, { Name: value, Quantity: count });
    return done(id, { records: [{ ...opportunity(id), before, after } as ReturnType<typeof opportunity>] });
  });
};

const failing = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );

/** What holds of PostgreSQL alone. */
/** The rows of opportunities that were read so far. */
const rowsRead =
  "SELECT (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_user_tables WHERE relname = 'opportunity'";

export function postgresCases(server: TestPostgres): void {
  describe('a PostgreSQL database', () => {
    let database: TestDatabase;
    const stores: Store[] = [];
    const open = async (url = database.url) => {
      const store = await openStore(url);
      stores.push(store);
      return store;
    };
    beforeEach(async () => {
      database = await server.createDatabase();
    });
    afterEach(async () => {
      await Promise.allSettled(stores.splice(0).map((store) => store.close()));
      await database.drop();
    });

    it('that several servers open for the first time at once is made once', async () => {
      const bare = await server.createDatabase(true);
      const opened = await Promise.all(Array.from({ length: 6 }, () => openStore(bare.url)));
      await Promise.all(opened.map((store, index) => create(store, opportunity(index + 1))));
      expect((await opened[0]?.contents())?.opportunities).toHaveLength(6);
      await Promise.all(opened.map((store) => store.close()));
      expect(await bare.query('SELECT count(*)::int AS steps FROM migration')).toEqual([
        { steps: history.migrations.length },
      ]);
      await bare.drop();
    });

    it('that was written by a newer version is refused', async () => {
      await database.query("INSERT INTO migration VALUES (999, 'from the future', now())");
      const { failure, message } = await failing(open());
      expect(failure).toBe('newer');
      expect(message).toContain('newer version of mktows');
    });

    it('that belongs to another application is refused, and left as it was', async () => {
      const bare = await server.createDatabase(true);
      await bare.query('CREATE TABLE theirs (x integer)');
      const { failure, message } = await failing(openStore(bare.url));
      expect([failure, message]).toEqual(['unusable', expect.stringContaining('another application')]);
      expect(await bare.query("SELECT to_regclass('migration') AS ours")).toEqual([{ ours: null }]);
      await bare.drop();
    });

    it('that is not there is named in one line, without the password', async () => {
      const url = new URL(database.url);
      url.pathname = '/nowhere';
      url.password ||= 'geheim';
      const { failure, message } = await failing(openStore(url.href));
      expect(failure).toBe('unusable');
      expect(message).toMatch(
        /^Cannot open PostgreSQL database postgres:\/\/.*\/nowhere: the database does not exist/,
      );
      expect(message).not.toContain(`:${url.password}`);
      expect(message).not.toContain('\n');
    });

    it('at an address where nothing listens is named in one line', async () => {
      const { failure, message } = await failing(openStore('postgres://127.0.0.1:1/x'));
      expect([failure, message]).toEqual(['unusable', expect.stringContaining('nothing listens there')]);
    });

    it('that must be reached through TLS is not reached without it', async () => {
      const url = new URL(database.url);
      url.searchParams.set('sslmode', 'verify-full');
      const { failure, message } = await failing(openStore(url.href));
      expect([failure, message]).toEqual(['unusable', expect.stringContaining('it offers no TLS')]);
    });

    it('has a column for every standard field, with its own type', async () => {
      await create(
        await open(),
        opportunity(1, { Amount: 501, IsWon: true, CloseDate: '2013-06-30', own: 1 }),
      );
      expect(
        await database.query(
          'SELECT amount, is_won, close_date::text, pg_typeof(close_date)::text AS type, custom FROM opportunity',
        ),
      ).toEqual([{ amount: 501, is_won: true, close_date: '2013-06-30', type: 'date', custom: { own: 1 } }]);
    });

    it('gives one object to a key that two servers upsert at the same time, and loses no write', async () => {
      const servers = await Promise.all([open(), open(), open()]);
      const names = Array.from({ length: 60 }, (_, index) => `n${index % 4}`);
      await Promise.all(names.map((name, index) => upsert(servers[index % 3] as Store, name)));
      const { opportunities } = await (servers[0] as Store).contents();
      expect(opportunities.map(({ values }) => [values.get('Name'), values.get('Quantity')]).sort()).toEqual(
        ['n0', 'n1', 'n2', 'n3'].map((name) => [name, 15]),
      );
    });

    it('lets calls that ask for keys in any order get through', async () => {
      const servers = await Promise.all([open(), open()]);
      const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
      const call = (store: Store, names: readonly string[]) =>
        store.apply(
          wanted({
            keys: names.map((value) => ({ type: 'Opportunity' as const, name: 'name', value })),
            newIds: { Opportunity: names.length },
          }),
          ({ keys: found, newIds }) => {
            const missing = names.filter(
              (value) => found.get({ type: 'Opportunity', name: 'name', value })?.length === 0,
            );
            const records = missing.map((Name, index) =>
              opportunity(newIds.Opportunity[index] ?? 0, { Name }),
            );
            return done(undefined, { records });
          },
        );
      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          call(servers[index % 2] as Store, index % 3 === 0 ? keys.toReversed() : keys.slice(index % 5)),
        ),
      );
      const { opportunities } = await (servers[0] as Store).contents();
      expect(opportunities.map(({ values }) => values.get('Name')).sort()).toEqual(keys);
    });

    it('that was never analyzed reads the keys that are asked for, not all of their type', async () => {
      await database.query('ALTER TABLE external_key SET (autovacuum_enabled = off)');
      const store = await open();
      const keys = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => ({
          type: 'Opportunity' as const,
          name: 'name',
          value: `n${from + index}`,
        }));
      await facts(store, { keys: keys(0, 1) });
      const records = Array.from({ length: 5000 }, (_, index) =>
        opportunity(index + 1, { Name: `n${index}` }),
      );
      await write(store, { records });
      const asked = keys(1000, 50);
      const found = await facts(store, { keys: asked });
      expect(asked.flatMap((key) => found.keys.get(key) ?? [])).toHaveLength(50);
      await store.close();
      const [read] = await database.query(
        "SELECT sum(idx_tup_read)::int AS entries FROM pg_stat_user_indexes WHERE relname = 'external_key'",
      );
      expect(read?.entries).toBeLessThan(5000);
    });

    it('browses by the index of ids, without reading the whole table', async () => {
      const filling = await open();
      const records = Array.from({ length: 5000 }, (_, index) =>
        opportunity(index + 1, { Name: `n${index}` }),
      );
      await write(filling, { records });
      await filling.close();
      await database.query('ANALYZE opportunity');
      const [before] = await database.query(rowsRead);
      const store = await open();
      const byId = {
        type: 'Opportunity',
        after: undefined,
        limit: 1,
        sort: { subject: idSubject, descending: true },
      } as const;
      const one = { subject: idSubject, operator: 'eq', value: 77 } as const;
      expect(
        (await store.browsing.page({ ...byId, filters: [one], search: undefined })).records,
      ).toHaveLength(1);
      expect((await store.browsing.page({ ...byId, filters: [], search: 'n4999' })).records).toHaveLength(1);
      await store.close();
      const [after] = await database.query(rowsRead);
      expect(Number(after?.rows) - Number(before?.rows)).toBeLessThan(10_000);
    });

    it('misses no key that is written while its field is asked for the first time', async () => {
      const [one, two] = [await open(), await open()];
      await Promise.all([
        ...Array.from({ length: 20 }, () =>
          one.apply(wanted({ newIds: { Opportunity: 1 } }), ({ newIds }) =>
            done(null, { records: [opportunity(newIds.Opportunity[0] ?? 0, { Stage: 's' })] }),
          ),
        ),
        facts(two, { keys: [{ type: 'Opportunity', name: 'stage', value: 's' }] }),
      ]);
      const key: WantedKey = { type: 'Opportunity', name: 'stage', value: 's' };
      const found = await facts(two, { keys: [key], depth: 100 });
      expect(found.keys.get(key)).toHaveLength(20);
    });

    it('gives each of several servers ids of its own, also beside ids that are given from outside', async () => {
      const servers = await Promise.all([open(), open()]);
      const ids = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const store = servers[index % 2] as Store;
          if (index % 10 === 9) return create(store, opportunity(1000 * index));
          return store.apply(wanted({ newIds: { Opportunity: 3 } }), ({ newIds }) =>
            done(newIds.Opportunity, { records: newIds.Opportunity.map((id) => opportunity(id)) }),
          );
        }),
      );
      const given = ids.flatMap((some) => some ?? []);
      expect(new Set(given).size).toBe(36 * 3);
      expect((await (servers[0] as Store).contents()).opportunities).toHaveLength(36 * 3 + 4);
    });

    it('whose connections are ended meanwhile applies calls wholly or not at all', async () => {
      const store = await open();
      let running = true;
      const killer = (async () => {
        while (running) {
          await database.query(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity ' +
              'WHERE datname = current_database() AND pid <> pg_backend_pid()',
          );
          await wait(15);
        }
      })();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async (_, client) => {
          const seen: { id: number; outcome: 'applied' | 'failed' | 'unknown' }[] = [];
          for (let call = 0; call < 25; call += 1) {
            const id = 1 + client * 1000 + call * 2;
            const records = [opportunity(id), opportunity(id + 1)];
            const outcome = await write(store, { records }, entry({ userId: String(id) })).then(
              () => 'applied' as const,
              (error: StoreError) => (error.outcomeUnknown ? ('unknown' as const) : ('failed' as const)),
            );
            seen.push({ id, outcome });
          }
          return seen;
        }),
      );
      running = false;
      await killer;
      const kept = new Set((await store.contents()).opportunities.map(({ id }) => id));
      const journal = new Set((await store.journal.newest(10_000)).map(({ userId }) => Number(userId)));
      for (const { id, outcome } of outcomes.flat()) {
        expect([kept.has(id + 1), journal.has(id)]).toEqual([kept.has(id), kept.has(id)]);
        if (outcome !== 'unknown') expect([id, kept.has(id)]).toEqual([id, outcome === 'applied']);
      }
    });

    it('whose table of locks was emptied, as a crash does, fills it again', async () => {
      const store = await open();
      await database.query('TRUNCATE call_lock');
      await Promise.all(Array.from({ length: 5 }, () => upsert(store, 'a')));
      expect((await store.contents()).opportunities).toHaveLength(1);
    });

    it.skipIf(server.own === undefined)(
      'that is lost fails calls in bounded time, and is found again',
      async () => {
        const store = await open();
        await create(store, opportunity(1));
        await server.own?.crash();
        const began = performance.now();
        const works = [create(store, opportunity(2)), store.ping(), store.contents()];
        const outcomes = await Promise.allSettled(works);
        const names = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.name);
        expect(names).toEqual(['StoreError', 'StoreError', 'StoreError']);
        expect(performance.now() - began).toBeLessThan(20_000);
        store.journal.note(entry());
        await server.own?.restart();
        await store.ping();
        await create(store, opportunity(3));
        expect((await store.contents()).opportunities.map(({ id }) => id)).toEqual([1, 3]);
        expect(await store.journal.newest(10)).toHaveLength(1);
      },
    );
  });

  describe('a PostgreSQL URL', () => {
    it.each([
      ['postgres://localhost', 'names no database'],
      ['postgres://[', 'cannot be read'],
      ['postgres://localhost/x?pool_max=1', 'pool_max=1'],
      ['postgres://me@a:5432,b:5432/x?target_session_attrs=read-write', 'names several hosts'],
      ['postgres://me@a,b/x', 'names several hosts'],
      ['postgres:///x?host=a%2Cb', 'names several hosts'],
    ])('%s is refused in one line that says what is expected', async (url, text) => {
      const { failure, message } = await failing(openStore(url));
      expect([failure, message]).toEqual(['unusable', expect.stringContaining(text)]);
    });

    it('may have a comma in its password', () => {
      expect(readUrl('postgres://me:a,b@db/mk').location).toBe('postgres://db/mk');
    });

    it('is shown without user, password and options', () => {
      expect(readUrl('postgresql://me:secret@db:5433/mk?sslmode=verify-full').location).toBe(
        'postgres://db:5433/mk',
      );
    });

    it('hands its TLS options to the driver', async () => {
      const { pool } = createPool('postgres://me@db/mk?sslmode=no-verify&application_name=a&pool_max=3');
      const options = pool.options as { max: number; connectionString: string };
      expect(options.max).toBe(3);
      expect(options.connectionString).toBe('postgres://me@db/mk?sslmode=no-verify&application_name=a');
      await pool.end();
    });
  });
}
