import type { Migration } from '../../migrations.ts';

/** Drops the indexes of compared columns: `query-indexes.ts` makes them when a query first needs one. */
export const migration3: Migration = {
  number: 3,
  name: 'indexes of compared columns when a query first needs them',
  sql: `
DROP INDEX IF EXISTS opportunity_by_name;
DROP INDEX IF EXISTS opportunity_by_stage;
DROP INDEX IF EXISTS opportunity_by_type;
DROP INDEX IF EXISTS opportunity_by_created_at;
DROP INDEX IF EXISTS opportunity_by_updated_at;
DROP INDEX IF EXISTS role_by_created_at;
DROP INDEX IF EXISTS role_by_updated_at;`,
};
