import type { Migration } from '../../migrations.ts';

/** Drops the index of companies, which `query-indexes.ts` makes as well. */
export const migration4: Migration = {
  number: 4,
  name: 'index of companies when a query first needs it',
  sql: `
DROP INDEX opportunity_by_company;`,
};
