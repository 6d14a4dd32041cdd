import type { Migration } from '../../migrations.ts';

/** The activities of merged leads that have yet to move to the winner. */
export const migration8: Migration = {
  number: 8,
  name: 'activities of merged leads move in steps',
  sql: `
CREATE TABLE activity_move (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  from_id INTEGER NOT NULL
) STRICT;
CREATE INDEX activity_move_by_lead ON activity_move (lead_id);`,
};
