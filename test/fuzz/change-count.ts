import { DatabaseSync } from 'node:sqlite';
import { objectQuery, valueQuery } from '../../src/store/sqlite/statements.ts';

/** Rows that were written since the counting began. */
export interface WrittenRows {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** The table written last. */
  readonly latest: string;
}

/** What the tables of a kind hold: `objects` are opportunities and roles, `other` is all that no answer counts. */
export type WrittenKind = 'objects' | 'leads' | 'customObjects' | 'other';
export type Written = Readonly<Record<WrittenKind, WrittenRows>>;

export interface ChangeCount {
  read(): Written;
  close(): void;
}

const kinds: Readonly<Record<string, WrittenKind>> = {
  opportunity: 'objects',
  opportunity_person_role: 'objects',
  lead: 'leads',
  custom_object: 'customObjects',
};
/**
 * The journal and its tables note faults and counts of calls, and a call that only reads may make an index of keys, which
 * counts the schema version up, in `meta`. A change of definitions is counted in their own tables.
 */
const notCounted = [
  ...['journal', 'call_body', 'traffic', 'key_field', 'key_name', 'key_entry', 'meta', 'fuzz_written'],
];
const none: WrittenRows = { inserted: 0, updated: 0, deleted: 0, latest: '' };

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
CREATE TABLE fuzz_written (kind TEXT PRIMARY KEY, inserted INTEGER, updated INTEGER, deleted INTEGER, latest TEXT);
INSERT INTO fuzz_written VALUES ('objects', 0, 0, 0, ''), ('leads', 0, 0, 0, ''), ('customObjects', 0, 0, 0, ''), ('other', 0, 0, 0, '');`);
  for (const table of tables) {
    for (const [event, column] of [
      ['INSERT', 'inserted'],
      ['UPDATE', 'updated'],
      ['DELETE', 'deleted'],
    ] as const) {
      db.exec(`
CREATE TRIGGER fuzz_${table}_${column} AFTER ${event} ON ${table} BEGIN
  UPDATE fuzz_written SET ${column} = ${column} + 1, latest = '${table}' WHERE kind = '${kinds[table] ?? 'other'}';
END;`);
    }
  }
  const read = objectQuery<[], WrittenRows & { readonly kind: WrittenKind }>(
    db,
    'SELECT * FROM fuzz_written',
  );
  return {
    read() {
      const written = { objects: none, leads: none, customObjects: none, other: none };
      for (const { kind, ...rows } of read.all()) written[kind] = rows;
      return written;
    },
    close: () => db.close(),
  };
}
