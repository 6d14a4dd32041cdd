import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/rules/settings.ts';
import { objectBatch, roundTripInstance, TIME_ZONE } from './arbitrary-objects.ts';
import { phpMissing, runScript } from './php.ts';
import { expectReadBackEqual, type MakeCalls } from './round-trip.ts';
import { startSeededServer } from './seeded-server.ts';

/** PHP reads text of white space only as empty text. */
const phpReads = (text: string) => /[^ \t\r\n]/.test(text);

describe.skipIf(phpMissing)("PHP's SoapClient", () => {
  it('reads back equal what it wrote, and once deleted no more', async () => {
    const settings = { ...defaultSettings, timeZone: TIME_ZONE };
    const server = await startSeededServer(roundTripInstance, { settings });
    const makeCalls: MakeCalls = async (calls) => {
      const results = (await runScript('calls.php', server, calls)) as readonly object[];
      expect(results.filter((result) => 'faultcode' in result)).toEqual([]);
      return results;
    };
    try {
      await fc.assert(
        fc.asyncProperty(objectBatch({ min: 50, max: 60 }, phpReads), (batch) =>
          expectReadBackEqual(batch, makeCalls),
        ),
        { numRuns: 3, endOnFailure: true },
      );
    } finally {
      await server.remove();
    }
  });
});
