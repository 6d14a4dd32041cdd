import { DatabaseSync } from 'node:sqlite';
import { keyNameId } from '../../src/store/sqlite/key-names.ts';
import { command, rowQuery, valueQuery } from '../../src/store/sqlite/statements.ts';
import { attributeNames, type Row } from '../work.ts';

export interface PlainStatus {
  readonly id: number;
  readonly key: string;
  readonly status: 'CREATED' | 'UPDATED' | 'UNCHANGED';
}

/** Does the rows of a call, in their order. */
export interface PlainStore {
  sync(rows: readonly Row[]): PlainStatus[];
  close(): void;
}

const columns = attributeNames.map((name) => name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase());
const numbers = new Set<string>(['Amount', 'Probability', 'Quantity']);
type Cell = string | number | null;

/**
 * The same work on the same tables as mktows does, written for this one call: a statement for each step, one
 * transaction, one row of the journal; WAL and synchronous FULL.
 */
export function createPlainStore(file: string): PlainStore {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const all = [...columns, 'company_id'];
  const companyKey = numberOf(db, 'Company', 'companykey');
  const extId = numberOf(db, 'Opportunity', 'extid');
  const holder = rowQuery<[number, string], [number]>(
    db,
    'SELECT object_id FROM key_entry WHERE name_id = ? AND value = ?',
  );
  /** They come in the order of the ids; with an ORDER BY the statement takes more than twice as long. */
  const newest = (nameId: number, value: string) => holder.all(nameId, value).at(-1)?.[0];
  const read = rowQuery<[number], Cell[]>(db, `SELECT ${all.join(', ')} FROM opportunity WHERE id = ?`);
  const insert = command<Cell[]>(
    db,
    `INSERT INTO opportunity (id, ${all.join(', ')}, custom, created_at, updated_at) ` +
      `VALUES (?, ${all.map(() => '?').join(', ')}, ?, ?, ?)`,
  );
  const update = command<Cell[]>(
    db,
    `UPDATE opportunity SET ${all.map((column) => `${column} = ?`).join(', ')}, updated_at = ? WHERE id = ?`,
  );
  const addKey = command<[number, string, number]>(
    db,
    'INSERT INTO key_entry (name_id, value, object_id, loose) VALUES (?, ?, ?, 0)',
  );
  const lastId = valueQuery<[], number>(db, "SELECT last_id FROM counter WHERE type = 'Opportunity'");
  const raise = command<[number]>(
    db,
    "INSERT INTO counter (type, last_id) VALUES ('Opportunity', ?) " +
      'ON CONFLICT (type) DO UPDATE SET last_id = excluded.last_id',
  );
  const journal = command<[string, string]>(
    db,
    "INSERT INTO journal (at, user_id, operation, mode, rows) VALUES (?, 'bench', 'syncMObjects', 'UPSERT', ?)",
  );
  const begin = command<[]>(db, 'BEGIN IMMEDIATE');
  const commit = command<[]>(db, 'COMMIT');
  const rollback = command<[]>(db, 'ROLLBACK');

  function work(rows: readonly Row[]): PlainStatus[] {
    const now = new Date().toISOString();
    const before = lastId.get() ?? 0;
    let last = before;
    const statuses = rows.map(({ key, company, values }): PlainStatus => {
      const companyId = newest(companyKey, company);
      if (companyId === undefined) throw new Error(`There is no company ${company}`);
      const cells: Cell[] = attributeNames.map((name) =>
        numbers.has(name) ? Number(values[name]) : values[name],
      );
      cells.push(companyId);
      const id = newest(extId, key);
      if (id === undefined) {
        last++;
        insert.run(last, ...cells, JSON.stringify({ ExtId: key }), now, now);
        addKey.run(extId, key, last);
        return { id: last, key, status: 'CREATED' };
      }
      const stored = read.get(id) ?? [];
      if (cells.every((cell, index) => cell === stored[index])) return { id, key, status: 'UNCHANGED' };
      update.run(...cells, now, id);
      return { id, key, status: 'UPDATED' };
    });
    if (last > before) raise.run(last);
    journal.run(now, JSON.stringify(statuses));
    return statuses;
  }

  return {
    sync(rows) {
      begin.run();
      try {
        const statuses = work(rows);
        commit.run();
        return statuses;
      } catch (error) {
        if (db.isTransaction) rollback.run();
        throw error;
      }
    },
    close: () => db.close(),
  };
}

/** The number that entries of the index of keys have for a name. */
function numberOf(db: DatabaseSync, type: string, name: string): number {
  db.prepare('INSERT OR IGNORE INTO key_name (object_type, name) VALUES (?, ?)').run(type, name);
  const id = valueQuery<[string, string], number | null>(db, `SELECT ${keyNameId}`).get(type, name);
  if (id == null) throw new Error(`There is no key ${name}`);
  return id;
}

/** Creates everything, and keeps nothing. */
export const noStore: PlainStore = {
  sync: (rows) => rows.map(({ key }, index) => ({ id: index + 1, key, status: 'CREATED' })),
  close() {},
};
