import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { SECRET, startSeededServer, USER_ID } from '../clients/seeded-server.ts';
import type { TestServer } from './test-server.ts';

let server: TestServer;
let client: Client;
beforeEach(async () => {
  server = await startSeededServer();
  client = createClient({ retries: 0, endpoint: server.endpoint, userId: USER_ID, secret: SECRET });
});
afterEach(() => server.remove());

const CALLS = 10;
const OBJECTS = 100;

function upsert(writer: number) {
  return client.call('syncMObjects', {
    operation: 'UPSERT',
    mObjectList: {
      mObject: Array.from({ length: OBJECTS }, (_, index) => ({
        type: 'Opportunity',
        externalKey: { name: 'FSOpportunityID', value: `F-${index}` },
        attribList: { attrib: [{ name: 'Amount', value: String(writer * 1000 + index) }] },
      })),
    },
  });
}

it('ten calls at once with the same 100 external keys make 100 objects, and lose no update', async () => {
  const answers = await Promise.all(Array.from({ length: CALLS }, (_, writer) => upsert(writer)));
  const rows = answers.map((answer) => answer.result?.mObjStatusList?.mObjStatus ?? []);
  expect(rows.map((each) => each.length)).toEqual(Array(CALLS).fill(OBJECTS));

  const created = rows.flat().filter(({ status }) => status === 'CREATED');
  const updated = rows.flat().filter(({ status }) => status === 'UPDATED');
  expect([created.length, updated.length]).toEqual([OBJECTS, (CALLS - 1) * OBJECTS]);
  for (let index = 0; index < OBJECTS; index += 1) {
    expect(new Set(rows.map((each) => each[index]?.id)).size).toBe(1);
  }

  const { opportunities } = await server.store.contents();
  const stored = opportunities.filter(({ values }) => values.has('FSOpportunityID'));
  expect(stored).toHaveLength(OBJECTS);
  // Calls are whole: the values that are left all come from one and the same call, the last.
  const writers = stored.map(({ values }) => Math.floor(Number(values.get('Amount')) / 1000));
  expect(new Set(writers).size).toBe(1);
  expect(await server.store.journal.newest(100)).toHaveLength(CALLS);
});
