import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { JournalEntry } from '../../src/rules/facts.ts';
import type { CallFilter } from '../../src/store/calls.ts';
import type { CaseContext } from './conformance.ts';
import { entry, opportunity, write } from './fixture.ts';

const full: JournalEntry = entry({
  callId: 'c0ffee',
  outcomeUnknown: true,
  mode: null,
  address: null,
  fault: 20110,
  rows: [
    {
      type: 'Opportunity',
      id: null,
      externalKey: { name: 'k', value: 'ä' },
      status: 'FAILED',
      because: 'b',
      changed: ['Name'],
    },
  ],
});

/** Calls of two users, operations, outcomes and objects; named by their call ids. */
const calls: readonly Partial<JournalEntry>[] = [
  { callId: 'a', userId: 'one', at: '2026-01-01T00:00:01.000Z', rows: [row('Opportunity', 1, 'CREATED')] },
  { callId: 'b', userId: 'two', at: '2026-01-01T00:00:02.000Z', rows: [row('Opportunity', 12, 'UPDATED')] },
  { callId: 'c', userId: 'one', at: '2026-01-01T00:00:03.000Z', operation: 'getMObjects', rows: [] },
  { callId: 'd', userId: 'one', at: '2026-01-01T00:00:04.000Z', fault: 20011, faultText: 'it "broke"' },
  {
    callId: 'e',
    userId: 'two',
    at: '2026-01-01T00:00:05.000Z',
    rows: [
      row('Lead', 1, 'UPDATED'),
      { ...row('Opportunity', null, 'FAILED'), because: 'a "quoted" ä\u0001' },
    ],
  },
];

function row(type: string, id: number | null, status: string) {
  return { type, id, status };
}

