import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { importFile } from '../../src/transfer/import-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mktows-large-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** More rows than a function call can have arguments. */
const ROWS = 150_000;

/** Imports a CSV file into a new store, and returns the summary. */
async function imported(section: 'companies' | 'programs', lines: readonly string[], allOrNothing: boolean) {
  const file = join(folder, `${section}.csv`);
  await writeFile(file, `${lines.join('\n')}\n`);
  const store = await openStore('sqlite::memory:');
  const options = {
    section,
    file,
    format: 'csv',
    delimiter: undefined,
    encoding: 'utf-8',
    map: new Map(),
    externalKey: undefined,
    unknown: 'fail',
    dateFormat: undefined,
    decimal: '.',
    timeZone: 'UTC',
    clearsEmpty: false,
    isGuarded: true,
    dryRun: false,
    allOrNothing,
    now: new Date(),
  } as const;
  const listener = { columns() {}, failed() {}, note() {}, progress() {} };
  try {
    return await importFile(store, options, listener, new AbortController().signal);
  } finally {
    await store.close();
  }
}

it('--all-or-nothing imports very many rows without ids in one transaction', async () => {
  const lines = ['name', ...Array.from({ length: ROWS }, (_, row) => `c${row}`)];
  expect(await imported('companies', lines, true)).toMatchObject({
    created: ROWS,
    failed: 0,
    isApplied: true,
  });
}, 120_000);

it('very many rows are the costs of one program', async () => {
  const costs = Array.from({ length: 60_000 }, (_, row) => `1,p,2013-06,${row}`);
  const lines = ['id,name,cost.month,cost.amount', ...costs];
  expect(await imported('programs', lines, false)).toMatchObject({ rows: 60_000, created: 1, failed: 0 });
}, 120_000);
