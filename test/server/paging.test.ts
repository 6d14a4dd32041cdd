import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../src/client/index.ts';
import { clientOf, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let client: Client;
beforeAll(async () => {
  server = await startTestServer();
  client = clientOf(server);
});
afterAll(() => server.remove());

async function insert(stage: string, count: number): Promise<number[]> {
  const inserted: number[] = [];
  for (let left = count; left > 0; left -= 100) {
    const attribList = { attrib: [{ name: 'Stage', value: stage }] };
    const mObject = Array.from({ length: Math.min(left, 100) }, () => ({ type: 'Opportunity', attribList }));
    const { result } = await client.call('syncMObjects', { operation: 'INSERT', mObjectList: { mObject } });
    inserted.push(...(result?.mObjStatusList?.mObjStatus.map(({ id }) => id ?? 0) ?? []));
  }
  return inserted;
}

async function remove(ids: readonly number[]): Promise<void> {
  const mObject = ids.map((id) => ({ type: 'Opportunity', id }));
  const { result } = await client.call('deleteMObjects', { mObjectList: { mObject } });
  const statuses = result?.mObjStatusList?.mObjStatus.map(({ status }) => status);
  expect(statuses).toEqual(ids.map(() => 'DELETED'));
}

const stageIs = (stage: string) => ({
  mObjCriteriaList: {
    mObjCriteria: [{ attrName: 'Stage', comparison: 'EQ' as const, attrValue: stage }],
  },
});

/** What happens around one page: so many objects come, and of those that are there these go. */
const change = fc.record({
  inserted: fc.nat({ max: 40 }),
  deleted: fc.uniqueArray(fc.nat({ max: 400 }), { maxLength: 40 }),
  /** Whether that happens while the page is being read, or before. */
  meanwhile: fc.boolean(),
});

let run = 0;

it('what is there throughout is seen once, whatever comes and goes between the pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 330 }),
      fc.array(change, { minLength: 1, maxLength: 6, size: 'max' }),
      async (count, changes) => {
        const stage = `run ${++run}`;
        const first = await insert(stage, count);
        const there = new Set(first);
        const everThere = new Set(first);
        const seen: number[] = [];

        async function handleCall({ inserted, deleted }: (typeof changes)[number]): Promise<void> {
          const present = [...there];
          const going = [...new Set(deleted.flatMap((index) => present[index % present.length] ?? []))];
          await remove(going);
          for (const id of going) there.delete(id);
          for (const id of await insert(stage, inserted)) {
            there.add(id);
            everThere.add(id);
          }
        }

        let params: object = stageIs(stage);
        for (let page = 0, hasMore = true; hasMore; page++) {
          const next = changes[page];
          if (next?.meanwhile === false) await handleCall(next);
          const [{ result }] = await Promise.all([
            client.call('getMObjects', { type: 'Opportunity', ...params }),
            next?.meanwhile ? handleCall(next) : undefined,
          ]);
          seen.push(...(result?.mObjectList?.mObject.map(({ id }) => id ?? 0) ?? []));
          hasMore = result?.hasMore ?? false;
          params = { streamPosition: result?.newStreamPosition ?? '' };
        }

        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((id) => !everThere.has(id))).toEqual([]);
        const throughout = first.filter((id) => there.has(id));
        expect(throughout.filter((id) => !seen.includes(id))).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});
