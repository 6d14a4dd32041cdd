import type { Migration } from '../../migrations.ts';

/** Tables of records, definitions, journal and users. */
export const migration1: Migration = {
  number: 1,
  name: 'records, definitions, journal, users',
  secret: 'stream position',
  sql: `
CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY,
  amount REAL,
  close_date TEXT,
  company_id INTEGER,
  description TEXT,
  expected_revenue REAL,
  external_created_date TEXT,
  fiscal TEXT,
  fiscal_quarter INTEGER,
  fiscal_year INTEGER,
  forecast_category_name TEXT,
  is_closed INTEGER CHECK (is_closed IN (0, 1)),
  is_won INTEGER CHECK (is_won IN (0, 1)),
  last_activity_date TEXT,
  lead_source TEXT,
  name TEXT,
  next_step TEXT,
  probability INTEGER,
  quantity REAL,
  stage TEXT,
  type TEXT,
  custom TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX opportunity_by_company ON opportunity (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE opportunity_person_role (
  id INTEGER PRIMARY KEY,
  external_created_date TEXT,
  is_primary INTEGER CHECK (is_primary IN (0, 1)),
  opportunity_id INTEGER,
  person_id INTEGER,
  role TEXT,
  custom TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX role_by_opportunity ON opportunity_person_role (opportunity_id, person_id, role);
CREATE INDEX role_by_person ON opportunity_person_role (person_id);

CREATE TABLE program (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  channel TEXT,
  workspace_id INTEGER,
  workspace_name TEXT,
  tree_path TEXT,
  is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
  start_date TEXT,
  end_date TEXT,
  crm_id TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE program_tag (
  program_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (program_id, type)
) STRICT, WITHOUT ROWID;
CREATE TABLE program_token (
  program_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (program_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE program_cost (
  id INTEGER PRIMARY KEY,
  program_id INTEGER NOT NULL,
  month TEXT NOT NULL,
  amount REAL NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX cost_by_program ON program_cost (program_id);

CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  email TEXT,
  company_id INTEGER,
  attributes TEXT NOT NULL
) STRICT;
CREATE INDEX lead_by_company ON lead (company_id) WHERE company_id IS NOT NULL;
CREATE TABLE company (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  external_keys TEXT NOT NULL
) STRICT;

CREATE TABLE external_key (
  object_type TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  object_id INTEGER NOT NULL,
  loose INTEGER NOT NULL CHECK (loose IN (0, 1)),
  spelled_name TEXT,
  PRIMARY KEY (object_type, name, value, object_id, loose)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_key_by_object ON external_key (object_type, object_id);
CREATE TABLE key_field (
  object_type TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (object_type, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE counter (
  type TEXT PRIMARY KEY,
  last_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE field_definition (
  owner TEXT NOT NULL,
  folded_name TEXT NOT NULL,
  name TEXT NOT NULL,
  display_name TEXT,
  description TEXT,
  data_type TEXT NOT NULL,
  size INTEGER,
  reference_to TEXT,
  defined_at TEXT,
  PRIMARY KEY (owner, folded_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE tag_type (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tag_value (
  tag_type TEXT NOT NULL,
  position INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tag_type, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE channel_status (
  channel TEXT NOT NULL,
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  step INTEGER NOT NULL,
  success INTEGER NOT NULL CHECK (success IN (0, 1)),
  attributes TEXT NOT NULL,
  PRIMARY KEY (channel, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  user_id TEXT NOT NULL,
  operation TEXT NOT NULL,
  mode TEXT,
  address TEXT,
  fault INTEGER,
  rows TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_time ON journal (at);
CREATE TABLE api_user (
  user_id TEXT PRIMARY KEY,
  encrypted_secret BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (name, value) VALUES ('schema_version', 1);
CREATE TABLE server_secret (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;`,
};
