import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { checkDatabase, openStore } from '../../src/store/open.ts';
import type { KeptJournalEntry, Store } from '../../src/store/store.ts';
import { mktows, type Running, start } from '../cli/mktows.ts';
import { randomNumbers, SEED } from '../random-numbers.ts';
import type { EmbeddedPostgres } from '../store/embedded-postgres.ts';
import { type EngineDatabase, overBothEngines } from '../store/test-engines.ts';
import { type Callers, createCallers } from './callers.ts';
import { brokenPromises, KEY_FIELD } from './history.ts';

/** How often a process is killed: a few times in every test run, as many as wanted by `npm run test:crash`. */
const KILLS = Number(process.env.MKTOWS_KILLS ?? 5);
const CLIENTS = 6;
const LIMIT = 30_000 + KILLS * 10_000;
const user = { userId: 'crash_1_A', secret: 'a secret of the crash test' };

async function serve(database: string): Promise<{ running: Running; client: Client }> {
  const running = start(['serve', '--port', '0', '--database', database, '--log-level', 'silent'], {
    env: { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret, MKTOWS_KEY: 'ab'.repeat(32) },
  });
  const [endpoint] = await running.line(/http:\S+\/soap\/mktows\/\d_\d/);
  return { running, client: createClient({ retries: 0, endpoint, ...user }) };
}

async function kill({ process, ended }: Running): Promise<void> {
  process.kill('SIGKILL');
  await ended;
}

async function addKeyField(database: string): Promise<void> {
  const field = ['--type', 'Opportunity', '--name', KEY_FIELD, '--data-type', 'string'];
  expect(await mktows(['fields', 'add', ...field, '--create', '--database', database])).toMatchObject({
    status: 0,
  });
}

async function wholeJournal(store: Store): Promise<KeptJournalEntry[]> {
  const entries: KeptJournalEntry[] = [];
  for (;;) {
    const page = await store.journal.newest(1000, entries.at(-1)?.number);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

async function check(database: EngineDatabase, { calls }: Callers, moment: string): Promise<void> {
  const store = await openStore(database.url);
  const broken = brokenPromises(calls, await store.contents(), await wholeJournal(store));
  await store.close();
  expect(broken, moment).toEqual([]);
  await checkDatabase(database.url, {
    report: ({ faults }) => expect(faults, moment).toEqual([]),
  });
}

const acknowledged = ({ calls }: Callers) => calls.filter(({ outcome }) => outcome === 'acknowledged').length;

/** After so long, in milliseconds, a server under load has a second thread that carries out calls. */
const SECOND_THREAD_AFTER = 700;

/**
 * Kills the server, and checks after each kill what the database holds. Every second time the server has answered
 * before, however slow the machine is, and every fourth time it had the time to start its second thread.
 */
async function killServers(database: EngineDatabase, random: () => number, callers: Callers) {
  for (let kills = 1; kills <= KILLS; kills += 1) {
    const { running, client } = await serve(database.url);
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, () => callers.keepCalling(client, () => true)),
    );
    const before = acknowledged(callers);
    const start = kills % 4 === 0 ? SECOND_THREAD_AFTER : 20;
    await Promise.race([clients, wait(start + random() * 250)]);
    while (kills % 2 === 0 && acknowledged(callers) === before) await wait(10);
    await kill(running);
    await clients;
    await database.settled();
    callers.settle();
    await check(database, callers, `after kill ${kills} of seed ${SEED}`);
  }
}

/** Kills PostgreSQL under a server that goes on, in turns of both ways, and lets the clients go on afterwards. */
async function killPostgres(
  { crash, restart }: EmbeddedPostgres,
  database: EngineDatabase,
  random: () => number,
  callers: Callers,
) {
  const { running, client } = await serve(database.url);
  try {
    for (let kills = 1; kills <= KILLS; kills += 1) {
      let goOn = true;
      const clients = Promise.all(
        Array.from({ length: CLIENTS }, () => callers.keepCalling(client, () => goOn)),
      ).then(() => expect(goOn, 'the server has gone').toBe(false));
      await Promise.race([clients, wait(50 + random() * 400)]);
      await crash(kills % 2 === 0 ? 'SIGQUIT' : 'SIGKILL');
      await wait(random() * 100);
      await restart();
      const before = acknowledged(callers);
      while (acknowledged(callers) < before + CLIENTS) await Promise.race([clients, wait(20)]);
      goOn = false;
      await clients;
      callers.settle();
      await check(database, callers, `after kill ${kills} of seed ${SEED}`);
    }
  } finally {
    await kill(running);
  }
}

await overBothEngines(
  (engine) => {
    const own = engine.postgres?.own;

    async function withCallers(
      what: string,
      run: (database: EngineDatabase, random: () => number, callers: Callers) => Promise<void>,
    ): Promise<void> {
      const database = await engine.open();
      const random = randomNumbers(SEED);
      const callers = createCallers(random);
      await addKeyField(database.url);
      await run(database, random, callers);
      console.log(`${engine.name}, ${KILLS} kills of ${what}, ${callers.figures()}, seed ${SEED}`);
      expect(acknowledged(callers)).toBeGreaterThanOrEqual(Math.floor(KILLS / 2));
      await database.remove();
    }

    it(
      `${KILLS} kills of the server at random moments break no promise (seed ${SEED})`,
      () => withCallers('the server', killServers),
      LIMIT,
    );
    if (own !== undefined) {
      it(
        `${KILLS} kills of PostgreSQL at random moments break no promise (seed ${SEED})`,
        () => withCallers('PostgreSQL', (...given) => killPostgres(own, ...given)),
        LIMIT,
      );
    } else if (engine.postgres !== undefined) {
      it.skip('kills of PostgreSQL: that of MKTOWS_TEST_POSTGRES is not killed', () => {});
    }
  },
  { ownPostgres: true },
);
