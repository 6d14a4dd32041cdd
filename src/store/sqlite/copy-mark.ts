import type { Database } from 'better-sqlite3';
import { unfinishedCopy } from '../copy-mark.ts';
import { StoreError } from '../store.ts';

/** The table is there only as long as a copy into the database is unfinished. Its one row is the mark. */
const TABLE = 'unfinished_copy';

const isUnfinished = (db: Database): boolean =>
  db.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(TABLE) !== undefined;

/** Throws if the database holds an unfinished copy. Reads only. */
export function assertFinished(db: Database): void {
  if (isUnfinished(db)) throw unfinishedCopy('SQLite', db.name);
}

/** The mark of an unfinished copy; all but `read` inside the transaction that is under way. */
export function copyMark(db: Database) {
  return {
    read: () =>
      isUnfinished(db) ? db.prepare<[], string>(`SELECT mark FROM ${TABLE}`).pluck().get() : undefined,
    begin(mark: string): void {
      db.exec(`CREATE TABLE ${TABLE} (mark TEXT NOT NULL) STRICT`);
      db.prepare(`INSERT INTO ${TABLE} (mark) VALUES (?)`).run(mark);
    },
    move(before: string, after: string): void {
      const { changes } = db.prepare(`UPDATE ${TABLE} SET mark = ? WHERE mark = ?`).run(after, before);
      if (changes !== 1)
        throw new StoreError(`SQLite database ${db.name}: another copy wrote to it meanwhile`);
    },
    finish: () => {
      db.exec(`DROP TABLE ${TABLE}`);
    },
  };
}
