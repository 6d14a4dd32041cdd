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

it('--all-or-nothing imports very many rows without ids in one transaction', async () => {
  const file = join(folder, 'companies.csv');
  await writeFile(file, `name\n${Array.from({ length: ROWS }, (_, row) => `c${row}`).join('\n')}\n`);
  const store = await openStore('sqlite::memory:');
  const options = {
    section: 'companies',
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
    allOrNothing: true,
    now: new Date(),
  } as const;
  const listener = { columns() {}, failed() {}, note() {}, progress() {} };
  try {
    const summary = await importFile(store, options, listener, new AbortController().signal);
    expect(summary).toMatchObject({ created: ROWS, failed: 0, isApplied: true });
  } finally {
    await store.close();
  }
}, 120_000);
