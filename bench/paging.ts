/**
 * Paging through 1,000,000 opportunities with getMObjects over HTTP: what the first page costs and what page 9,000
 * costs, in interleaved rounds, and the memory of the server's process. Run: npm run bench:paging [-- OBJECTS]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createLocalBackend } from '../src/local/local-backend.ts';
import { writeStreamPosition } from '../src/operations/stream-position.ts';
import { fieldValues } from '../src/records/field-values.ts';
import type { AnyRecordChange } from '../src/rules/facts.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { median, megabytes, servePages, user } from './paging-server.ts';

const objects = Number(process.argv[2] ?? 1_000_000);
const rounds = 200;

async function fill(store: Store): Promise<void> {
  const at = new Date().toISOString();
  const step = 10_000;
  for (let first = 1; first <= objects; first += step) {
    const records = Array.from(
      { length: Math.min(step, objects - first + 1) },
      (_, index): AnyRecordChange => {
        const id = first + index;
        const values = fieldValues('Opportunity', [
          ['Name', `Opportunity ${id}`],
          ['Stage', `Stage ${id % 7}`],
          ['Amount', id / 4],
        ]);
        return {
          type: 'Opportunity',
          before: undefined,
          after: { id, createdAt: at, updatedAt: at, values },
        };
      },
    );
    const changes = { records, looseKeys: [], newFields: [] };
    const nothing = { ids: {}, keys: [], roles: [], newIds: {}, depth: 1 };
    await store.apply(nothing, () => ({ changes, answer: null, journal: null }));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mktows-paging-'));
const store = await openStore(`sqlite:${join(folder, 'paging.db')}`);
await fill(store);
const { server, client } = await servePages(store);
const { sign } = createLocalBackend(store)({ callId: '', userId: user.userId, address: null, began: 0 });

async function page(number: number, stage: string | undefined): Promise<number> {
  const criterion = { attrName: 'Stage', comparison: 'EQ' as const, attrValue: stage ?? '' };
  const query = {
    type: 'Opportunity',
    ...(stage === undefined ? {} : { mObjCriteriaList: { mObjCriteria: [criterion] } }),
  };
  const after = (number - 1) * 100 * (stage === undefined ? 1 : 7);
  const streamPosition = await writeStreamPosition({ query, after, atEnd: false }, sign);
  const begin = performance.now();
  const { result } = await client.call('getMObjects', { type: 'Opportunity', streamPosition });
  const took = performance.now() - begin;
  if (result?.returnCount !== 100) throw new Error(`page ${number} has ${result?.returnCount} objects`);
  return took;
}

console.log(`${objects} opportunities, ${rounds} interleaved rounds, Node ${process.version}`);
for (const [name, stage, last] of [
  ['type alone', undefined, Math.floor(objects / 100) * 0.9],
  ['Stage EQ', 'Stage 3', Math.floor(objects / 700) * 0.9],
] as const) {
  const first: number[] = [];
  const late: number[] = [];
  for (let round = 0; round < rounds + 20; round += 1) {
    const [a, b] = [await page(1, stage), await page(Math.floor(last), stage)];
    if (round < 20) continue;
    first.push(a);
    late.push(b);
  }
  const [early, later] = [median(first), median(late)];
  console.log(
    `${name}: page 1 ${early.toFixed(2)} ms, page ${Math.floor(last)} ${later.toFixed(2)} ms, ` +
      `ratio ${(later / early).toFixed(2)}`,
  );
}

globalThis.gc?.();
const before = process.memoryUsage();
let streamPosition: string | undefined;
let pages = 0;
for (; pages < 2_000; pages += 1) {
  const position = streamPosition === undefined ? {} : { streamPosition };
  const { result } = await client.call('getMObjects', { type: 'Opportunity', ...position });
  streamPosition = result?.newStreamPosition;
  if (!result?.hasMore) break;
}
globalThis.gc?.();
const after = process.memoryUsage();
console.log(
  `${pages} pages in a row: heap ${megabytes(before.heapUsed)} → ${megabytes(after.heapUsed)} MB, ` +
    `resident ${megabytes(before.rss)} → ${megabytes(after.rss)} MB`,
);
await server.stop();
rmSync(folder, { recursive: true });
