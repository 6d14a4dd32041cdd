import type { Migration } from '../../migrations.ts';

/**
 * Leads have fields and times. An attribute becomes a value of its field's type; a name without a field becomes a field
 * for text, and so does what a field cannot hold. Tables of what belongs to leads.
 */
export const migration5: Migration = {
  number: 5,
  name: 'leads with fields, lists, campaigns, activities, custom objects',
  sql: `
CREATE TEMP TABLE lead_field (folded_name text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL, data_type text NOT NULL);
INSERT INTO lead_field (folded_name, name, data_type) VALUES
  ('address', 'Address', 'text'),
  ('annualrevenue', 'AnnualRevenue', 'currency'),
  ('anonymousip', 'AnonymousIP', 'string'),
  ('billingcity', 'BillingCity', 'string'),
  ('billingcountry', 'BillingCountry', 'string'),
  ('billingpostalcode', 'BillingPostalCode', 'string'),
  ('billingstate', 'BillingState', 'string'),
  ('billingstreet', 'BillingStreet', 'text'),
  ('city', 'City', 'string'),
  ('company', 'Company', 'string'),
  ('country', 'Country', 'string'),
  ('dateofbirth', 'DateofBirth', 'date'),
  ('department', 'Department', 'string'),
  ('donotcall', 'DoNotCall', 'boolean'),
  ('donotcallreason', 'DoNotCallReason', 'string'),
  ('email', 'Email', 'email'),
  ('fax', 'Fax', 'phone'),
  ('firstname', 'FirstName', 'string'),
  ('industry', 'Industry', 'string'),
  ('inferredcompany', 'InferredCompany', 'string'),
  ('inferredcountry', 'InferredCountry', 'string'),
  ('lastname', 'LastName', 'string'),
  ('leadrole', 'LeadRole', 'string'),
  ('leadscore', 'LeadScore', 'integer'),
  ('leadsource', 'LeadSource', 'string'),
  ('leadstatus', 'LeadStatus', 'string'),
  ('mainphone', 'MainPhone', 'string'),
  ('middlename', 'MiddleName', 'string'),
  ('mobilephone', 'MobilePhone', 'phone'),
  ('numberofemployees', 'NumberOfEmployees', 'integer'),
  ('phone', 'Phone', 'phone'),
  ('postalcode', 'PostalCode', 'string'),
  ('rating', 'Rating', 'string'),
  ('salutation', 'Salutation', 'string'),
  ('siccode', 'SICCode', 'string'),
  ('site', 'Site', 'string'),
  ('state', 'State', 'string'),
  ('title', 'Title', 'string'),
  ('unsubscribed', 'Unsubscribed', 'boolean'),
  ('unsubscribedreason', 'UnsubscribedReason', 'string'),
  ('website', 'Website', 'url');
DELETE FROM field_definition WHERE owner = 'Lead' AND folded_name IN (SELECT folded_name FROM lead_field);
INSERT INTO lead_field (folded_name, name, data_type)
  SELECT folded_name, name, data_type FROM field_definition WHERE owner = 'Lead';

CREATE TEMP TABLE lead_value AS
  SELECT l.id AS lead_id, lower(trim(a.key)) AS folded_name, trim(a.key) AS name, f.data_type::text AS data_type,
    a.value AS sent,
    CASE
      WHEN f.data_type IS NULL OR f.data_type IN ('string', 'text', 'phone', 'url', 'email') THEN to_jsonb(a.value)
      WHEN f.data_type = 'integer' THEN
        CASE WHEN trim(a.value) ~ '^(0|-?[1-9][0-9]{0,9})$' THEN
          CASE WHEN abs(trim(a.value)::bigint) <= 2147483647 THEN to_jsonb(trim(a.value)::bigint) END END
      WHEN f.data_type IN ('float', 'currency') THEN
        CASE WHEN trim(a.value) ~ '^-?[0-9]+([.][0-9]+)?$' AND length(trim(a.value)) <= 15
          THEN to_jsonb(trim(a.value)::double precision) END
      WHEN f.data_type = 'boolean' THEN
        CASE lower(trim(a.value)) WHEN 'true' THEN to_jsonb(true) WHEN '1' THEN to_jsonb(true)
          WHEN 'false' THEN to_jsonb(false) WHEN '0' THEN to_jsonb(false) END
      WHEN f.data_type = 'date' THEN
        CASE WHEN trim(a.value) ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN
          CASE WHEN extract(month FROM (substr(trim(a.value), 1, 8) || '01')::date + (substr(trim(a.value), 9, 2)::integer - 1))
            = substr(trim(a.value), 6, 2)::integer THEN to_jsonb(trim(a.value)) END END
      WHEN f.data_type = 'datetime' THEN
        CASE WHEN trim(a.value) ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?$' THEN
          CASE WHEN extract(month FROM (substr(trim(a.value), 1, 8) || '01')::date + (substr(trim(a.value), 9, 2)::integer - 1))
            = substr(trim(a.value), 6, 2)::integer
            THEN to_jsonb(to_char((CASE WHEN trim(a.value) ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' THEN trim(a.value)
              ELSE trim(a.value) || 'Z' END)::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END END
    END AS held
  FROM lead AS l CROSS JOIN jsonb_each_text(l.attributes) AS a LEFT JOIN lead_field AS f ON f.folded_name = lower(trim(a.key))
  WHERE trim(a.key) <> '' AND lower(trim(a.key)) <> 'email' AND a.value <> '';
  CREATE INDEX ON lead_value (lead_id);
UPDATE lead_value SET folded_name = lead_value.folded_name || ' (as text)', data_type = NULL, held = to_jsonb(sent),
  name = f.name || ' (as text)' FROM lead_field AS f WHERE f.folded_name = lead_value.folded_name AND held IS NULL;
INSERT INTO field_definition (owner, folded_name, name, data_type)
  SELECT 'Lead', folded_name, min(name COLLATE "C"), 'string' FROM lead_value WHERE data_type IS NULL
    AND folded_name NOT IN (SELECT folded_name FROM lead_field) GROUP BY folded_name;
INSERT INTO lead_field (folded_name, name, data_type)
  SELECT folded_name, name, data_type FROM field_definition WHERE owner = 'Lead' ON CONFLICT DO NOTHING;

ALTER TABLE lead ADD COLUMN created_at timestamptz, ADD COLUMN updated_at timestamptz,
  ADD COLUMN email_key text COLLATE "C", ADD COLUMN workspace_id bigint, ADD COLUMN custom jsonb;
UPDATE lead SET created_at = m.applied_at, updated_at = m.applied_at,
  email_key = CASE WHEN email ~ '^[ -~]*$' AND length(email) <= 250 THEN lower(trim(email)) END,
  custom = (SELECT jsonb_object_agg(f.name, v.held) FROM lead_value AS v JOIN lead_field AS f ON f.folded_name = v.folded_name
    WHERE v.lead_id = lead.id)
  FROM migration AS m WHERE m.number = 1;
ALTER TABLE lead DROP COLUMN attributes, ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN updated_at SET NOT NULL;
DROP TABLE lead_value;
DROP TABLE lead_field;
CREATE INDEX lead_by_email ON lead (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX lead_by_updated_at ON lead (updated_at);
DELETE FROM external_key WHERE object_type = 'Lead';
UPDATE meta SET value = value + 1 WHERE name = 'schema_version';

ALTER TABLE program ADD COLUMN name_key text COLLATE "C";
UPDATE program SET name_key = lower(trim(name)) WHERE name ~ '^[ -~]*$' AND length(name) <= 250;
CREATE INDEX program_by_name ON program (name_key);
ALTER TABLE company ADD COLUMN name_key text COLLATE "C";
UPDATE company SET name_key = lower(trim(name)) WHERE name ~ '^[ -~]*$' AND length(name) <= 250;
CREATE INDEX company_by_name ON company (name_key);
CREATE TABLE workspace (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C"
);
CREATE INDEX workspace_by_name ON workspace (name_key);
CREATE TABLE lead_foreign_id (
  id bigint PRIMARY KEY,
  lead_id bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX lead_foreign_id_by_value ON lead_foreign_id (type, value);
CREATE INDEX lead_foreign_id_by_lead ON lead_foreign_id (lead_id);
CREATE TABLE lead_cookie (
  id bigint PRIMARY KEY,
  lead_id bigint NOT NULL,
  value text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX lead_cookie_by_value ON lead_cookie (value);
CREATE INDEX lead_cookie_by_lead ON lead_cookie (lead_id);
CREATE TABLE lead_crm_key (
  id bigint PRIMARY KEY,
  lead_id bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL
);
CREATE INDEX lead_crm_key_by_key ON lead_crm_key (type, key);
CREATE INDEX lead_crm_key_by_lead ON lead_crm_key (lead_id);

CREATE TABLE static_list (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C",
  program_id bigint
);
CREATE INDEX static_list_by_name ON static_list (name_key);
CREATE INDEX static_list_by_program ON static_list (program_id);
CREATE TABLE list_member (
  id bigint PRIMARY KEY,
  list_id bigint NOT NULL,
  lead_id bigint NOT NULL,
  added_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX list_member_by_list ON list_member (list_id, lead_id);
CREATE INDEX list_member_by_lead ON list_member (lead_id);
CREATE TABLE campaign (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C",
  program_id bigint,
  kind text COLLATE "C" NOT NULL,
  sources json NOT NULL,
  description text COLLATE "C"
);
CREATE INDEX campaign_by_name ON campaign (name_key);
CREATE INDEX campaign_by_program ON campaign (program_id);
CREATE TABLE campaign_run (
  id bigint PRIMARY KEY,
  campaign_id bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  run_at timestamptz,
  source text COLLATE "C",
  lead_ids json NOT NULL,
  tokens json NOT NULL
);
CREATE INDEX campaign_run_by_campaign ON campaign_run (campaign_id);
CREATE TABLE list_import (
  id bigint PRIMARY KEY,
  list_id bigint NOT NULL,
  campaign_id bigint,
  at timestamptz NOT NULL,
  mode text COLLATE "C" NOT NULL,
  row_count bigint NOT NULL,
  imported bigint NOT NULL,
  failed bigint NOT NULL,
  ignored bigint NOT NULL,
  summary text COLLATE "C" NOT NULL,
  tokens json NOT NULL
);
CREATE INDEX list_import_by_list ON list_import (list_id);
CREATE TABLE activity (
  id bigint PRIMARY KEY,
  lead_id bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  asset_name text COLLATE "C",
  campaign text COLLATE "C",
  attributes json NOT NULL
);
CREATE INDEX activity_by_lead ON activity (lead_id);
CREATE INDEX activity_by_at ON activity (at);
CREATE TABLE custom_object_type (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  name_key text COLLATE "C",
  keys json NOT NULL,
  fields json NOT NULL
);
CREATE INDEX custom_object_type_by_name ON custom_object_type (name_key);
CREATE TABLE custom_object (
  id bigint PRIMARY KEY,
  type_id bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  lead_id bigint,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  attributes json NOT NULL
);
CREATE UNIQUE INDEX custom_object_by_key ON custom_object (type_id, key);
CREATE INDEX custom_object_by_lead ON custom_object (lead_id) WHERE lead_id IS NOT NULL;

CREATE SEQUENCE program_id;
CREATE SEQUENCE company_id;
CREATE SEQUENCE lead_id;
CREATE SEQUENCE workspace_id;
CREATE SEQUENCE lead_foreign_id_id;
CREATE SEQUENCE lead_cookie_id;
CREATE SEQUENCE lead_crm_key_id;
CREATE SEQUENCE static_list_id;
CREATE SEQUENCE list_member_id;
CREATE SEQUENCE campaign_id;
CREATE SEQUENCE campaign_run_id;
CREATE SEQUENCE list_import_id;
CREATE SEQUENCE activity_id;
CREATE SEQUENCE custom_object_type_id;
CREATE SEQUENCE custom_object_id;
SELECT setval('program_id', max(id)) FROM program HAVING max(id) > 0;
SELECT setval('company_id', max(id)) FROM company HAVING max(id) > 0;
SELECT setval('lead_id', max(id)) FROM lead HAVING max(id) > 0;`,
};
