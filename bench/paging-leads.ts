/**
 * Paging through leads, activities and custom objects over HTTP: what the first page costs and what a late one costs, in
 * interleaved rounds, and the memory of the server's process. Run:
 * npm run bench:paging-leads [-- --leads N --activities N --objects N]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { openStore } from '../src/store/open.ts';
import { positive } from './options.ts';
import { median, megabytes, servePages } from './paging-server.ts';

const { values } = parseArgs({
  options: {
    leads: { type: 'string', default: '1000000' },
    activities: { type: 'string', default: '10000000' },
    objects: { type: 'string', default: '1000000' },
  },
});
const leads = positive('leads', values.leads);
const activities = positive('activities', values.activities);
const objects = positive('objects', values.objects);
const ROUNDS = 40;
const FIRST = '2026-01-01T00:00:00.000Z';

const folder = mkdtempSync(join(tmpdir(), 'mktows-paging-'));
const file = join(folder, 'paging.db');

/** Fills the database by SQL, with a second between each lead or activity and the next. */
async function fill(): Promise<void> {
  await (await openStore(`sqlite:${file}`)).close();
  const db = new DatabaseSync(file);
  const numbers = (count: number) =>
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) `;
  const at = `strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', '+' || i || ' seconds')`;
  db.exec(`PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; BEGIN;
    ${numbers(leads)} INSERT INTO lead (id, created_at, updated_at, email, email_key, custom)
      SELECT i, ${at}, ${at}, 'lead-' || i || '@example.com', 'lead-' || i || '@example.com',
        json_object('FirstName', 'First ' || i, 'LastName', 'Last ' || i, 'LeadScore', i % 100) FROM n;
    DROP INDEX activity_by_lead; DROP INDEX activity_by_at;
    ${numbers(activities)} INSERT INTO activity (id, lead_id, type, at, asset_name, attributes)
      SELECT i, 1 + (i * 7919) % ${leads}, 'ChangeDataValue', ${at}, 'Job Title',
        json_array(json_array('Attribute Name', 'Title'), json_array('Old Value', 'Title ' || i),
          json_array('New Value', 'Title ' || (i + 1)), json_array('Lead ID', '1')) FROM n;
    CREATE INDEX activity_by_lead ON activity (lead_id); CREATE INDEX activity_by_at ON activity (at);
    INSERT INTO custom_object_type (id, name, name_key, keys, fields) VALUES (1, 'Car', 'car',
      '[{"name":"VIN","dataType":"string"},{"name":"Plate","dataType":"string"}]', '[{"name":"Color","dataType":"string"}]');
    ${numbers(objects)} INSERT INTO custom_object (id, type_id, key, created_at, updated_at, attributes)
      SELECT i, 1, printf('V%08d', i) || char(2) || 'P' || (i % 1000), ${at}, ${at},
        json_object('VIN', printf('V%08d', i), 'Plate', 'P' || (i % 1000), 'Color', 'red') FROM n;
    INSERT INTO counter (type, last_id) VALUES ('Lead', ${leads}), ('Activity', ${activities}),
      ('CustomObjectType', 1), ('CustomObject', ${objects});
    COMMIT`);
  db.close();
}

const began = performance.now();
await fill();
const store = await openStore(`sqlite:${file}`);
const { server, client } = await servePages(store);
console.log(
  `${leads} leads, ${activities} activities, ${objects} custom objects, filled in ` +
    `${Math.round((performance.now() - began) / 1000)} s; ${ROUNDS} interleaved rounds, Node ${process.version}`,
);

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
}

/** Compares pages in interleaved rounds. `pages`: each returns the number of its records. */
async function compare(name: string, pages: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(pages).map((page) => [page, []]));
  for (let round = -5; round < ROUNDS; round++) {
    for (const [page, read] of Object.entries(pages)) {
      const [, took] = await timed(read);
      if (round >= 0) times.get(page)?.push(took);
    }
  }
  const medians = [...times].map(([page, took]) => [page, median(took)] as const);
  const [first] = medians;
  const texts = medians.map(
    ([page, took]) => `${page} ${took.toFixed(2)} ms (${(took / (first?.[1] ?? 1)).toFixed(2)})`,
  );
  console.log(`${name}: ${texts.join(', ')}`);
}

