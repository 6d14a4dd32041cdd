import type { Migration } from '../../migrations.ts';

/** An owner's key can be that of very many leads: its index has them in the order of pages. */
export const migration9: Migration = {
  number: 9,
  name: 'index of the leads of a key in the order of their ids',
  sql: `
DROP INDEX lead_crm_key_by_key;
CREATE INDEX lead_crm_key_by_key ON lead_crm_key (type, key, lead_id);`,
};
