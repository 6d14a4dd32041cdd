import { expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/client.ts';
import { checkDatabase, openStore } from '../../src/store/open.ts';
import type { KeptJournalEntry, Store } from '../../src/store/store.ts';
import { makeWorkspace, type Running, start } from '../cli/mktows.ts';
import { brokenPromises, type CallRecord, KEY_FIELD, MARK_FIELD } from './history.ts';

/** How often the server is killed: a few times in every test run, as many as wanted by `npm run test:crash`. */
const KILLS = Number(process.env.MKTOWS_KILLS ?? 5);
const SEED = Number(process.env.MKTOWS_SEED ?? Date.now() % 1_000_000);
const CLIENTS = 6;
const GROUPS = 3;
const user = { userId: 'crash_1_A', secret: 'a secret of the crash test' };

/** A small generator whose seed can be given again (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

async function serve(database: string): Promise<{ running: Running; client: Client }> {
  const running = start(['serve', '--port', '0', '--database', database, '--log-level', 'error'], {
    env: { MKTOWS_USER: user.userId, MKTOWS_SECRET: user.secret },
  });
  const [endpoint] = await running.line(/http:\S+\/soap\/mktows\/\d_\d/);
  return { running, client: createClient({ endpoint, ...user }) };
}

async function wholeJournal(store: Store): Promise<KeptJournalEntry[]> {
  const entries: KeptJournalEntry[] = [];
  for (;;) {
    const page = await store.journal.newest(1000, entries.at(-1)?.number);
    if (page.length === 0) return entries;
    entries.push(...page);
  }
}

it(
  `${KILLS} kills at random moments break no promise (seed ${SEED})`,
  async () => {
    const workspace = await makeWorkspace();
    const random = randomNumbers(SEED);
    const calls: CallRecord[] = [];
    let clock = 0;

    async function makeCall(client: Client, kind: CallRecord['kind']): Promise<void> {
      const name = `call ${calls.length}`;
      const group = Math.floor(random() * GROUPS);
      const size = kind === 'insert' ? 1 + Math.floor(random() * 20) : 10;
      clock += 1;
      const call: CallRecord = {
        name,
        kind,
        group,
        size,
        began: clock,
        acknowledged: undefined,
        created: [],
      };
      calls.push(call);
      const attribList = { attrib: [{ name: MARK_FIELD, value: name }] };
      const mObject = Array.from({ length: size }, (_, index) =>
        kind === 'insert'
          ? { type: 'Opportunity', attribList }
          : {
              type: 'Opportunity',
              externalKey: { name: KEY_FIELD, value: `g${group}:${index}` },
              attribList,
            },
      );
      const operation = kind === 'insert' ? 'INSERT' : 'UPSERT';
      const answer = await client.call('syncMObjects', { operation, mObjectList: { mObject } });
      const rows = answer.result?.mObjStatusList?.mObjStatus ?? [];
      expect(rows.map(({ status }) => status)).not.toContain('FAILED');
      clock += 1;
      call.acknowledged = clock;
      call.created = rows.flatMap(({ id, status }) => (status === 'CREATED' && id ? [id] : []));
    }

    /** Calls until the server is gone. */
    async function keepCalling(client: Client): Promise<void> {
      for (;;) {
        try {
          await makeCall(client, random() < 0.5 ? 'insert' : 'upsert');
        } catch (error) {
          if (error instanceof TypeError) return;
          throw error;
        }
      }
    }

    try {
      await start([
        'fields',
        'add',
        '--type',
        'Opportunity',
        '--name',
        KEY_FIELD,
        '--data-type',
        'string',
        '--database',
        workspace.database,
      ]).ended;
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const { running, client } = await serve(workspace.database);
        const clients = Promise.all(Array.from({ length: CLIENTS }, () => keepCalling(client)));
        await Promise.race([clients, new Promise((resolve) => setTimeout(resolve, 20 + random() * 250))]);
        running.process.kill('SIGKILL');
        await running.ended;
        await clients;
        const store = await openStore(workspace.database);
        const broken = brokenPromises(calls, await store.contents(), await wholeJournal(store));
        await store.close();
        expect(broken, `after kill ${kill} of seed ${SEED}`).toEqual([]);
        await checkDatabase(workspace.database, { report: (result) => expect(result.faults).toEqual([]) });
      }
      const acknowledged = calls.filter((call) => call.acknowledged !== undefined);
      console.log(`${KILLS} kills, ${calls.length} calls, ${acknowledged.length} acknowledged, seed ${SEED}`);
      expect(acknowledged.length).toBeGreaterThan(KILLS);
    } finally {
      await workspace.remove();
    }
  },
  20_000 + KILLS * 10_000,
);
