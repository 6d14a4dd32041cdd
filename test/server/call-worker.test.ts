import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createUsers } from '../../src/access/users.ts';
import type { Message } from '../../src/contract/messages.ts';
import { checkDatabase } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import {
  clientOf,
  envelope,
  faultCode,
  header,
  post,
  startTestServer,
  type TestServer,
  user,
} from './test-server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.remove();
});

/** Users that are read from the store anew with each call. */
const usersOf = (store: Store) =>
  createUsers({
    table: store.users,
    secrets: {
      seal: async (_id, secret) => Buffer.from(secret),
      open: async (_id, sealed) => Buffer.from(sealed).toString(),
      sealAll: async (_id, kept) => Buffer.from(JSON.stringify(kept)),
      openAll: async (_id, sealed) => [
        { secret: Buffer.from(sealed).toString(), createdAt: null, until: null },
      ],
    },
    given: [user],
    refreshAfter: 0,
  });

async function start(options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const server = await startTestServer({ usersForSecond: usersOf, ...options });
  servers.push(server);
  return server;
}

const FILLER = 'x'.repeat(600);

/** An upsert of 40 opportunities by name, in a body that is large enough to be handed over. */
const upsertOf = (names: readonly string[], stage: string): Message<'ParamsSyncMObjects'> => ({
  operation: 'UPSERT',
  mObjectList: {
    mObject: names.map((name) => ({
      type: 'Opportunity',
      externalKey: { name: 'Name', value: name },
      attribList: {
        attrib: [
          { name: 'Stage', value: stage },
          { name: 'Description', value: FILLER },
        ],
      },
    })),
  },
});

const namesOf = (group: string, count = 40) =>
  Array.from({ length: count }, (_, index) => `${group}-${index}`);

/** Makes calls over so many connections until the call worker has handled some. */
async function callUntilHandedOver(
  server: TestServer,
  call: (number: number) => Promise<void>,
): Promise<void> {
  let number = 0;
  const isDone = () => server.log.filter(({ thread }) => thread === 2).length >= 30;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      while (!isDone()) await call(number++);
    }),
  );
}

const threadsOf = (server: TestServer, message: string) =>
  new Set(server.log.filter(({ msg }) => msg === message).map(({ thread }) => thread ?? 1));

