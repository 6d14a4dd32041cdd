import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/rules/facts.ts';
import { type JournalBufferParts, journalBuffer } from '../../src/store/journal-buffer.ts';
import type { StoreLog } from '../../src/store/store.ts';
import { entry } from './fixture.ts';

/** A place to write to that fails as often as it is told. */
function place(failures = 0) {
  const written: string[] = [];
  let left = failures;
  return {
    written,
    async write(entries: readonly JournalEntry[]) {
      left -= 1;
      if (left >= 0) throw new Error('away');
      written.push(...entries.map(({ userId }) => userId));
    },
  };
}

/** A buffer before a database that refuses every entry of the user "bad". */
const buffered = (write: JournalBufferParts['write'], log?: StoreLog) =>
  journalBuffer({
    write: async (entries) => {
      if (entries.some(({ userId }) => userId === 'bad')) throw new RangeError('refused');
      await write(entries);
    },
    isRefused: (error) => error instanceof RangeError,
    log,
  });

const names = (count: number) => Array.from({ length: count }, (_, index) => String(index));

describe('a journal buffer', () => {
  it('writes what waits when it is flushed, in the order in which it was noted', async () => {
    const { write, written } = place();
    const buffer = buffered(write);
    for (const userId of names(250)) buffer.note(entry({ userId }));
    await buffer.flush();
    expect(written).toEqual(names(250));
  });

  it('writes by itself, soon', async () => {
    const { write, written } = place();
    buffered(write).note(entry({ userId: 'a' }));
    await expect.poll(() => written).toEqual(['a']);
  });

  it('tries again what could not be written, warns each time, and keeps the order', async () => {
    const { write, written } = place(2);
    const warnings: object[] = [];
    const buffer = buffered(write, { warn: (details) => void warnings.push(details) });
    buffer.note(entry({ userId: 'a' }));
    await expect.poll(() => warnings.length).toBe(1);
    buffer.note(entry({ userId: 'b' }));
    await expect.poll(() => written).toEqual(['a', 'b']);
    expect(warnings).toEqual([
      { err: new Error('away'), waiting: 1 },
      { err: new Error('away'), waiting: 2 },
    ]);
  });

  it('keeps the newest 10,000 entries while nothing can be written', async () => {
    const { write, written } = place(1);
    const buffer = buffered(write);
    for (const userId of names(99)) buffer.note(entry({ userId }));
    const failed = buffer.flush();
    for (const userId of names(10_000)) buffer.note(entry({ userId: `late ${userId}` }));
    await expect(failed).rejects.toThrow('away');
    await buffer.flush();
    expect(written).toEqual(names(10_000).map((name) => `late ${name}`));
  });

  it('keeps the newest entries that have 50,000 rows together', async () => {
    const { write, written } = place(1);
    const buffer = buffered(write);
    const rows = Array.from({ length: 100 }, (_, id) => ({ type: 'Opportunity', id, status: 'UNCHANGED' }));
    buffer.note(entry());
    const failed = buffer.flush();
    for (const userId of names(600)) buffer.note(entry({ userId, rows }));
    await expect(failed).rejects.toThrow('away');
    await buffer.flush();
    expect(written).toEqual(names(600).slice(100));
  });

  it('writes 100 entries at once', async () => {
    const batches: number[] = [];
    const buffer = buffered(async (entries) => void batches.push(entries.length));
    for (const userId of names(99)) buffer.note(entry({ userId }));
    const first = buffer.flush();
    for (const userId of names(250)) buffer.note(entry({ userId }));
    await first;
    await buffer.flush();
    expect(Math.max(...batches)).toBe(100);
    expect(batches.reduce((sum, length) => sum + length)).toBe(349);
  });

  it('rejects a flush that cannot write, and has the entries for the next one', async () => {
    const { write, written } = place(1);
    const buffer = buffered(write);
    buffer.note(entry({ userId: 'a' }));
    await expect(buffer.flush()).rejects.toThrow('away');
    await buffer.flush();
    expect(written).toEqual(['a']);
  });

  it('tries again by itself what a flush could not write', async () => {
    const { write, written } = place(1);
    const buffer = buffered(write);
    buffer.note(entry({ userId: 'a' }));
    await expect(buffer.flush()).rejects.toThrow('away');
    await expect.poll(() => written).toEqual(['a']);
  });

  it('drops and logs entries that the database refuses, and writes all others in their order', async () => {
    const { write, written } = place();
    const warnings: object[] = [];
    const buffer = buffered(write, { warn: (details) => void warnings.push(details) });
    const users = ['bad', ...names(40), 'bad', 'bad', ...names(30)];
    for (const userId of users) buffer.note(entry({ userId }));
    await buffer.flush();
    expect(written).toEqual([...names(40), ...names(30)]);
    expect(warnings).toHaveLength(3);
  });

  it('writes no entry twice when the database fails behind one that it refuses', async () => {
    const written: string[] = [];
    let calls = 0;
    const buffer = buffered(async (entries) => {
      calls += 1;
      if (calls === 2) throw new Error('away');
      written.push(...entries.map(({ userId }) => userId));
    });
    for (const userId of ['a', 'bad', 'b']) buffer.note(entry({ userId }));
    await expect(buffer.flush()).rejects.toThrow('away');
    await buffer.flush();
    expect(written).toEqual(['a', 'b']);
  });

  it('writes nothing by itself once it is stopped', async () => {
    const { write, written } = place();
    const buffer = buffered(write);
    buffer.note(entry());
    buffer.stop();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(written).toEqual([]);
  });
});
