import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLimits, type Limits, noLimits, type ServerLimits } from '../../src/access/limits.ts';
import { quotaDay } from '../../src/access/quota-day.ts';
import { BURST } from '../../src/access/rate-window.ts';
import { shareLimits } from '../../src/access/shared-limits.ts';
import { createClient, MktowsFault } from '../../src/client/index.ts';
import { SoapFault } from '../../src/contract/faults.ts';
import { openStore } from '../../src/store/open.ts';
import { callCountTable } from '../../src/store/postgres/call-counts.ts';
import { createPool } from '../../src/store/postgres/connect.ts';
import { lockDatabase } from '../../src/store/postgres/locks.ts';
import { type Guard, transactions } from '../../src/store/postgres/transaction.ts';
import { type CallCountTable, COUNTS_LEASE, type Store } from '../../src/store/store.ts';
import { type Running, start } from '../cli/mktows.ts';
import { insertOf } from '../server/test-server.ts';
import { startOwnPostgres, type TestDatabase, type TestPostgres } from '../store/postgres-server.ts';

const NOON = Date.parse('2026-06-15T17:00:00Z');
const WINDOW = 20_000;
const SERVERS = 3;

/** The code with which a call is refused, or what ends it. */
function admit(limits: Limits): number | (() => void) {
  try {
    return limits.admit();
  } catch (error) {
    if (error instanceof SoapFault) return error.code;
    throw error;
  }
}

interface Call {
  readonly server: number;
  readonly at: number;
  endedAt: number | undefined;
  readonly end: () => void;
}

/** What a server said in its last exchange: the calls that it had taken, and those of them that had not ended. */
interface Said {
  readonly at: number;
  readonly taken: readonly Call[];
  readonly underWay: number;
}

