import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../../src/store/postgres/connect.ts';
import { isLost, isRefusal, isSilent, type TimeBounds, timeBounds } from '../../src/store/postgres/errors.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { type Guard, RetryTransaction, transactions } from '../../src/store/postgres/transaction.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import {
  envelope,
  faultCode,
  faultMessage,
  insertOf,
  post,
  startTestServer,
  type TestServer,
} from '../server/test-server.ts';
import { create, opportunity } from './fixture.ts';
import { type PostgresProxy, startProxy } from './postgres-proxy.ts';
import { sharedPostgres, type TestDatabase, type TestPostgres } from './postgres-server.ts';

/** What the tests wait for, in place of the half minute that a server waits. */
const short: TimeBounds = { connect: 500, statement: 700, answer: 1_500 };

const answered = (code: string, severity = 'ERROR') =>
  Object.assign(new pg.DatabaseError('said', 1, 'error'), { code, severity });
const ofNode = (code: string) => Object.assign(new Error('said'), { code });

describe('an error', () => {
  it.each([
    ...['08000', '08006', '57P01', '57P02', '57P03'].map((code) => answered(code, 'FATAL')),
    answered('57P01', 'ВАЖНО'),
    ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'].map(ofNode),
    new Error('Connection terminated'),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new AggregateError([ofNode('ECONNREFUSED'), ofNode('ENETUNREACH')]),
  ])('that means a lost connection: %o', (error) => {
    expect([isLost(error), isSilent(error), isRefusal(error)]).toEqual([true, false, false]);
  });

  it.each([
    new Error('Query read timeout'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Connection terminated due to connection timeout'),
  ])('that means a silent connection: %o', (error) => {
    expect([isLost(error), isSilent(error), isRefusal(error)]).toEqual([false, true, false]);
  });

  it.each([
    new TypeError('x is undefined'),
    new Error('boom'),
    ofNode('ENOSPC'),
    answered('53300', 'FATAL'),
    answered('53100', 'PANIC'),
    answered('XX000', 'ОШИБКА'),
    new StoreError('Connection terminated'),
    new AggregateError([ofNode('ECONNREFUSED'), new TypeError('x')]),
    'Connection terminated',
    undefined,
  ])('that means none of these: %o', (error) => {
    expect([isLost(error), isSilent(error), isRefusal(error)]).toEqual([false, false, false]);
  });

  it.each([answered('23505'), answered('57014'), answered('XX000'), answered('40001', 'ОШИБКА')])(
    'that means that the database refused: %o',
    (error) => {
      expect([isLost(error), isSilent(error), isRefusal(error)]).toEqual([false, false, true]);
    },
  );
});

const failing = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );

