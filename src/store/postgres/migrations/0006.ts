import type { Migration } from '../../migrations.ts';

/** The activities of merged leads that have yet to move to the winner. */
export const migration6: Migration = {
  number: 6,
  name: 'activities of merged leads move in steps',
  sql: `
CREATE TABLE activity_move (
  id bigint PRIMARY KEY,
  lead_id bigint NOT NULL,
  from_id bigint NOT NULL
);
CREATE INDEX activity_move_by_lead ON activity_move (lead_id);
CREATE SEQUENCE activity_move_id;`,
};
