import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { noDurability } from '../../src/store/sqlite/durability.ts';
import { valueQuery } from '../../src/store/sqlite/statements.ts';
import { CallerError, transactions } from '../../src/store/sqlite/transaction.ts';

const folders: string[] = [];
const connections: DatabaseSync[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A table of numbers, its transactions, and a second connection that sees only what is committed. */
function numbers() {
  const folder = mkdtempSync(join(tmpdir(), 'mktows-shared-'));
  folders.push(folder);
  const file = join(folder, 'numbers.db');
  const db = new DatabaseSync(file, { timeout: 100 });
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('CREATE TABLE number (value INTEGER PRIMARY KEY, filler TEXT) STRICT');
  let rollbacks = 0;
  const guard = transactions({
    db,
    location: file,
    durability: noDurability,
    rolledBack: () => {
      rollbacks += 1;
    },
  });
  const insert = db.prepare('INSERT INTO number VALUES (?, ?)');
  const other = new DatabaseSync(file, { timeout: 5000 });
  const select = 'SELECT value FROM number ORDER BY value';
  const own = valueQuery<[], number>(db, select);
  const committed = valueQuery<[], number>(other, select);
  const version = valueQuery<[], number>(other, 'PRAGMA data_version');
  connections.push(db, other);
  return {
    db,
    other,
    guard,
    add: (value: number, filler = '') => void insert.run(value, filler),
    write: (value: number, filler?: string) => guard.write(() => void insert.run(value, filler ?? '')),
    own: () => guard.read(() => own.all()),
    committed: () => committed.all(),
    version: () => version.get(),
    rollbacks: () => rollbacks,
  };
}

/** What became of promises: the value, or the message of the error. */
const ends = async (...promises: Promise<unknown>[]) =>
  (await Promise.allSettled(promises)).map((end) =>
    end.status === 'fulfilled' ? 'written' : end.reason.message,
  );

describe('writers of one turn of the event loop', () => {
  it('share one transaction', async () => {
    const { write, committed, version } = numbers();
    const before = Number(version());
    await Promise.all([write(1), write(2)]);
    expect(committed()).toEqual([1, 2]);
    expect(Number(version())).toBe(before + 1);
  });

  it('are joined by those of the next turn when they are several, not when one is alone', async () => {
    const { write, committed, version } = numbers();
    const before = Number(version());
    const first = [write(1), write(2)];
    await nextTurn();
    await Promise.all([...first, write(3)]);
    expect(committed()).toEqual([1, 2, 3]);
    expect(Number(version())).toBe(before + 1);
    void write(4);
    await nextTurn();
    await nextTurn();
    expect(committed()).toEqual([1, 2, 3, 4]);
  });

  it('are seen by nobody before they are committed', async () => {
    const { write, own, committed } = numbers();
    const written = write(1);
    expect([own(), committed()]).toEqual([[], []]);
    await written;
    expect([own(), committed()]).toEqual([[1], [1]]);
  });

  it('have written when they are settled, also if nobody waits for them', async () => {
    const { write, guard, committed } = numbers();
    void write(1);
    await guard.settled();
    expect(committed()).toEqual([1]);
  });

  it('get what their work returns', async () => {
    const { guard } = numbers();
    expect(await Promise.all([guard.write(() => 'one'), guard.write(() => 'two')])).toEqual(['one', 'two']);
  });

  it('are each undone alone when one fails', async () => {
    const { write, add, guard, committed, rollbacks } = numbers();
    const failing = () =>
      guard.write(() => {
        add(2);
        add(1);
      });
    const [one, two, three] = await Promise.allSettled([write(1), failing(), write(3)]);
    expect([one?.status, two?.status, three?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(two).toMatchObject({ reason: { name: 'StoreError' } });
    expect(rollbacks()).toBe(1);
    expect(committed()).toEqual([1, 3]);
  });

  it('go on when the first of them fails, alone or among others', async () => {
    const { write, guard, committed } = numbers();
    const failing = () =>
      guard.write(() => {
        throw new CallerError(new Error('a decision that fails'));
      });
    expect(await ends(failing())).toEqual(['a decision that fails']);
    expect(await ends(failing(), write(1))).toEqual(['a decision that fails', 'written']);
    expect(committed()).toEqual([1]);
  });

  it('are all refused when SQLite undoes the whole transaction', async () => {
    const { write, db, guard, committed } = numbers();
    const failing = () =>
      guard.write(() => {
        db.exec('ROLLBACK');
        throw new CallerError(new Error('the disk is full'));
      });
    const [first, second, third] = await ends(write(1), failing(), write(2));
    expect(second).toBe('the disk is full');
    expect(first).toMatch(/^SQLite database .*: the disk is full$/);
    expect(third).toBe(first);
    expect(committed()).toEqual([]);
    await write(2);
    expect(committed()).toEqual([2]);
  });

  it('are all refused when the commit fails', async () => {
    const { write, db, guard, committed } = numbers();
    const ending = guard.write(() => db.exec('ROLLBACK'));
    const [first, second] = await ends(ending, write(1));
    expect(first).toMatch(/^SQLite database /);
    expect(second).toBe(first);
    expect(committed()).toEqual([]);
  });

  it('are all refused when the transaction cannot begin, and those who come later are not', async () => {
    const { write, other, committed } = numbers();
    other.exec('BEGIN IMMEDIATE');
    const refused = await ends(write(1), write(2));
    other.exec('ROLLBACK');
    for (const message of refused) expect(message).toMatch(/another process has kept the database locked/);
    await write(3);
    expect(committed()).toEqual([3]);
  });

  it('do not keep the event loop for longer than some of them take', async () => {
    const { guard } = numbers();
    const pause = new Int32Array(new SharedArrayBuffer(4));
    const slow = () => guard.write(() => void Atomics.wait(pause, 0, 0, 5));
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await Promise.all(Array.from({ length: 8 }, slow));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(1);
  });

  it('leave exactly what was acknowledged, in whatever order they come, fail and meet a full database', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), size: fc.nat(3000) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), size: fc.nat(3000) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('turn' as const), size: fc.nat(0) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 4, max: 30 }),
        async (steps, pages) => {
          const { db, guard, add, write, committed } = numbers();
          db.exec(`PRAGMA max_page_count = ${pages}`);
          const acknowledged = new Set<number>();
          const waiting: Promise<void>[] = [];
          const fail = (index: number, size: number) =>
            guard.write(() => {
              add(index, 'x'.repeat(size));
              throw new CallerError(new Error('refused'));
            });
          for (const [index, { kind, size }] of steps.entries()) {
            if (kind === 'turn') await nextTurn();
            else {
              const written = kind === 'write' ? write(index, 'x'.repeat(size)) : fail(index, size);
              waiting.push(written.then(() => void acknowledged.add(index)).catch(() => {}));
            }
          }
          await Promise.all(waiting);
          expect(committed()).toEqual([...acknowledged].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});
