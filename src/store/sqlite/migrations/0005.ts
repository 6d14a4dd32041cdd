import type { Migration } from '../../migrations.ts';

/** The index of external keys holds a number for each name. The old table lives on as a view. */
export const migration5: Migration = {
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
};
