import type { DatabaseSync } from 'node:sqlite';
import type { DataType, StoredType } from '../../contract/fields.ts';
import { fieldColumns } from '../columns.ts';
import { type MigrationStep, StoreError } from '../store.ts';
import { locationOf } from './location.ts';
import { command, rowQuery, valueQuery } from './statements.ts';

/** Marks the file as ours: "mkto". */
export const APPLICATION_ID = 0x6d6b746f;

/** A step of the database's history. Never changed once it was released, only followed by another. */
interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const columnTypes: Readonly<Record<DataType, string>> = {
  string: 'TEXT',
  text: 'TEXT',
  phone: 'TEXT',
  url: 'TEXT',
  email: 'TEXT',
  integer: 'INTEGER',
  float: 'REAL',
  currency: 'REAL',
  boolean: 'INTEGER',
  date: 'TEXT',
  datetime: 'TEXT',
  reference: 'INTEGER',
};

const standardColumns = (type: StoredType): string =>
  fieldColumns[type]
    .map(({ field, column }) => {
      const check = field.dataType === 'boolean' ? ` CHECK (${column} IN (0, 1))` : '';
      return `  ${column} ${columnTypes[field.dataType]}${check},\n`;
    })
    .join('');

const migrations: readonly Migration[] = [
  {
    number: 1,
    name: 'records, definitions, journal, users',
    sql: `
CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY,
${standardColumns('Opportunity')}  custom TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX opportunity_by_company ON opportunity (company_id) WHERE company_id IS NOT NULL;

CREATE TABLE opportunity_person_role (
  id INTEGER PRIMARY KEY,
${standardColumns('OpportunityPersonRole')}  custom TEXT,
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
) STRICT, WITHOUT ROWID;
INSERT INTO server_secret (name, value) VALUES ('stream position', randomblob(32));`,
  },
  {
    number: 2,
    name: 'call ids and unknown outcomes in the journal',
    sql: `
ALTER TABLE journal ADD COLUMN call_id TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN outcome_unknown INTEGER NOT NULL DEFAULT 0 CHECK (outcome_unknown IN (0, 1));`,
  },
  {
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
  },
  {
    number: 4,
    name: 'index of companies when a query first needs it',
    sql: 'DROP INDEX opportunity_by_company;',
  },
  {
    number: 5,
    name: 'index of external keys with numbers for names',
    sql: `
CREATE TABLE key_name (
  id INTEGER PRIMARY KEY,
  object_type TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (object_type, name)
) STRICT;
CREATE TABLE key_entry (
  name_id INTEGER NOT NULL,
  value TEXT NOT NULL,
  object_id INTEGER NOT NULL,
  loose INTEGER NOT NULL CHECK (loose IN (0, 1)),
  spelled_name TEXT,
  PRIMARY KEY (name_id, value, object_id, loose)
) STRICT, WITHOUT ROWID;
INSERT INTO key_name (object_type, name)
  SELECT DISTINCT object_type, name FROM external_key ORDER BY object_type, name;
INSERT INTO key_entry (name_id, value, object_id, loose, spelled_name)
  SELECT n.id, k.value, k.object_id, k.loose, k.spelled_name
  FROM key_name AS n CROSS JOIN external_key AS k ON k.object_type = n.object_type AND k.name = n.name
  ORDER BY n.object_type, n.name, k.value, k.object_id, k.loose;
DROP TABLE external_key;
CREATE INDEX loose_key_by_object ON key_entry (object_id, name_id) WHERE loose;
CREATE VIEW external_key (object_type, name, value, object_id, loose, spelled_name) AS
  SELECT n.object_type, n.name, e.value, e.object_id, e.loose, e.spelled_name
  FROM key_entry AS e JOIN key_name AS n ON n.id = e.name_id;
CREATE TRIGGER external_key_insert INSTEAD OF INSERT ON external_key BEGIN
  INSERT INTO key_name (object_type, name)
    SELECT NEW.object_type, NEW.name
    WHERE NOT EXISTS (SELECT 1 FROM key_name WHERE object_type = NEW.object_type AND name = NEW.name);
  INSERT INTO key_entry (name_id, value, object_id, loose, spelled_name)
    SELECT id, NEW.value, NEW.object_id, NEW.loose, NEW.spelled_name
    FROM key_name WHERE object_type = NEW.object_type AND name = NEW.name;
END;
CREATE TRIGGER external_key_delete INSTEAD OF DELETE ON external_key BEGIN
  DELETE FROM key_entry
    WHERE name_id = (SELECT id FROM key_name WHERE object_type = OLD.object_type AND name = OLD.name)
    AND value = OLD.value AND object_id = OLD.object_id AND loose = OLD.loose;
END;
CREATE TRIGGER external_key_update INSTEAD OF UPDATE ON external_key BEGIN
  DELETE FROM external_key
    WHERE object_type = OLD.object_type AND name = OLD.name
    AND value = OLD.value AND object_id = OLD.object_id AND loose = OLD.loose;
  INSERT INTO external_key (object_type, name, value, object_id, loose, spelled_name)
    VALUES (NEW.object_type, NEW.name, NEW.value, NEW.object_id, NEW.loose, NEW.spelled_name);
END;`,
  },
];

/** Throws if the file is another application's database. Reads only. */
export function assertOurs(db: DatabaseSync): void {
  if (valueQuery<[], number>(db, 'PRAGMA application_id').get() === APPLICATION_ID) return;
  if (valueQuery<[], number>(db, 'SELECT count(*) FROM sqlite_master').get() === 0) return;
  throw new StoreError(`SQLite database ${locationOf(db)} belongs to another application; use another file`, {
    failure: 'unusable',
  });
}

/** Which migrations were applied; of undefined, which is a database that is not there yet, none. Reads only. */
export function migrationSteps(db: DatabaseSync | undefined): MigrationStep[] {
  if (db !== undefined) assertOurs(db);
  const applied = new Map(db === undefined ? [] : appliedSteps(db));
  if (db !== undefined) assertKnown(locationOf(db), Math.max(0, ...applied.keys()));
  return migrations.map(({ number, name }) => ({ number, name, appliedAt: applied.get(number) ?? null }));
}

function appliedSteps(db: DatabaseSync): [number: number, appliedAt: string][] {
  const isOurs = valueQuery<[], number>(db, "SELECT 1 FROM sqlite_master WHERE name = 'migration'").get();
  if (isOurs === undefined) return [];
  return rowQuery<[], [number, string]>(db, 'SELECT number, applied_at FROM migration').all();
}

function assertKnown(name: string, reached: number): void {
  const newest = migrations.at(-1)?.number ?? 0;
  if (reached <= newest) return;
  throw new StoreError(
    `SQLite database ${name} was written by a newer version of mktows (its form is ${reached}, ` +
      `this version knows ${newest}); upgrade mktows, or use another file`,
    { failure: 'newer' },
  );
}

/** Brings the database to the newest form, in one transaction. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function migrate(db: DatabaseSync, now: string): void {
  inTransaction(db, () => {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec(
      'CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
    );
    const reached = valueQuery<[], number>(db, 'SELECT coalesce(max(number), 0) FROM migration').get() ?? 0;
    assertKnown(locationOf(db), reached);
    const record = command<[number, string, string]>(
      db,
      'INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)',
    );
    for (const { number, name, sql } of migrations) {
      if (number <= reached) continue;
      db.exec(sql);
      record.run(number, name, now);
    }
  });
}

/** Some failures, a full disk for one, have ended the transaction already. */
function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