describe('with several calls under way', () => {
  it('the call worker handles some of them', async () => {
    const server = await start();
    const client = clientOf(server);
    await callUntilHandedOver(server, async (number) => {
      const { result } = await client.call('syncMObjects', upsertOf(namesOf(`call${number}`), 'New'));
      const statuses = result?.mObjStatusList?.mObjStatus ?? [];
      expect(statuses.map(({ status }) => status)).toEqual(Array(40).fill('CREATED'));
    });
    expect(threadsOf(server, 'answered')).toEqual(new Set([1, 2]));
    const calls = server.log.filter(({ msg }) => msg === 'answered');
    const { opportunities } = await server.store.contents();
    expect(opportunities).toHaveLength(40 * calls.length);
    expect(new Set(opportunities.map(({ id }) => id)).size).toBe(40 * calls.length);
    const entries = await server.store.journal.newest(10_000);
    expect(new Set(entries.map(({ callId }) => callId))).toEqual(new Set(calls.map(({ call }) => call)));
    await server.stop();
    await checkDatabase(`sqlite:${server.store.description.location}`, {
      report: ({ faults }) => expect(faults).toEqual([]),
    });
  });

  it('no object is made twice when both threads upsert the same keys', async () => {
    const server = await start();
    const client = clientOf(server);
    await callUntilHandedOver(server, async (number) => {
      const { result } = await client.call('syncMObjects', upsertOf(namesOf('same'), `stage ${number}`));
      expect(result?.mObjStatusList?.mObjStatus?.map(({ error }) => error ?? null)).toEqual(
        Array(40).fill(null),
      );
    });
    const { opportunities } = await server.store.contents();
    expect(opportunities.map(({ values }) => values.get('Name')).sort()).toEqual(namesOf('same').sort());
    expect(new Set(opportunities.map(({ values }) => values.get('Stage'))).size).toBe(1);
  });

  it('faults come from it as they come from the first', async () => {
    const server = await start();
    const params = upsertOf(namesOf('fault'), 'New');
    const wrong = envelope(params, { ...header(), requestSignature: 'ab'.repeat(20) });
    const late = envelope(params, header({ requestTimestamp: '2020-01-01T00:00:00Z' }));
    const bodies = [wrong, late, envelope(params).replace('</ns1:paramsSyncMObjects>', '')];
    const seen = new Map<number, Set<string>>();
    await callUntilHandedOver(server, async (number) => {
      if (number % 2 === 0) {
        await clientOf(server).call('syncMObjects', upsertOf(namesOf('other'), `stage ${number}`));
        return;
      }
      const kind = ((number - 1) / 2) % bodies.length;
      const { status, text: answer } = await post(server, bodies[kind] ?? '');
      expect(status).toBe(500);
      seen.set(kind, (seen.get(kind) ?? new Set()).add(answer.replaceAll(/says \S+;|\d+ days[^;]*/g, '')));
    });
    expect([...seen.values()].map((texts) => texts.size)).toEqual([1, 1, 1]);
    expect([...seen].sort().map(([, texts]) => faultCode([...texts][0] ?? ''))).toEqual([
      20014, 20016, 20012,
    ]);
    expect(threadsOf(server, 'refused')).toEqual(new Set([1, 2]));
    const reasons = server.log.filter(({ thread, fault }) => thread === 2 && fault === 20014);
    for (const { reason } of reasons) expect(reason).toBe(`the signature of user "${user.userId}" is wrong`);
  });

  it('a user who is added meanwhile is known to it', async () => {
    const server = await start();
    const client = clientOf(server);
    await callUntilHandedOver(server, async (number) => {
      await client.call('syncMObjects', upsertOf(namesOf(`one${number}`, 30), 'New'));
    });
    const added = { userId: 'added_1_A', secret: 'another secret' };
    await server.store.users.put({
      userId: added.userId,
      encryptedSecret: Buffer.from(added.secret),
      createdAt: new Date().toISOString(),
    });
    const other = clientOf(server, added);
    const before = server.log.length;
    await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        other.call('syncMObjects', upsertOf(namesOf(`two${number}`, 30), 'New')),
      ),
    );
    const later = server.log.slice(before).filter(({ user: userId }) => userId === added.userId);
    expect(later.some(({ thread }) => thread === 2)).toBe(true);
  });

  it('what one thread wrote the other one reads', async () => {
    const server = await start();
    const client = clientOf(server);
    await callUntilHandedOver(server, async (number) => {
      const names = namesOf(`seen${number}`, 30);
      const written = await client.call('syncMObjects', upsertOf(names, 'New'));
      const ids = written.result?.mObjStatusList?.mObjStatus?.map(({ id }) => id);
      const again = await client.call('syncMObjects', upsertOf(names, 'New'));
      expect(again.result?.mObjStatusList?.mObjStatus?.map(({ id, status }) => [id, status])).toEqual(
        ids?.map((id) => [id, 'UNCHANGED']),
      );
    });
  });
});

it('the process ends when the call worker does, which may have held the writer mutex', async () => {
  const program = fileURLToPath(new URL('server-losing-its-thread.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [err, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(err).toContain('The call worker exited unexpectedly');
  expect(status).not.toBe(0);
});

describe('all calls stay in the first thread', () => {
  const hurry = async (server: TestServer, rows: number, calls = 40) => {
    const client = clientOf(server);
    await Promise.all(
      Array.from({ length: calls }, (_, number) =>
        client.call('syncMObjects', upsertOf(namesOf(`hurry${number}`, rows), 'New')),
      ),
    );
    return threadsOf(server, 'answered');
  };

  it('when they come one after the other', async () => {
    const server = await start();
    const client = clientOf(server);
    for (let number = 0; number < 10; number++) {
      await client.call('syncMObjects', upsertOf(namesOf(`slow${number}`), 'New'));
    }
    expect(threadsOf(server, 'answered')).toEqual(new Set([1]));
  });

  it('when they are small', async () => {
    const server = await start();
    for (let round = 0; round < 3; round++) expect(await hurry(server, 2)).toEqual(new Set([1]));
  });

  it('when the server is to have one thread', async () => {
    const server = await start({ usersForSecond: undefined });
    for (let round = 0; round < 3; round++) expect(await hurry(server, 40)).toEqual(new Set([1]));
  });

  it('when the database is in memory', async () => {
    const server = await start({ database: 'sqlite::memory:' });
    for (let round = 0; round < 3; round++) expect(await hurry(server, 40)).toEqual(new Set([1]));
  });

  it('when the second one cannot open the database, which is logged once', async () => {
    const server = await start({
      between: (store) =>
        Object.assign(Object.create(store) as Store, {
          access: { path: '/nowhere/at/all.db', writerMutex: new SharedArrayBuffer(8) },
        }),
    });
    const warnings = () => server.log.filter(({ msg }) => String(msg).includes('call worker'));
    while (warnings().length === 0) await hurry(server, 40);
    expect(await hurry(server, 40)).toEqual(new Set([1]));
    expect(warnings()).toHaveLength(1);
    expect(JSON.stringify(warnings()[0])).toContain('/nowhere/at/all.db');
  });
});
