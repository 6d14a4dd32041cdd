import type { Migration } from '../../migrations.ts';

/** The calls as the admin API shows them. Entries of before have all statuses, as far as their index knows. */
export const migration4: Migration = {
  number: 4,
  name: 'fault texts, times and statuses in the journal, bodies of calls, traffic',
  sql: `
ALTER TABLE journal ADD COLUMN fault_text text COLLATE "C",
  ADD COLUMN milliseconds double precision,
  ADD COLUMN statuses integer NOT NULL DEFAULT -1;
DROP INDEX journal_by_time;
CREATE INDEX journal_by_time ON journal (at, number) INCLUDE (user_id, operation, fault, statuses);
CREATE TABLE call_body (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  call_id text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  bytes integer NOT NULL,
  request bytea NOT NULL,
  answer bytea NOT NULL
);
CREATE INDEX call_body_by_call ON call_body (call_id);
CREATE INDEX call_body_by_size ON call_body (number) INCLUDE (bytes);
CREATE TABLE traffic (
  span integer NOT NULL,
  since timestamptz NOT NULL,
  run text COLLATE "C" NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (span, since, run)
)`,
};