/** Follows positions from the start; returns that of each page that `wanted` names. */
async function walk(
  next: (position: string | undefined) => Promise<string | undefined>,
  wanted: readonly number[],
): Promise<Map<number, string | undefined>> {
  const positions = new Map<number, string | undefined>([[1, undefined]]);
  const last = Math.max(...wanted);
  globalThis.gc?.();
  const before = process.memoryUsage();
  let position: string | undefined;
  for (let page = 1; page < last; page++) {
    position = await next(position);
    if (position === undefined) break;
    if (wanted.includes(page + 1)) positions.set(page + 1, position);
  }
  globalThis.gc?.();
  const after = process.memoryUsage();
  console.log(
    `  ${last} pages in a row: heap ${megabytes(before.heapUsed)} → ${megabytes(after.heapUsed)} MB, ` +
      `resident ${megabytes(before.rss)} → ${megabytes(after.rss)} MB`,
  );
  return positions;
}

const leadPage = async (streamPosition: string | undefined) => {
  const { result } = await client.call('getMultipleLeads', {
    leadSelector: { $type: 'LastUpdateAtSelector', oldestUpdatedAt: FIRST },
    batchSize: 100,
    ...(streamPosition === undefined ? {} : { streamPosition }),
  } as never);
  if (result?.returnCount !== 100) throw new Error(`a page has ${result?.returnCount} leads`);
  return result.newStreamPosition ?? undefined;
};
const late = Math.min(900, Math.floor(leads / 100) - 1);
const positions = await walk(leadPage, [2, late]);
await compare('getMultipleLeads by LastUpdateAt', {
  'page 1': () => leadPage(undefined),
  'page 2': () => leadPage(positions.get(2)),
  [`page ${late}`]: () => leadPage(positions.get(late)),
});

const changesPage = async (offset: string | undefined, oldestCreatedAt = FIRST) => {
  const { result } = await client.call('getLeadChanges', {
    startPosition: offset === undefined ? { oldestCreatedAt } : { oldestCreatedAt, offset },
    batchSize: 100,
  } as never);
  if (result?.returnCount !== 100) throw new Error(`a page has ${result?.returnCount} activities`);
  return result.newStartPosition?.offset ?? undefined;
};
const changes = await walk(changesPage, [2, Math.min(900, Math.floor(activities / 100) - 1)]);
await compare(
  'getLeadChanges',
  Object.fromEntries(
    [...changes]
      .filter(([page]) => page > 1)
      .map(([page, offset]) => [`page ${page}`, () => changesPage(offset)]),
  ),
);
const [, counting] = await timed(() => changesPage(undefined));
console.log(`getLeadChanges, a first page, which counts what follows: ${counting.toFixed(0)} ms`);

const objectsPage = (attribute: readonly { attrName: string; attrValue: string }[], more = {}) =>
  client.call('getCustomObjects', {
    objTypeName: 'Car',
    customObjKeyList: { attribute },
    includeAttributes: null,
    batchSize: 100,
    ...more,
  } as never);
await compare('getCustomObjects', {
  'by the first key': () =>
    objectsPage([{ attrName: 'VIN', attrValue: `V${String(Math.floor(objects * 0.9)).padStart(8, '0')}` }]),
});
let longest = 0;
let lag = performance.now();
const ticking = setInterval(() => {
  longest = Math.max(longest, performance.now() - lag - 5);
  lag = performance.now();
}, 5);
const [, all] = await timed(() => objectsPage([{ attrName: 'Plate', attrValue: 'P7' }]));
clearInterval(ticking);
console.log(
  `getCustomObjects by the second key alone, first page: ${all.toFixed(0)} ms; other calls waited ${longest.toFixed(0)} ms at most`,
);
await server.stop();
rmSync(folder, { recursive: true });
