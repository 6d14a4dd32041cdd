import type { Migration } from '../../migrations.ts';

/** The journal tells calls apart, and those whose outcome is unknown. */
export const migration2: Migration = {
  number: 2,
  name: 'call ids and unknown outcomes in the journal',
  sql: `
ALTER TABLE journal ADD COLUMN call_id TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN outcome_unknown INTEGER NOT NULL DEFAULT 0 CHECK (outcome_unknown IN (0, 1));`,
};
