import type { DatabaseSync } from 'node:sqlite';
import { unfinishedCopy } from '../copy-mark.ts';
import { StoreError } from '../store.ts';
import { locationOf } from './location.ts';
import { command, valueQuery } from './statements.ts';

/** This table exists only while a copy into the database is unfinished. Its single row is the mark. */
const TABLE = 'unfinished_copy';

const isUnfinished = (db: DatabaseSync): boolean =>
  valueQuery<[string], number>(db, 'SELECT 1 FROM sqlite_master WHERE name = ?').get(TABLE) !== undefined;

/** Throws if the database holds an unfinished copy. Read-only. */
export function assertFinished(db: DatabaseSync): void {
  if (isUnfinished(db)) throw unfinishedCopy('SQLite', locationOf(db));
}

/** Manages the mark of an unfinished copy. All methods but `read` run inside the current transaction. */
export function copyMark(db: DatabaseSync) {
  return {
    read: () =>
      isUnfinished(db) ? valueQuery<[], string>(db, `SELECT mark FROM ${TABLE}`).get() : undefined,
    begin(mark: string): void {
      db.exec(`CREATE TABLE ${TABLE} (mark TEXT NOT NULL) STRICT`);
      command(db, `INSERT INTO ${TABLE} (mark) VALUES (?)`).run(mark);
    },
    move(before: string, after: string): void {
      const { changes } = command(db, `UPDATE ${TABLE} SET mark = ? WHERE mark = ?`).run(after, before);
      if (changes !== 1)
        throw new StoreError(`SQLite database ${locationOf(db)}: another copy wrote to it meanwhile`);
    },
    finish: () => {
      db.exec(`DROP TABLE ${TABLE}`);
    },
  };
}