function failureCases(postgres: TestPostgres): void {
  let database: TestDatabase;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    database = await postgres.createDatabase();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
    await database.drop();
  });

  async function open(url = database.url, bounds = short): Promise<Store> {
    const store = await openPostgresStore({ url, bounds });
    ends.push(() => store.close().catch(() => undefined));
    return store;
  }

  async function proxied(): Promise<PostgresProxy> {
    const proxy = await startProxy(database.url);
    ends.push(() => proxy.close());
    return proxy;
  }

  async function serve(store: Store): Promise<TestServer> {
    const server = await startTestServer({ between: () => store });
    ends.push(async () => {
      await server.store.close();
      await server.remove().catch(() => undefined);
    });
    return server;
  }

  function guard(url = database.url): Guard {
    const connected = createPool(url, short);
    const made = transactions(connected);
    ends.push(() => made.end());
    return made;
  }

  describe('work that always must begin again', () => {
    it('is given up after 12 tries, with nothing applied', async () => {
      let tries = 0;
      const error = await failing(
        guard().write(async ({ run }) => {
          tries += 1;
          await run('CREATE TABLE left_behind ()');
          throw new RetryTransaction();
        }),
      );
      expect([tries, error.name, error.outcomeUnknown]).toEqual([12, 'StoreError', false]);
      expect(error.message).toMatch(
        /other calls kept changing the same objects, 12 times in a row; nothing was applied, send it again$/,
      );
      expect(await database.query("SELECT to_regclass('left_behind') AS there")).toEqual([{ there: null }]);
    });

    it('because of deadlocks ends the call with a 20011 that says it can be sent again', async () => {
      await database.query(`CREATE SEQUENCE tries;
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          PERFORM nextval('tries'); RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON opportunity FOR EACH ROW EXECUTE FUNCTION fail()`);
      const server = await serve(await open());
      const { text } = await post(server, envelope(insertOf('never')));
      expect([faultCode(text), faultMessage(text)]).toEqual([
        20011,
        expect.stringContaining('nothing of this call was applied, and it can be sent again'),
      ]);
      expect(server.log.findLast(({ fault }) => fault === 20011)?.reason).toContain('12 times in a row');
      expect(await database.query('SELECT last_value::int AS tries FROM tries')).toEqual([{ tries: 12 }]);
    });
  });

  describe('a mistake of ours', () => {
    it('comes out at once, with nothing applied', async () => {
      let tries = 0;
      const one = guard();
      const error = await failing(
        one.write(async ({ run }) => {
          tries += 1;
          await run('CREATE TABLE left_behind ()');
          throw new TypeError('x is undefined');
        }),
      );
      expect([tries, error.name, error.outcomeUnknown]).toEqual([1, 'StoreError', false]);
      expect(error.cause).toEqual(new TypeError('x is undefined'));
      expect(await database.query("SELECT to_regclass('left_behind') AS there")).toEqual([{ there: null }]);
      expect(await one.read('SELECT 1')).toEqual([[['1']]]);
    });

    it('after the commit leaves the outcome unknown', async () => {
      const error = await failing(
        guard().write(async ({ commit }) => {
          await commit('SELECT 1');
          throw new TypeError('x is undefined');
        }),
      );
      expect(error.outcomeUnknown).toBe(true);
    });
  });

  describe.each(['before', 'after'] as const)('a connection lost %s a commit', (when) => {
    const losing = async (...statements: string[]) => {
      const proxy = await proxied();
      let tries = 0;
      const done = guard(proxy.url).write(async ({ run, commit }) => {
        tries += 1;
        await run('SELECT 1');
        if (tries === 1) proxy.cutCommit('', when);
        return commit(...statements);
      });
      return { done, tries: () => tries };
    };

    it('that writes nothing is no loss: the work is done again', async () => {
      const { done, tries } = await losing();
      expect([await done, tries()]).toEqual([[], 2]);
    });

    it('that writes leaves the outcome unknown', async () => {
      const { done, tries } = await losing('CREATE TABLE written ()');
      expect([(await failing(done)).outcomeUnknown, tries()]).toEqual([true, 1]);
    });
  });

  describe('a silent network', () => {
    it('ends calls with 20011 in bounded time, and is forgotten when it is over', async () => {
      const proxy = await proxied();
      const server = await serve(await open(proxy.url));
      await post(server, envelope(insertOf('before')));
      proxy.be('swallows');
      const began = performance.now();
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, call) => post(server, envelope(insertOf(`silent ${call}`)))),
      );
      // A connection and an answer are waited for once; the rest is to spare.
      expect(performance.now() - began).toBeLessThan(short.connect + short.answer + 5_000);
      expect(new Set(answers.map(({ text }) => faultCode(text)))).toEqual(new Set([20011]));
      proxy.be('forwards');
      const { text } = await post(server, envelope(insertOf('after')));
      expect(text).toContain('CREATED');
      const { opportunities } = await (await open()).contents();
      expect(opportunities.map(({ values }) => values.get('Name'))).toEqual(['before', 'after']);
    });

    it('that swallows the answer to a commit leaves the outcome unknown', async () => {
      const proxy = await proxied();
      const store = await open(proxy.url);
      await create(store, opportunity(1));
      proxy.cutCommit('INSERT INTO opportunity', 'never');
      const error = await failing(create(store, opportunity(2)));
      expect([error.outcomeUnknown, error.message]).toEqual([
        true,
        expect.stringContaining('it does not answer in time'),
      ]);
    });

    it('fails the start of a server in bounded time', async () => {
      const proxy = await proxied();
      proxy.be('swallows');
      const error = await failing(openPostgresStore({ url: proxy.url, bounds: short }));
      expect([error.failure, error.message]).toEqual([
        'unusable',
        expect.stringContaining('does not answer in time'),
      ]);
    });
  });

  it('a statement that takes too long ends the call, with nothing applied', async () => {
    const server = await serve(await open());
    await post(server, envelope(insertOf('before')));
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    ends.push(() => holder.end());
    await holder.query('BEGIN; LOCK TABLE opportunity IN EXCLUSIVE MODE');
    const { text } = await post(server, envelope(insertOf('slow')));
    expect([faultCode(text), faultMessage(text)]).toEqual([
      20011,
      expect.stringContaining('nothing of this call was applied'),
    ]);
    expect(server.log.findLast(({ fault }) => fault === 20011)?.reason).toContain(
      'a statement took longer than it may',
    );
    await holder.query('COMMIT');
    expect((await post(server, envelope(insertOf('after')))).text).toContain('CREATED');
    const { opportunities } = await (await open()).contents();
    expect(opportunities.map(({ values }) => values.get('Name'))).toEqual(['before', 'after']);
  });

  it('work that stands still loses its transaction and its locks, and is done again', async () => {
    let tries = 0;
    const seen: number[] = [];
    await guard().write(async ({ run, commit }) => {
      tries += 1;
      await run('LOCK TABLE opportunity');
      if (tries === 1) {
        await new Promise((resolve) => setTimeout(resolve, 2 * short.statement));
        // Would wait if the lock were still held.
        seen.push((await database.query('SELECT id FROM opportunity')).length);
      }
      return commit('SELECT 1');
    });
    expect([tries, seen]).toEqual([2, [0]]);
  });
}

it('the answer is waited for longer than a statement may take, so that the database can say why', () => {
  expect(timeBounds.answer).toBeGreaterThan(timeBounds.statement);
});

const postgres = await sharedPostgres();
describe('the PostgreSQL store', () => {
  if (typeof postgres === 'string') it.skip(postgres, () => {});
  else {
    afterAll(() => postgres.stop());
    failureCases(postgres);
  }
});
