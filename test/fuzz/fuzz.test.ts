import { expect, it } from 'vitest';
import { operationTable } from '../../src/operations/table.ts';
import { fuzz } from './fuzzing.ts';

/**
 * Random requests against a server: some seconds in every test run, a million by `npm run test:fuzz`. What was found
 * has tests of its own beside what was mended.
 */
const REQUESTS = Number(process.env.MKTOWS_FUZZ_REQUESTS ?? 5_000);
const SEED = Number(process.env.MKTOWS_FUZZ_SEED ?? Date.now() % 1_000_000);
/** The number of the first request: to come back to the block of a failure. */
const FROM = Number(process.env.MKTOWS_FUZZ_FROM ?? 0);

/** What must have come among some thousand requests, or they are not the right ones. */
const expected = [
  ...Object.keys(operationTable),
  ...['CREATED', 'UPDATED', 'UNCHANGED', 'SKIPPED', 'FAILED', 'DELETED'],
  ...['leads CREATED', 'leads UPDATED', 'leads FAILED'],
  ...['customObjects CREATED', 'customObjects UPDATED', 'customObjects FAILED', 'customObjects DELETED'],
  'other MERGED',
  ...[20012, 20014, 20016, 20017, 20101, 20103, 20108, 20109, 20110, 20111, 20113, 20122].map(
    (code) => `fault ${code}`,
  ),
];

it(
  `${REQUESTS} random requests from number ${FROM} on are answered as they should be (seed ${SEED})`,
  async () => {
    const began = performance.now();
    const outcomes = await fuzz({
      seed: SEED,
      from: FROM,
      to: FROM + REQUESTS,
      progress(done) {
        if (done % 100_000 === 0)
          console.log(`${done} requests in ${Math.round((performance.now() - began) / 1000)} s`);
      },
    });
    const sorted = [...outcomes].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count}`);
    console.log(`Seed ${SEED}, ${REQUESTS} requests: ${sorted.join(', ')}`);
    if (REQUESTS >= 5_000) expect([...outcomes.keys()]).toEqual(expect.arrayContaining(expected));
  },
  Math.max(120_000, REQUESTS * 10),
);
