import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSeededServer } from '../clients/seeded-server.ts';
import { clientOf, type TestServer, user } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startSeededServer();
});
afterEach(() => server.remove());

it('has a line for every call of every operation', async () => {
  const client = clientOf(server);
  await client.call('listMObjects', {});
  await client.call('describeMObject', { objectName: 'Opportunity' });
  await client.call('getMObjects', { type: 'Opportunity' });
  await client.call('getTags', {});
  await client.call('getChannels', {});
  await client.call('getMObjects', { type: 'Bogus' }).catch(() => undefined);
  const lines = await server.store.journal.newest(10);
  expect(lines.reverse().map(({ operation, mode, fault }) => [operation, mode, fault])).toEqual([
    ['listMObjects', null, null],
    ['describeMObject', 'Opportunity', null],
    ['getMObjects', 'Opportunity: 1 found', null],
    ['getTags', '1 tag types', null],
    ['getChannels', '1 channels', null],
    ['getMObjects', null, 20110],
  ]);
  expect(lines.every(({ userId }) => userId === user.userId)).toBe(true);
});