/** Mostly one limit that is in the way: another one would hide it. */
const MANY = 1_000;
const daily = fc.integer({ min: 3, max: 30 });
const rate = fc.integer({ min: 1, max: 8 });
const concurrency = fc.integer({ min: 1, max: 6 });
const many = fc.constant(MANY);
const settings = fc.oneof(
  fc.record({ daily, rate: many, concurrency: many }),
  { weight: 3, arbitrary: fc.record({ daily: many, rate, concurrency: many }) },
  fc.record({ daily: many, rate: many, concurrency }),
  fc.record({ daily, rate, concurrency }),
);
const server = fc.nat({ max: SERVERS - 1 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('call' as const), server }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('end' as const), server }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('exchange' as const), server }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), time: fc.integer({ min: 1, max: 9_000 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Settings = typeof settings extends fc.Arbitrary<infer Value> ? Value : never;

/**
 * Servers that exchange when they are told to, against a model that knows what each one has heard. Ages come from the
 * database: as many milliseconds as the run really took, the model cannot know.
 */
async function holdAgainstModel(
  guard: Guard,
  database: TestDatabase,
  limits: Settings,
  steps: readonly Step[],
): Promise<void> {
  await database.query('TRUNCATE call_count');
  const clock = { time: NOON, now: () => clock.time };
  const began = performance.now();
  const servers = Array.from({ length: SERVERS }, () => ({
    limits: createLimits(limits, clock),
    table: callCountTable(guard, clock.now),
    said: undefined as Said | undefined,
    heard: { at: 0, from: [] as readonly Said[] },
  }));
  const calls: Call[] = [];

  /** How many calls a server must count at least, or can count at most, for each limit. */
  function known(index: number, isMost: boolean) {
    const slack = isMost ? BURST + performance.now() - began : began - performance.now();
    const { at: heardAt, from } = servers[index]?.heard ?? { at: 0, from: [] };
    const lease = isMost ? COUNTS_LEASE : COUNTS_LEASE * 0.7;
    const own = calls.filter((call) => call.server === index);
    const others = from.flatMap(({ taken }) => taken);
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
    return {
      daily: own.length + others.length,
      rate:
        own.filter(({ at }) => clock.time - at < WINDOW).length +
        others.filter(({ at }) => clock.time - at < WINDOW + slack).length,
      concurrency:
        own.filter(({ endedAt }) => endedAt === undefined).length +
        (clock.time - heardAt < COUNTS_LEASE
          ? sum(from.map(({ at, underWay }) => (heardAt - at < lease + slack ? underWay : 0)))
          : 0),
    };
  }

  for (const one of steps) {
    if (one.kind === 'wait') {
      clock.time += one.time;
      await database.query(`UPDATE call_count SET written_at = written_at - interval '${one.time} ms'`);
      continue;
    }
    const server = servers[one.server];
    if (server === undefined) throw new Error('no such server');
    if (one.kind === 'end') {
      const call = calls.find((each) => each.server === one.server && each.endedAt === undefined);
      call?.end();
      if (call) call.endedAt = clock.time;
    } else if (one.kind === 'exchange') {
      const own = calls.filter((call) => call.server === one.server);
      const underWay = own.filter(({ endedAt }) => endedAt === undefined).length;
      server.limits.countOthers(await server.table.exchange(server.limits.taken()));
      server.said = { at: clock.time, taken: own, underWay };
      const others = servers.filter((other) => other !== server);
      server.heard = { at: clock.time, from: others.flatMap(({ said }) => said ?? []) };
    } else {
      const least = known(one.server, false);
      const outcome = admit(server.limits);
      const most = known(one.server, true);
      if (outcome === 20015) expect(most.daily).toBeGreaterThanOrEqual(limits.daily);
      else if (outcome === 20023) expect(most.rate).toBeGreaterThanOrEqual(limits.rate);
      else if (outcome === 20024) expect(most.concurrency).toBeGreaterThanOrEqual(limits.concurrency);
      else if (typeof outcome === 'function') {
        expect(least.daily).toBeLessThan(limits.daily);
        expect(least.rate).toBeLessThan(limits.rate);
        expect(least.concurrency).toBeLessThan(limits.concurrency);
        calls.push({ server: one.server, at: clock.time, endedAt: undefined, end: outcome });
      }
      expect(calls.length).toBeLessThanOrEqual(SERVERS * limits.daily);
    }
  }
}

const user = { userId: 'limited', secret: 'a secret of the limits test' };

/** The code with which a server answers a call that changes nothing; 200: it was taken. */
const askOf = (endpoint: string) =>
  createClient({ retries: 0, endpoint, ...user })
    .call('getTags', {})
    .then(
      () => 200,
      (error: unknown) => (error instanceof MktowsFault ? error.code : Promise.reject(error)),
    );

function sharedCases(postgres: TestPostgres): void {
  let database: TestDatabase;
  let running: Running[];
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    database = await postgres.createDatabase();
    running = [];
  });
  afterEach(async () => {
    for (const { process } of running) process.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    for (const end of ends.splice(0).toReversed()) await end();
    await database.drop();
  });

  async function open(): Promise<Store & { readonly callCounts: CallCountTable }> {
    const store = await openStore(database.url);
    ends.push(() => store.close());
    if (store.callCounts === null) throw new Error('no table of counts');
    return store as Store & { readonly callCounts: CallCountTable };
  }

  async function serve(...limits: readonly string[]): Promise<{ running: Running; endpoint: string }> {
    const env = { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret, MKTOWS_KEY: 'ab'.repeat(32) };
    const args = ['serve', '--port', '0', '--database', database.url, '--log-level', 'silent', ...limits];
    const server = start(args, { env });
    running.push(server);
    return { running: server, endpoint: (await server.line(/^Endpoint +(\S+)$/m))[1] ?? '' };
  }

  it('count what other servers said, no more and no less', async () => {
    const pool = createPool(database.url);
    ends.push(() => pool.pool.end());
    const guard = transactions(pool);
    const steps = fc.array(step, { minLength: 10, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(settings, steps, (limits, some) => holdAgainstModel(guard, database, limits, some)),
      { numRuns: Number(process.env.MKTOWS_RUNS ?? 100) },
    );
  });

  it('forget the calls under way of a server that is silent for 10 seconds', async () => {
    const [one, two] = [await open(), await open()];
    const { day } = createLimits(noLimits).taken();
    const counts = { day, today: 3, underWay: 2, recent: [[0, 3]] as const };
    await one.callCounts.exchange(counts);
    const heard = async () => (await two.callCounts.exchange({ ...counts, today: 0 })).underWay;
    expect(await heard()).toBe(2);
    await database.query("UPDATE call_count SET written_at = written_at - interval '10 seconds'");
    expect(await heard()).toBe(0);
  });

  it('count how long ago calls were by the clock of the database', async () => {
    const [one, two] = [await open(), await open()];
    const counts = { day: quotaDay(NOON).start, today: 3, underWay: 0, recent: [[1_000, 3]] as const };
    await one.callCounts.exchange(counts);
    await database.query("UPDATE call_count SET written_at = written_at - interval '5 seconds'");
    const { recent } = await two.callCounts.exchange({ ...counts, recent: [] });
    expect(recent).toEqual([[expect.any(Number), 3]]);
    expect(recent[0]?.[0]).toBeGreaterThanOrEqual(6_000);
    expect(recent[0]?.[0]).toBeLessThan(16_000);
  });

  it('count a call of the day before for nothing', async () => {
    const [one, two] = [await open(), await open()];
    const midnight = Date.parse('2026-06-16T05:00:00Z');
    const counts = { today: 3, underWay: 0, recent: [] };
    await one.callCounts.exchange({ ...counts, day: quotaDay(midnight - 1).start });
    const day = quotaDay(midnight).start;
    expect((await two.callCounts.exchange({ ...counts, day })).today).toBe(0);
  });

  it('count calls that only the journal knows once, however many servers start', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const day = quotaDay(NOON).start;
    const joined = await Promise.all(stores.map(({ callCounts }) => callCounts.join(day, 10)));
    expect(joined.sort()).toEqual([0, 0, 10]);
  });

  it('drop the count of a server that was silent for two days when another one starts', async () => {
    const [one, two] = [await open(), await open()];
    await one.callCounts.join(quotaDay(NOON).start, 1);
    await database.query("UPDATE call_count SET written_at = written_at - interval '2 days 1 second'");
    await two.callCounts.join(quotaDay(NOON).start, 1);
    expect(await database.query('SELECT count(*)::int AS rows FROM call_count')).toEqual([{ rows: 1 }]);
  });

  it.skipIf(postgres.own === undefined)(
    'go on with the last known counts while the database is away, and say so once',
    async () => {
      const log: string[] = [];
      const warn = { warn: (_details: object, message: string) => void log.push(message) };
      const limited = async (store: Store & { readonly callCounts: CallCountTable }) => {
        const own = createLimits({ ...noLimits, daily: 5 });
        const limits = await shareLimits(own, store.callCounts, warn);
        ends.push(() => limits.close());
        return { own, limits };
      };
      const one = await limited(await open());
      for (let call = 0; call < 3; call += 1) one.limits.admit();
      const two = await limited(await open());
      const othersOf = async ({ own }: { own: ServerLimits }) => own.taken().today;
      expect(await othersOf(two)).toBe(0);
      await expect
        .poll(() => database.query('SELECT sum(today)::int AS calls FROM call_count'))
        .toEqual([{ calls: 3 }]);
      await wait(1_000);
      await postgres.own?.crash();
      await expect.poll(() => log.length).toBe(2);
      const outcomes = [1, 2, 3].map(() => typeof admit(two.limits));
      expect(outcomes).toEqual(['function', 'function', 'number']);
      await postgres.own?.restart();
      await expect.poll(() => admit(one.limits)).toBe(20015);
      expect(log).toHaveLength(2);
    },
  );

  it('of a day hold over three servers, and over a killed one that starts again', async () => {
    const LIMIT = 40;
    const limit = ['--limit-daily', String(LIMIT)];
    const servers = await Promise.all([serve(...limit), serve(...limit), serve(...limit)]);
    let taken = 0;
    for (let call = 0; call < 2.5 * LIMIT; call += 1) {
      const code = await askOf(servers[call % SERVERS]?.endpoint ?? '');
      if (code === 200) taken += 1;
      else expect(code).toBe(20015);
      await wait(50);
    }
    expect(taken).toBeGreaterThanOrEqual(LIMIT);
    // What two servers take of 20 calls a second while the third does not know it yet, with much to spare.
    expect(taken).toBeLessThan(2 * LIMIT);
    for (const { endpoint } of servers) expect(await askOf(endpoint)).toBe(20015);
    servers[0]?.running.process.kill('SIGKILL');
    await servers[0]?.running.ended;
    expect(await askOf((await serve(...limit)).endpoint)).toBe(20015);
  });

  it('of calls at once hold over two servers, and count those of a killed one for 10 seconds', async () => {
    const limit = ['--limit-concurrency', '2'];
    const [one, two] = await Promise.all([serve(...limit), serve(...limit)]);
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    ends.push(() => holder.end());
    // Calls that write wait for this lock.
    await holder.query(`BEGIN; ${lockDatabase(true)}`);
    const write = (name: string) =>
      createClient({ retries: 0, endpoint: one.endpoint, ...user }).call('syncMObjects', insertOf(name));
    const waiting = [write('first'), write('second')].map((call) => call.catch(() => undefined));
    await expect.poll(() => askOf(two.endpoint)).toBe(20024);
    one.running.process.kill('SIGKILL');
    await Promise.all(waiting);
    expect(await askOf(two.endpoint)).toBe(20024);
    await expect.poll(() => askOf(two.endpoint), { timeout: 40_000, interval: 500 }).toBe(200);
  });

  it('of calls at once give a place back when a call on another server has ended', async () => {
    const limit = ['--limit-concurrency', '1'];
    const [one, two] = await Promise.all([serve(...limit), serve(...limit)]);
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    ends.push(() => holder.end());
    await holder.query(`BEGIN; ${lockDatabase(true)}`);
    const call = createClient({ retries: 0, endpoint: one.endpoint, ...user }).call(
      'syncMObjects',
      insertOf('first'),
    );
    await expect.poll(() => askOf(two.endpoint)).toBe(20024);
    await holder.query('COMMIT');
    await call;
    const began = performance.now();
    await expect.poll(() => askOf(two.endpoint), { timeout: 40_000 }).toBe(200);
    expect(performance.now() - began).toBeLessThan(COUNTS_LEASE);
  });
}

const postgres = await startOwnPostgres();
describe('limits over several servers', () => {
  if (typeof postgres === 'string') it.skip(postgres, () => {});
  else {
    afterAll(() => postgres.stop());
    sharedCases(postgres);
  }
});
