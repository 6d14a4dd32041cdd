import type { Migration } from '../../migrations.ts';

/** The calls as the admin API shows them. Entries of before have all statuses, as far as their index knows. */
export const migration6: Migration = {
  number: 6,
  name: 'fault texts, times and statuses in the journal, bodies of calls, traffic',
  sql: `
ALTER TABLE journal ADD COLUMN fault_text TEXT;
ALTER TABLE journal ADD COLUMN milliseconds REAL;
ALTER TABLE journal ADD COLUMN statuses INTEGER NOT NULL DEFAULT -1;
DROP INDEX journal_by_time;
CREATE INDEX journal_by_time ON journal (at, number, user_id, operation, fault, statuses);
CREATE TABLE call_body (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  call_id TEXT NOT NULL,
  at TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  request BLOB NOT NULL,
  answer BLOB NOT NULL
) STRICT;
CREATE INDEX call_body_by_call ON call_body (call_id);
CREATE INDEX call_body_by_size ON call_body (number, bytes);
CREATE TABLE traffic (
  span INTEGER NOT NULL,
  since TEXT NOT NULL,
  run TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (span, since, run)
) STRICT, WITHOUT ROWID;`,
};
