import type { Migration } from '../../migrations.ts';

/** What each of several servers has counted. Rows are rewritten often: room in their page keeps the table small. */
export const migration2: Migration = {
  number: 2,
  name: 'calls counted by each server',
  sql: `
CREATE TABLE call_count (
  server text COLLATE "C" PRIMARY KEY,
  written_at timestamptz NOT NULL,
  day timestamptz NOT NULL,
  today bigint NOT NULL,
  under_way integer NOT NULL,
  recent jsonb NOT NULL
) WITH (fillfactor = 50)`,
};
