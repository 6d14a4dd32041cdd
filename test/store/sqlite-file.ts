import { DatabaseSync } from 'node:sqlite';

/** What work makes of a database file, over a connection of its own beside whatever else has the file open. */
export function onFile<T>(file: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Runs statements on a database file, outside of any store. */
export const runOn = (file: string, sql: string): void => onFile(file, (db) => db.exec(sql));
