import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { overBothEngines } from '../store/test-engines.ts';
import { type ListFixture, openListFixture } from './list-fixture.ts';

const params = (rows: number, clearList = false) => ({
  programName: 'Spring Show',
  listName: 'Guests',
  importFileHeader: 'Email Address,First Name',
  importFileRows: {
    stringItem: Array.from({ length: rows }, (_, index) => `lead${index}@example.com,N${index}`),
  },
  importListMode: 'UPSERTLEADS' as const,
  clearList,
});

await overBothEngines((source) => {
  let fixture: ListFixture;
  beforeEach(async () => {
    fixture = await openListFixture(source);
  });
  afterEach(() => fixture.store.close());
  const entries = () => fixture.store.journal.newest(100);

  it('a large import lets other calls in between its parts', async () => {
    let isDone = false;
    const importing = fixture.call('importToList', params(2000)).finally(() => {
      isDone = true;
    });
    let others = 0;
    for (; !isDone; others++) {
      await fixture.store.ping();
      await nextTurn();
    }
    await importing;
    expect(others).toBeGreaterThan(2);
    const parts = await entries();
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts.map(({ rows }) => rows.length))).toBeLessThanOrEqual(500);
    expect(parts.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(2000);
    expect(parts.at(-1)?.mode).toBe('UPSERTLEADS rows 1-500');
  });

  it('an import of up to 500 rows is one transaction', async () => {
    await fixture.call('importToList', params(500));
    expect((await entries()).map(({ mode, rows }) => [mode, rows.length])).toEqual([['UPSERTLEADS', 500]]);
  });

  it('a large list is emptied in parts', async () => {
    await fixture.call('importToList', params(1300));
    await fixture.call('importToList', params(0, true));
    expect(await fixture.members(22)).toEqual([]);
    const cleared = (await entries()).filter(({ mode }) => mode?.startsWith('clearList'));
    expect(cleared.length).toBeGreaterThan(1);
  });

  it('an import that fails between two parts says how many rows are imported', async () => {
    const importing = fixture.fault('importToList', params(20_000));
    while ((await entries()).length === 0) await wait(1);
    await fixture.store.close();
    expect(await importing).toMatch(/^20011 The first \d+ rows are imported; then the import failed/);
  });

  it('imports at once each import all their rows', async () => {
    await Promise.all([params(600), params(900)].map((each) => fixture.call('importToList', each)));
    expect(await fixture.all('ListImport')).toMatchObject([{ failed: 0 }, { failed: 0 }]);
    expect(await fixture.members(22)).toHaveLength(900);
    expect((await fixture.all('Lead')).length).toBe(904);
  });
});
