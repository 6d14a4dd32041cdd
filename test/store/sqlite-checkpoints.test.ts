import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { checkpoints } from '../../src/store/sqlite/checkpoints.ts';
import { objectQuery, rowQuery, valueQuery } from '../../src/store/sqlite/statements.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A database in which each commit writes a few hundred pages; `seen` is where the thread looks for it. */
function written(seen?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mktows-checkpoints-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'pages.db');
  const db = new DatabaseSync(file, { timeout: 5000 });
  ends.push(() => db.close());
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  db.exec('CREATE TABLE page (id INTEGER PRIMARY KEY, filler TEXT) STRICT');
  const warnings: string[] = [];
  const log = { warn: (_what: object, message: string) => void warnings.push(message) };
  const opened = { location: seen ?? file, file: statSync(file) };
  const watched = checkpoints(db, opened, log as unknown as Parameters<typeof checkpoints>[2]);
  ends.push(() => watched.close());
  const put = db.prepare('INSERT OR REPLACE INTO page VALUES (?, ?)');
  const noop = objectQuery<[], { log: number }>(db, 'PRAGMA wal_checkpoint(NOOP)');
  let next = 0;
  return {
    file,
    db,
    warnings,
    close: watched.close,
    /** Commits that many pages, of 2,000 in all. */
    commit(pages = 300) {
      db.exec('BEGIN');
      for (let page = 0; page < pages; page++) put.run(next++ % 2000, 'x'.repeat(3900));
      db.exec('COMMIT');
      watched.committed();
    },
    logPages: () => noop.get()?.log ?? Number.NaN,
  };
}

function openReader(file: string): DatabaseSync {
  const reader = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  ends.push(() => reader.close());
  return reader;
}

describe('the write-ahead log of a database that is written to', () => {
  it('does not grow without end, and what was committed is in the database file', async () => {
    const { commit, logPages, db, file } = written();
    let most = 0;
    for (let round = 0; round < 300; round++) {
      commit();
      most = Math.max(most, logPages());
      await wait(2);
    }
    // 90,000 pages were written.
    expect(most).toBeGreaterThan(16_000);
    expect(most).toBeLessThan(60_000);
    const rows = rowQuery(db, 'SELECT count(*), sum(length(filler)) FROM page');
    expect(rows.get()).toEqual([2000, 2000 * 3900]);
    const reader = openReader(file);
    expect(valueQuery(reader, 'PRAGMA integrity_check').get()).toBe('ok');
  });

  it('is worked on by the writer, too, when the thread does not get on as fast', () => {
    const { commit, logPages } = written();
    // The thread's answers are never read: this does not leave the event loop.
    for (let round = 0; round < 800; round++) commit();
    // 240,000 pages were written.
    expect(logPages()).toBeLessThan(60_000);
  });

  it('goes on while a reader holds an old state, and is short again when that has ended', async () => {
    const { commit, logPages, file } = written();
    commit(10);
    const reader = openReader(file);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM page').get();
    const began = performance.now();
    for (let round = 0; round < 80; round++) {
      commit();
      await wait(2);
    }
    expect(logPages()).toBeGreaterThan(20_000);
    // No commit waits for the reader.
    expect(performance.now() - began).toBeLessThan(4000);
    reader.exec('COMMIT');
    for (let round = 0; round < 100 && logPages() > 4000; round++) {
      commit(1);
      await wait(20);
    }
    expect(logPages()).toBeLessThanOrEqual(4000);
  });

  it('grows, and that is said once, where the thread cannot open the file', async () => {
    const { commit, warnings } = written('/nowhere/at/all.db');
    for (let round = 0; round < 70; round++) {
      commit();
      await wait(10);
    }
    await expect.poll(() => warnings).toEqual([expect.stringContaining('and grows; retrying every second')]);
  });

  it('has no thread and nothing in the log any more when it is closed', async () => {
    const { commit, close, logPages } = written();
    for (let round = 0; round < 70; round++) commit();
    await close();
    expect(logPages()).toBe(0);
  });
});
