import type { Migration } from '../../migrations.ts';

/** Tables of records, definitions, journal and users. */
export const migration1: Migration = {
  number: 1,
  name: 'records, definitions, journal, users',
  secret: 'stream position',
  sql: `
CREATE TABLE opportunity (
  id bigint PRIMARY KEY,
  amount double precision,
  close_date date,
  company_id bigint,
  description text COLLATE "C",
  expected_revenue double precision,
  external_created_date timestamptz,
  fiscal text COLLATE "C",
  fiscal_quarter bigint,
  fiscal_year bigint,
  forecast_category_name text COLLATE "C",
  is_closed boolean,
  is_won boolean,
  last_activity_date date,
  lead_source text COLLATE "C",
  name text COLLATE "C",
  next_step text COLLATE "C",
  probability bigint,
  quantity double precision,
  stage text COLLATE "C",
  type text COLLATE "C",
  custom jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX opportunity_by_company ON opportunity (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE opportunity_person_role (
  id bigint PRIMARY KEY,
  external_created_date timestamptz,
  is_primary boolean,
  opportunity_id bigint,
  person_id bigint,
  role text COLLATE "C",
  custom jsonb,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX role_by_opportunity ON opportunity_person_role (opportunity_id, person_id);
CREATE INDEX role_by_person ON opportunity_person_role (person_id);

CREATE TABLE program (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  channel text COLLATE "C",
  workspace_id bigint,
  workspace_name text COLLATE "C",
  tree_path text COLLATE "C",
  is_archived boolean NOT NULL,
  start_date text COLLATE "C",
  end_date text COLLATE "C",
  crm_id text COLLATE "C",
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE TABLE program_tag (
  program_id bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, type)
);
CREATE TABLE program_token (
  program_id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, name)
);
CREATE TABLE program_cost (
  id bigint PRIMARY KEY,
  program_id bigint NOT NULL,
  month date NOT NULL,
  amount double precision NOT NULL,
  note text COLLATE "C"
);
CREATE INDEX cost_by_program ON program_cost (program_id);

CREATE TABLE lead (
  id bigint PRIMARY KEY,
  email text COLLATE "C",
  company_id bigint,
  attributes jsonb NOT NULL
);
CREATE INDEX lead_by_company ON lead (company_id) WHERE company_id IS NOT NULL;
CREATE TABLE company (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  external_keys jsonb NOT NULL
);

CREATE TABLE external_key (
  object_type text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  object_id bigint NOT NULL,
  loose boolean NOT NULL,
  spelled_name text COLLATE "C"
);
CREATE INDEX external_key_by_value ON external_key (hashtextextended(name || ':' || value, 0), object_id);
CREATE INDEX external_key_by_object ON external_key (object_type, object_id);
CREATE TABLE key_field (
  object_type text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (object_type, name)
);
CREATE SEQUENCE opportunity_id;
CREATE SEQUENCE opportunity_person_role_id;
CREATE SEQUENCE program_cost_id;

CREATE TABLE field_definition (
  owner text COLLATE "C" NOT NULL,
  folded_name text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  display_name text COLLATE "C",
  description text COLLATE "C",
  data_type text COLLATE "C" NOT NULL,
  size bigint,
  reference_to text COLLATE "C",
  defined_at timestamptz,
  PRIMARY KEY (owner, folded_name)
);
CREATE TABLE tag_type (
  name text COLLATE "C" PRIMARY KEY,
  position integer NOT NULL
);
CREATE TABLE tag_value (
  tag_type text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (tag_type, position)
);
CREATE TABLE channel (
  name text COLLATE "C" PRIMARY KEY,
  position integer NOT NULL
);
CREATE TABLE channel_status (
  channel text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  status text COLLATE "C" NOT NULL,
  step bigint NOT NULL,
  success boolean NOT NULL,
  attributes jsonb NOT NULL,
  PRIMARY KEY (channel, position)
);

CREATE TABLE journal (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  operation text COLLATE "C" NOT NULL,
  mode text COLLATE "C",
  address text COLLATE "C",
  fault integer,
  rows jsonb NOT NULL
);
CREATE INDEX journal_by_time ON journal (at);
CREATE TABLE api_user (
  user_id text COLLATE "C" PRIMARY KEY,
  encrypted_secret bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE meta (
  name text COLLATE "C" PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO meta (name, value) VALUES ('schema_version', 1);
CREATE TABLE server_secret (
  name text COLLATE "C" PRIMARY KEY,
  value bytea NOT NULL
);
CREATE UNLOGGED TABLE call_lock (slot integer PRIMARY KEY);
INSERT INTO call_lock (slot) SELECT generate_series(0, 65535) ON CONFLICT DO NOTHING;
CREATE INDEX opportunity_by_name ON opportunity ((left(name, 600))) WHERE name IS NOT NULL;
CREATE INDEX opportunity_by_stage ON opportunity ((left(stage, 600))) WHERE stage IS NOT NULL;
CREATE INDEX opportunity_by_type ON opportunity ((left(type, 600))) WHERE type IS NOT NULL;
CREATE INDEX opportunity_by_created_at ON opportunity (created_at) WHERE created_at IS NOT NULL;
CREATE INDEX opportunity_by_updated_at ON opportunity (updated_at) WHERE updated_at IS NOT NULL;
CREATE INDEX opportunity_person_role_by_created_at ON opportunity_person_role (created_at) WHERE created_at IS NOT NULL;
CREATE INDEX opportunity_person_role_by_updated_at ON opportunity_person_role (updated_at) WHERE updated_at IS NOT NULL;`,
};
