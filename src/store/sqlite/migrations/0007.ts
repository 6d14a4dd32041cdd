import type { Migration } from '../../migrations.ts';

/**
 * Leads have fields and times. An attribute becomes a value of its field's type; a name without a field becomes a field
 * for text, and so does what a field cannot hold. Tables of what belongs to leads.
 */
export const migration7: Migration = {
  number: 7,
  name: 'leads with fields, lists, campaigns, activities, custom objects',
  sql: `
CREATE TABLE lead_field (folded_name TEXT PRIMARY KEY, name TEXT NOT NULL, data_type TEXT NOT NULL) STRICT;
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

CREATE TABLE lead_value AS
  SELECT l.id AS lead_id, lower(trim(a.key)) AS folded_name, trim(a.key) AS name, f.data_type, a.value AS sent,
    CASE
      WHEN f.data_type IS NULL OR f.data_type IN ('string', 'text', 'phone', 'url', 'email') THEN json_quote(a.value)
      WHEN f.data_type = 'integer' THEN
        CASE WHEN CAST(CAST(trim(a.value) AS INTEGER) AS TEXT) = trim(a.value)
          AND abs(CAST(trim(a.value) AS INTEGER)) <= 2147483647 THEN trim(a.value) END
      WHEN f.data_type IN ('float', 'currency') THEN
        CASE WHEN ltrim(trim(a.value), '-') GLOB '[0-9]*' AND ltrim(trim(a.value), '-') NOT GLOB '*[^0-9.]*'
          AND trim(a.value) NOT GLOB '--*' AND trim(a.value) NOT GLOB '*.*.*' AND trim(a.value) NOT GLOB '*.'
          AND length(trim(a.value)) <= 15
          THEN json_quote(CAST(trim(a.value) AS REAL)) END
      WHEN f.data_type = 'boolean' THEN
        CASE lower(trim(a.value)) WHEN 'true' THEN 'true' WHEN '1' THEN 'true'
          WHEN 'false' THEN 'false' WHEN '0' THEN 'false' END
      WHEN f.data_type = 'date' THEN
        CASE WHEN trim(a.value) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(trim(a.value), '+0 days') = trim(a.value)
          THEN json_quote(trim(a.value)) END
      WHEN f.data_type = 'datetime' THEN
        CASE WHEN trim(a.value) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]*'
          AND date(substr(trim(a.value), 1, 10), '+0 days') = substr(trim(a.value), 1, 10)
          THEN json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', trim(a.value))) END
    END AS held
  FROM lead AS l, json_each(l.attributes) AS a LEFT JOIN lead_field AS f ON f.folded_name = lower(trim(a.key))
  WHERE trim(a.key) <> '' AND lower(trim(a.key)) <> 'email' AND a.value <> '';
CREATE INDEX lead_value_by_lead ON lead_value (lead_id);
UPDATE lead_value SET folded_name = folded_name || ' (as text)', data_type = NULL, held = json_quote(sent),
  name = (SELECT f.name FROM lead_field AS f WHERE f.folded_name = lead_value.folded_name) || ' (as text)'
  WHERE held IS NULL OR held = 'null';
INSERT INTO field_definition (owner, folded_name, name, data_type)
  SELECT 'Lead', folded_name, min(name), 'string' FROM lead_value WHERE data_type IS NULL
    AND folded_name NOT IN (SELECT folded_name FROM lead_field) GROUP BY folded_name;
INSERT OR IGNORE INTO lead_field (folded_name, name, data_type)
  SELECT folded_name, name, data_type FROM field_definition WHERE owner = 'Lead';

ALTER TABLE lead RENAME TO lead_before;
CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  email TEXT,
  email_key TEXT,
  company_id INTEGER,
  workspace_id INTEGER,
  custom TEXT
) STRICT;
INSERT INTO lead (id, created_at, updated_at, email, email_key, company_id, custom)
  SELECT l.id, (SELECT applied_at FROM migration WHERE number = 1), (SELECT applied_at FROM migration WHERE number = 1),
    l.email, CASE WHEN l.email NOT GLOB '*[^ -~]*' AND length(l.email) <= 250 THEN lower(trim(l.email)) END, l.company_id,
    (SELECT json_group_object(f.name, json(v.held)) FROM lead_value AS v JOIN lead_field AS f ON f.folded_name = v.folded_name
      WHERE v.lead_id = l.id HAVING count(*) > 0)
  FROM lead_before AS l;
DROP TABLE lead_before;
DROP TABLE lead_value;
DROP TABLE lead_field;
CREATE INDEX lead_by_company ON lead (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX lead_by_email ON lead (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX lead_by_updated_at ON lead (updated_at);
DELETE FROM key_entry WHERE name_id IN (SELECT id FROM key_name WHERE object_type = 'Lead');
DELETE FROM key_name WHERE object_type = 'Lead';
UPDATE meta SET value = value + 1 WHERE name = 'schema_version';

ALTER TABLE program ADD COLUMN name_key TEXT;
UPDATE program SET name_key = lower(trim(name)) WHERE name NOT GLOB '*[^ -~]*' AND length(name) <= 250;
CREATE INDEX program_by_name ON program (name_key);
ALTER TABLE company ADD COLUMN name_key TEXT;
UPDATE company SET name_key = lower(trim(name)) WHERE name NOT GLOB '*[^ -~]*' AND length(name) <= 250;
CREATE INDEX company_by_name ON company (name_key);
INSERT INTO counter (type, last_id) SELECT 'Program', max(id) FROM program HAVING max(id) > 0;
INSERT INTO counter (type, last_id) SELECT 'Company', max(id) FROM company HAVING max(id) > 0;
INSERT INTO counter (type, last_id) SELECT 'Lead', max(id) FROM lead HAVING max(id) > 0;

CREATE TABLE workspace (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT
) STRICT;
CREATE INDEX workspace_by_name ON workspace (name_key);
CREATE TABLE lead_foreign_id (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX lead_foreign_id_by_value ON lead_foreign_id (type, value);
CREATE INDEX lead_foreign_id_by_lead ON lead_foreign_id (lead_id);
CREATE TABLE lead_cookie (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX lead_cookie_by_value ON lead_cookie (value);
CREATE INDEX lead_cookie_by_lead ON lead_cookie (lead_id);
CREATE TABLE lead_crm_key (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  key TEXT NOT NULL
) STRICT;
CREATE INDEX lead_crm_key_by_key ON lead_crm_key (type, key);
CREATE INDEX lead_crm_key_by_lead ON lead_crm_key (lead_id);

CREATE TABLE static_list (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT,
  program_id INTEGER
) STRICT;
CREATE INDEX static_list_by_name ON static_list (name_key);
CREATE INDEX static_list_by_program ON static_list (program_id);
CREATE TABLE list_member (
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL,
  lead_id INTEGER NOT NULL,
  added_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX list_member_by_list ON list_member (list_id, lead_id);
CREATE INDEX list_member_by_lead ON list_member (lead_id);
CREATE TABLE campaign (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT,
  program_id INTEGER,
  kind TEXT NOT NULL,
  sources TEXT NOT NULL,
  description TEXT
) STRICT;
CREATE INDEX campaign_by_name ON campaign (name_key);
CREATE INDEX campaign_by_program ON campaign (program_id);
CREATE TABLE campaign_run (
  id INTEGER PRIMARY KEY,
  campaign_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  run_at TEXT,
  source TEXT,
  lead_ids TEXT NOT NULL,
  tokens TEXT NOT NULL
) STRICT;
CREATE INDEX campaign_run_by_campaign ON campaign_run (campaign_id);
CREATE TABLE list_import (
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL,
  campaign_id INTEGER,
  at TEXT NOT NULL,
  mode TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  ignored INTEGER NOT NULL,
  summary TEXT NOT NULL,
  tokens TEXT NOT NULL
) STRICT;
CREATE INDEX list_import_by_list ON list_import (list_id);
CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  lead_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  at TEXT NOT NULL,
  asset_name TEXT,
  campaign TEXT,
  attributes TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_lead ON activity (lead_id);
CREATE INDEX activity_by_at ON activity (at);
CREATE TABLE custom_object_type (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT,
  keys TEXT NOT NULL,
  fields TEXT NOT NULL
) STRICT;
CREATE INDEX custom_object_type_by_name ON custom_object_type (name_key);
CREATE TABLE custom_object (
  id INTEGER PRIMARY KEY,
  type_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  lead_id INTEGER,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  attributes TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX custom_object_by_key ON custom_object (type_id, key);
CREATE INDEX custom_object_by_lead ON custom_object (lead_id) WHERE lead_id IS NOT NULL;`,
};
