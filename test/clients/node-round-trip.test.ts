import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultSettings } from '../../src/rules/settings.ts';
import { objectBatch, roundTripInstance, TIME_ZONE } from './arbitrary-objects.ts';
import { createNodeClient } from './node-client.ts';
import { expectReadBackEqual, type MakeCalls } from './round-trip.ts';
import { startSeededServer } from './seeded-server.ts';

it('what node-soap wrote it reads back equal, and once deleted no more', async () => {
  const settings = { ...defaultSettings, timeZone: TIME_ZONE };
  const server = await startSeededServer(roundTripInstance, { settings });
  const client = await createNodeClient(server, { preserveWhitespace: true });
  const makeCalls: MakeCalls = async (calls) => {
    const results: unknown[] = [];
    for (const [operation, params] of calls) {
      const [answer] = await client[`${operation}Async`](params);
      results.push(answer.result);
    }
    return results;
  };
  try {
    await fc.assert(
      fc.asyncProperty(objectBatch({ min: 1, max: 8 }), (batch) => expectReadBackEqual(batch, makeCalls)),
      { numRuns: 40 },
    );
  } finally {
    await server.remove();
  }
  expect.hasAssertions();
});
