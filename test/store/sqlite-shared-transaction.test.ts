import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { noDurability } from '../../src/store/sqlite/durability.ts';
import { valueQuery } from '../../src/store/sqlite/statements.ts';
import { ForeignError, transactions } from '../../src/store/sqlite/transaction.ts';

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
  const db = new DatabaseSync(file, { timeout: 5000 });
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
  const other = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  const select = 'SELECT value FROM number ORDER BY value';
  const own = valueQuery<[], number>(db, select);
  const committed = valueQuery<[], number>(other, select);
  const version = valueQuery<[], number>(other, 'PRAGMA data_version');
  connections.push(db, other);
  return {
    db,
    guard,
    add: (value: number, filler = '') => void insert.run(value, filler),
    write: (value: number, filler?: string) => guard.write(() => void insert.run(value, filler ?? '')),
    own: () => guard.read(() => own.all()),
    committed: () => committed.all(),
    version: () => version.get(),
    rollbacks: () => rollbacks,
  };
}

describe('writers of one turn of the event loop', () => {
  it('share one transaction, that is committed at the end of the turn', async () => {
    const { write, guard, committed, version } = numbers();
    const before = Number(version());
    write(1);
    write(2);
    expect(committed()).toEqual([]);
    await guard.durable();
    write(3);
    await guard.durable();
    expect(committed()).toEqual([1, 2, 3]);
    expect(Number(version())).toBe(before + 1);
  });

  it('are joined by those of the next turn when they are several, not when one is alone', async () => {
    const { write, guard, committed, version } = numbers();
    const before = Number(version());
    write(1);
    write(2);
    await nextTurn();
    expect(committed()).toEqual([]);
    write(3);
    await guard.durable();
    expect(Number(version())).toBe(before + 1);
    write(4);
    await nextTurn();
    expect(committed()).toEqual([1, 2, 3, 4]);
  });

  it('are read by the same connection at once, and by others when they are committed', async () => {
    const { write, own, guard, committed } = numbers();
    write(1);
    expect(own()).toEqual([1]);
    expect(committed()).toEqual([]);
    await guard.durable();
    expect(committed()).toEqual([1]);
  });

  it('are committed also if nobody waits for it', async () => {
    const { write, committed } = numbers();
    write(1);
    await nextTurn();
    expect(committed()).toEqual([1]);
  });

  it('are each undone alone when one fails', async () => {
    const { write, add, guard, committed, rollbacks } = numbers();
    write(1);
    const failing = () =>
      guard.write(() => {
        add(2);
        add(1);
      });
    expect(failing).toThrow(expect.objectContaining({ name: 'StoreError' }));
    expect(rollbacks()).toBe(1);
    write(3);
    await guard.durable();
    expect(committed()).toEqual([1, 3]);
  });

  it('go on when the first of them fails', async () => {
    const { write, guard, committed } = numbers();
    const error = new Error('a decision that fails');
    const failing = () =>
      guard.write(() => {
        throw new ForeignError(error);
      });
    expect(failing).toThrow(error);
    write(1);
    await guard.durable();
    expect(committed()).toEqual([1]);
  });

  it('are all refused when SQLite undoes the whole transaction', async () => {
    const { write, db, guard, committed } = numbers();
    write(1);
    const failing = () =>
      guard.write(() => {
        db.exec('ROLLBACK');
        throw new Error('the disk is full');
      });
    const first = guard.durable();
    expect(failing).toThrow('the disk is full');
    await expect(first).rejects.toThrow('the disk is full');
    expect(committed()).toEqual([]);
    write(2);
    await guard.durable();
    expect(committed()).toEqual([2]);
  });

  it('are all refused when the commit fails', async () => {
    const { write, db, guard, committed } = numbers();
    write(1);
    write(2);
    db.exec('ROLLBACK');
    const ends = await Promise.allSettled([guard.durable(), guard.durable()]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(committed()).toEqual([]);
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
          for (const [index, { kind, size }] of steps.entries()) {
            if (kind === 'turn') await nextTurn();
            else {
              try {
                if (kind === 'write') write(index, 'x'.repeat(size));
                else
                  guard.write(() => {
                    add(index, 'x'.repeat(size));
                    throw new ForeignError(new Error('refused'));
                  });
                const noted = guard.durable().then(() => void acknowledged.add(index));
                waiting.push(noted.catch(() => {}));
              } catch {
                // Refused at once: it must not be there.
              }
            }
          }
          await Promise.all(waiting);
          await nextTurn();
          expect(committed()).toEqual([...acknowledged].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});