export function journalCases({ engine, opened }: CaseContext): void {
  const users = async (limit = 100, before?: number) =>
    (await opened().store.journal.newest(limit, before)).map(({ userId }) => userId);

  it('has the entry of a decision, with all that is in it', async () => {
    await write(opened().store, {}, full);
    expect(await opened().store.journal.newest(1)).toEqual([{ ...full, number: expect.any(Number) }]);
  });

  it('has no entry of a decision that failed', async () => {
    const failing = write(opened().store, { records: [opportunity(1), opportunity(1)] }, entry());
    await expect(failing).rejects.toThrow();
    expect(await users()).toEqual([]);
  });

  it('has what was noted, at once for whoever asks', async () => {
    opened().store.journal.note(full);
    expect(await opened().store.journal.newest(1)).toEqual([{ ...full, number: expect.any(Number) }]);
  });

  it.runIf(engine.isShared)('writes what was noted by itself, for other processes to see', async () => {
    const second = await opened().another();
    try {
      opened().store.journal.note(entry());
      await expect.poll(() => second.journal.newest(1)).toHaveLength(1);
    } finally {
      await second.close();
    }
  });

  it.runIf(engine.isShared)('has the entry of a call that refuses a row before that call ends', async () => {
    const second = await opened().another();
    try {
      await write(opened().store, {}, entry({ rows: [{ type: 'Opportunity', id: null, status: 'FAILED' }] }));
      expect(await second.journal.newest(1)).toHaveLength(1);
    } finally {
      await second.close();
    }
  });

  it.runIf(engine.isDurable)('writes what was noted before close ends', async () => {
    for (let count = 0; count < 250; count += 1) opened().store.journal.note(entry());
    const again = await opened().reopen();
    expect(await again.journal.newest(1000)).toHaveLength(250);
  });

  it('keeps values before and after a change, cut, up to a bound for the whole call', async () => {
    const { store } = opened();
    const cost = { month: '2026-01', amount: 1.5, note: 'n'.repeat(1000) };
    const changed = ['A', 'B', 'C', 'D', 'Cost 1'];
    const before = ['x'.repeat(200), null, true, 17.5, null];
    const values = { changed, before, after: ['x'.repeat(201), 'ü', false, -1, cost] };
    const rows = Array.from({ length: 200 }, () => ({ ...row('Opportunity', 1, 'UPDATED'), ...values }));
    await write(store, {}, entry({ rows, faultText: 'f', milliseconds: 1.5 }));
    const [kept] = await store.journal.newest(1);
    expect(kept).toMatchObject({ faultText: 'f', milliseconds: 1.5 });
    const after = [`${'x'.repeat(200)}…`, 'ü', false, -1, { ...cost, note: `${'n'.repeat(200)}…` }];
    expect(kept?.rows[0]).toEqual({ ...rows[0], after });
    expect(kept?.rows.at(-1)).toEqual({ ...row('Opportunity', 1, 'UPDATED'), changed });
    expect(JSON.stringify(kept).length).toBeLessThan(150_000);
  });

  const idsOf = async (filter: CallFilter, limit = 100) =>
    (await opened().store.journal.find(filter, limit)).entries.map(({ callId }) => callId).join('');

  it.each<[CallFilter, string]>([
    [{}, 'edcba'],
    [{ userId: 'one' }, 'dca'],
    [{ operation: 'getMObjects' }, 'c'],
    [{ since: '2026-01-01T00:00:02.000Z', until: '2026-01-01T00:00:04.000Z' }, 'dcb'],
    [{ status: 'UPDATED' }, 'eb'],
    [{ status: 'FAILED', userId: 'two' }, 'e'],
    [{ status: 'SKIPPED' }, ''],
    [{ fault: 'any' }, 'd'],
    [{ fault: 20011 }, 'd'],
    [{ fault: 20014 }, ''],
    [{ fault: 'none' }, 'ecba'],
    [{ text: 'a "quoted" ä' }, 'e'],
    [{ text: 'ä\u0001' }, 'e'],
    [{ text: '"broke"' }, 'd'],
    [{ text: 'two' }, 'eb'],
    [{ text: '%' }, ''],
    [{ text: "'; DROP TABLE journal; --\\" }, ''],
    [{ object: { type: 'Opportunity', id: 1 } }, 'a'],
    [{ object: { type: 'Lead', id: 1 } }, 'e'],
  ])('finds calls by %j', async (filter, expected) => {
    for (const call of calls) opened().store.journal.note(entry(call));
    expect(await idsOf(filter)).toBe(expected);
  });

  it('finds calls page by page, and says when there are no more', async () => {
    const { store } = opened();
    for (const call of calls) store.journal.note(entry(call));
    const first = await store.journal.find({}, 3);
    expect(first.next).toMatchObject({ number: first.entries.at(-1)?.number });
    const second = await store.journal.find({ before: first.next ?? undefined }, 3);
    expect([second.entries.length, second.next]).toEqual([2, null]);
    expect((await store.journal.find({}, 5)).next).toBeNull();
  });

  it('gives calls in order from a number on, and one by its number', async () => {
    const { store } = opened();
    for (const call of calls) store.journal.note(entry(call));
    const all = await store.journal.after(0, 100);
    expect(all.map(({ callId }) => callId).join('')).toBe('abcde');
    expect(await store.journal.after(all[2]?.number ?? 0, 1)).toEqual([all[3]]);
    expect(await store.journal.entry(all[1]?.number ?? 0)).toEqual(all[1]);
    expect(await store.journal.entry(0)).toBeUndefined();
  });

  const body = (callId: string, at: string, size: number) => ({
    callId,
    at,
    request: Uint8Array.from({ length: size }, (_, index) => index % 256),
    answer: Uint8Array.of(0, 255),
  });

  it('keeps bodies byte by byte, removes the oldest first, and those that are too old', async () => {
    const { bodies } = opened().store;
    for (const [index, callId] of ['a', 'b', 'c'].entries())
      await bodies.add(body(callId, `2026-01-01T00:00:0${index}.000Z`, 98));
    const found = await bodies.find('b');
    expect(found).toEqual({ ...body('b', '2026-01-01T00:00:01.000Z', 98), number: expect.any(Number) });
    expect(await bodies.which(['a', 'c', 'x'])).toEqual(new Set(['a', 'c']));
    await bodies.shrink(200);
    expect(await bodies.which(['a', 'b', 'c'])).toEqual(new Set(['b', 'c']));
    await bodies.prune('2026-01-01T00:00:02.000Z');
    expect(await bodies.which(['a', 'b', 'c'])).toEqual(new Set(['c']));
    await bodies.shrink(0);
    expect(await bodies.find('c')).toBeUndefined();
  });

  it('keeps counts of calls by time, and replaces those of the same run', async () => {
    const { traffic } = opened().store;
    const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
    const counts = (minute: number, run: string, calls: number) => ({
      span: 60,
      since: at(minute),
      run,
      content: { calls },
    });
    await traffic.put([
      counts(1, 'a', 1),
      counts(1, 'b', 2),
      counts(2, 'a', 3),
      { ...counts(1, 'a', 9), span: 3600 },
    ]);
    await traffic.put([counts(1, 'a', 4)]);
    expect(await traffic.read(60, at(1), at(2))).toEqual([counts(1, 'a', 4), counts(1, 'b', 2)]);
    await traffic.prune(60, at(2));
    expect(await traffic.read(60, at(0), at(9))).toEqual([counts(2, 'a', 3)]);
    expect(await traffic.read(3600, at(0), at(9))).toHaveLength(1);
  });

  it('gives the newest first, and pages behind a number', async () => {
    for (const userId of ['a', 'b', 'c', 'd']) await write(opened().store, {}, entry({ userId }));
    expect(await users(2)).toEqual(['d', 'c']);
    const [, second] = await opened().store.journal.newest(2);
    expect(await users(2, second?.number)).toEqual(['b', 'a']);
  });

  it('counts entries that are not older than a time', async () => {
    const { store } = opened();
    for (const second of ['01', '02', '03']) {
      store.journal.note(entry({ at: `2026-01-01T00:00:${second}.000Z` }));
    }
    expect(await store.journal.countSince('2026-01-01T00:00:02.000Z')).toBe(2);
  });

  it('removes entries that are older than a time, and never gives their numbers again', async () => {
    const { store } = opened();
    for (const second of ['01', '02', '03']) {
      await write(store, {}, entry({ at: `2026-01-01T00:00:${second}.000Z` }));
    }
    const [newest] = await store.journal.newest(1);
    expect(await store.journal.prune('2026-01-01T00:00:03.000Z')).toBe(2);
    expect(await store.journal.prune('2027-01-01T00:00:00.000Z')).toBe(1);
    await write(store, {}, entry());
    expect((await store.journal.newest(1))[0]?.number).toBeGreaterThan(newest?.number ?? 0);
  });

  it('removes thousands of old entries in batches, between which others are served', async () => {
    const { store } = opened();
    const OLD = 3000;
    for (let count = 0; count < OLD; count += 1) {
      store.journal.note(entry({ at: `2026-01-01T00:00:00.${String(count % 1000).padStart(3, '0')}Z` }));
    }
    await store.journal.newest(1);
    let ended = false;
    const pruned = store.journal.prune('2026-01-02T00:00:00.000Z').finally(() => {
      ended = true;
    });
    const seen = new Set<number>();
    while (!ended) {
      seen.add(await store.journal.countSince('2026-01-01T00:00:00.000Z'));
      await wait(1);
    }
    expect(await pruned).toBe(OLD);
    expect([...seen].filter((count) => count > 0 && count < OLD)).not.toEqual([]);
  });

  it('removes no more entries once that is aborted', async () => {
    const { store } = opened();
    for (let count = 0; count < 1000; count += 1)
      store.journal.note(entry({ at: '2026-01-01T00:00:00.000Z' }));
    const removed = await store.journal.prune('2026-01-02T00:00:00.000Z', AbortSignal.abort());
    expect(removed).toBeGreaterThan(0);
    expect(removed).toBeLessThan(1000);
  });

  it.each(['written', 'noted'])(
    'keeps %s texts of any length short, and says that they were cut',
    async (how) => {
      const { store } = opened();
      const long = 'x'.repeat(1_000_000);
      const externalKey = { name: long, value: long };
      const changed = Array.from({ length: 10_000 }, (_, index) => `Cost ${index}`);
      const row = { type: long, id: null, externalKey, status: 'FAILED', because: long, changed };
      const sent = entry({ operation: long, mode: long, rows: Array(100).fill(row) });
      if (how === 'written') await write(store, {}, sent);
      else store.journal.note(sent);
      const [kept] = await store.journal.newest(1);
      expect(JSON.stringify(kept).length).toBeLessThan(1_000_000);
      expect(kept?.rows[0]).toMatchObject({
        type: expect.stringMatching(/^x{100}…$/),
        externalKey: { name: expect.stringMatching(/^x+…$/), value: expect.stringMatching(/^x+…$/) },
        because: expect.stringMatching(/^x+…$/),
      });
      expect(kept?.rows[0]?.changed?.[0]).toBe('Cost 0');
      expect(kept?.rows[0]?.changed?.at(-1)).toMatch(/^… and \d+ more$/);
    },
  );

  it('takes half characters, and cuts no character in half', async () => {
    const { store } = opened();
    store.journal.note(entry({ operation: `${'x'.repeat(99)}\u{10000}`, rows: [] }));
    store.journal.note(entry({ operation: 'half \ud800', mode: 'half \udc00 \\ud800' }));
    await store.journal.newest(1);
    await write(store, {}, entry({ rows: [{ type: 'half \ud800 \u{10000}', id: null, status: 'FAILED' }] }));
    const [third, second, first] = await store.journal.newest(3);
    expect(first?.operation).toBe(`${'x'.repeat(99)}…`);
    expect(second?.operation).toBe('half \ufffd');
    expect(second?.mode).toBe('half \ufffd \\ud800');
    expect(third?.rows[0]?.type).toMatch(/^half .* \u{10000}$/u);
  });
}
