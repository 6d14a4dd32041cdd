import type { Migration } from '../../migrations.ts';

/** The journal tells calls apart, and those whose outcome is unknown. */
export const migration3: Migration = {
  number: 3,
  name: 'call ids and unknown outcomes in the journal',
  sql: `
ALTER TABLE journal ADD COLUMN call_id text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN outcome_unknown boolean NOT NULL DEFAULT false`,
};
