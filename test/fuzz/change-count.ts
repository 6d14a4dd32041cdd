import { DatabaseSync } from 'node:sqlite';
import { objectQuery, valueQuery } from '../../src/store/sqlite/statements.ts';

/** What was written since the counting began, in rows. */
export interface WrittenRows {
  /** Opportunities and roles. */
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Rows of any other table that a fault must leave alone. */
  readonly other: number;
}

export interface ChangeCount {
  read(): WrittenRows;
  close(): void;
}

const objects = ['opportunity', 'opportunity_person_role'];
/** The journal and its tables note faults and counts of calls, and an index of keys may be made by a call that only reads. */
const notCounted = ['journal', 'call_body', 'traffic', 'key_field', 'key_name', 'key_entry', 'fuzz_written'];

/**
 * Has the database itself count, by triggers, what anybody writes to it. The file is the one that a server has open.
 */
export function countChanges(file: string): ChangeCount {
  const db = new DatabaseSync(file, { timeout: 5000 });
  const tables = valueQuery<[], string>(
    db,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
    .all()
    .filter((table) => !notCounted.includes(table));
  db.exec(`
CREATE TABLE fuzz_written (inserted INTEGER, updated INTEGER, deleted INTEGER, other INTEGER);
INSERT INTO fuzz_written VALUES (0, 0, 0, 0);`);
  for (const table of tables) {
    for (const [event, column] of [
      ['INSERT', 'inserted'],
      ['UPDATE', 'updated'],
      ['DELETE', 'deleted'],
    ] as const) {
      const counted = objects.includes(table) ? column : 'other';
      db.exec(`
CREATE TRIGGER fuzz_${table}_${column} AFTER ${event} ON ${table} BEGIN
  UPDATE fuzz_written SET ${counted} = ${counted} + 1;
END;`);
    }
  }
  const read = objectQuery<[], WrittenRows>(db, 'SELECT * FROM fuzz_written');
  return {
    read() {
      const rows = read.get();
      if (rows === undefined) throw new Error('The count is gone');
      return rows;
    },
    close: () => db.close(),
  };
}
