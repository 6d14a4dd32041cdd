import Database from 'better-sqlite3';
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
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  const all = [...columns, 'company_id'];
  const holder = db
    .prepare<[string, string, string], number>(
      'SELECT object_id FROM external_key WHERE object_type = ? AND name = ? AND value = ?',
    )
    .pluck();
  /** They come in the order of the ids; with an ORDER BY the statement takes five times as long. */
  const newest = (type: string, name: string, value: string) => holder.all(type, name, value).at(-1);
  const read = db.prepare<[number], Cell[]>(`SELECT ${all.join(', ')} FROM opportunity WHERE id = ?`).raw();
  const insert = db.prepare(
    `INSERT INTO opportunity (id, ${all.join(', ')}, custom, created_at, updated_at) ` +
      `VALUES (?, ${all.map(() => '?').join(', ')}, ?, ?, ?)`,
  );
  const update = db.prepare(
    `UPDATE opportunity SET ${all.map((column) => `${column} = ?`).join(', ')}, updated_at = ? WHERE id = ?`,
  );
  const addKey = db.prepare(
    "INSERT INTO external_key (object_type, name, value, object_id, loose) VALUES ('Opportunity', 'extid', ?, ?, 0)",
  );
  const lastId = db.prepare<[], number>("SELECT last_id FROM counter WHERE type = 'Opportunity'").pluck();
  const raise = db.prepare(
    "INSERT INTO counter (type, last_id) VALUES ('Opportunity', ?) " +
      'ON CONFLICT (type) DO UPDATE SET last_id = excluded.last_id',
  );
  const journal = db.prepare(
    "INSERT INTO journal (at, user_id, operation, mode, rows) VALUES (?, 'bench', 'syncMObjects', 'UPSERT', ?)",
  );

  const sync = db.transaction((rows: readonly Row[]): PlainStatus[] => {
    const now = new Date().toISOString();
    const before = lastId.get() ?? 0;
    let last = before;
    const statuses = rows.map(({ key, company, values }): PlainStatus => {
      const companyId = newest('Company', 'companykey', company);
      if (companyId === undefined) throw new Error(`There is no company ${company}`);
      const cells: Cell[] = attributeNames.map((name) =>
        numbers.has(name) ? Number(values[name]) : values[name],
      );
      cells.push(companyId);
      const id = newest('Opportunity', 'extid', key);
      if (id === undefined) {
        last++;
        insert.run(last, ...cells, JSON.stringify({ ExtId: key }), now, now);
        addKey.run(key, last);
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
  });

  return { sync: (rows) => sync.immediate(rows), close: () => db.close() };
}

/** Creates everything, and keeps nothing. */
export const noStore: PlainStore = {
  sync: (rows) => rows.map(({ key }, index) => ({ id: index + 1, key, status: 'CREATED' })),
  close() {},
};
