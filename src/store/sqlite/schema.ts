import type { DatabaseSync } from 'node:sqlite';
import { type FieldDefinition, type ValueType, valueTypes } from '../../contract/fields.ts';
import type { Changes } from '../../rules/facts.ts';
import {
  type ChannelStatus,
  catalogueOf,
  type FieldOwner,
  fieldOwners,
  foldName,
  type Schema,
} from '../../rules/schema.ts';
import { keyNameId } from './key-names.ts';
import { command, objectQuery, valueQuery } from './statements.ts';
import { viewStatements } from './views.ts';

/** The definitions of the instance, and the fields in the index of external keys. */
export interface Definitions {
  readonly schema: Schema;
  readonly keyFields: Readonly<Record<ValueType, readonly FieldDefinition[]>>;
}

export interface SchemaTables {
  /** Returns the current definitions. Reads the tables only after a change by this process or another. */
  current(): Definitions;
  /** Returns the definitions if they are known to be current without reading tables. Needs no transaction. */
  unchanged(): Definitions | undefined;
  /** Returns the definitions that were last read, if any. */
  last(): Definitions | undefined;
  write(changes: Changes): void;
  /** Records that a field is now in the index of external keys. */
  addKeyField(type: ValueType, field: FieldDefinition): void;
  /** Called when the tables were replaced inside the current transaction. */
  replaced(): void;
  /** Called when a transaction begins. The transaction sees the state of this `data_version`. */
  begun(version: number): void;
  ended(): void;
  /** Called when a transaction is rolled back, since the definitions it read may never have been committed. */
  forget(): void;
}

/** Accesses the tables of fields, tags and channels. */
export function schemaTables(db: DatabaseSync): SchemaTables {
  const read = schemaReader(db);
  const writes = schemaWriter(db);
  const dataVersion = valueQuery<[], number>(db, 'PRAGMA data_version');
  const schemaVersion = valueQuery<[], number>(db, "SELECT value FROM meta WHERE name = 'schema_version'");
  const nextVersion = command(db, "UPDATE meta SET value = value + 1 WHERE name = 'schema_version'");
  const addKeyField = command<[string, string]>(
    db,
    'INSERT INTO key_field (object_type, name) VALUES (?, ?)',
  );
  /** Set inside a transaction; outside, SQLite is asked. */
  let transactionVersion: number | undefined;
  const versionNow = () => transactionVersion ?? dataVersion.get() ?? 0;
  let cached: { definitions: Definitions; dataVersion: number; schemaVersion: number } | undefined;

  function changed(): void {
    nextVersion.run();
    cached = undefined;
  }

  function current(): Definitions {
    const known = unchanged();
    if (known !== undefined) return known;
    const data = versionNow();
    const version = schemaVersion.get() ?? 0;
    const definitions = cached?.schemaVersion === version ? cached.definitions : read();
    cached = { definitions, dataVersion: data, schemaVersion: version };
    return definitions;
  }

  function replaceViews(): void {
    for (const statement of viewStatements(db, current().schema)) db.exec(statement);
  }

  function unchanged(): Definitions | undefined {
    return cached !== undefined && cached.dataVersion === versionNow() ? cached.definitions : undefined;
  }

  return {
    unchanged,
    last: () => cached?.definitions,
    current,
    write(changes) {
      const { newFields, removedFields = [], schema = {} } = changes;
      if (newFields.length + removedFields.length === 0 && !schema.tags && !schema.channels) return;
      writes.fields(changes);
      if (schema.tags) writes.tags(schema.tags);
      if (schema.channels) writes.channels(schema.channels);
      changed();
      if (newFields.length + removedFields.length > 0) replaceViews();
    },
    addKeyField(type, field) {
      addKeyField.run(type, foldName(field.name));
      changed();
    },
    replaced() {
      changed();
      replaceViews();
    },
    begun(version) {
      transactionVersion = version;
    },
    ended() {
      transactionVersion = undefined;
    },
    forget() {
      cached = undefined;
    },
  };
}

interface FieldRow {
  owner: string;
  name: string;
  display_name: string | null;
  description: string | null;
  data_type: FieldDefinition['dataType'];
  size: number | null;
  reference_to: FieldDefinition['references'];
  defined_at: string | null;
}

function schemaReader(db: DatabaseSync): () => Definitions {
  const fields = objectQuery<[], FieldRow>(db, 'SELECT * FROM field_definition');
  const keyFields = valueQuery<[string], string>(db, 'SELECT name FROM key_field WHERE object_type = ?');
  const tagTypes = valueQuery<[], string>(db, 'SELECT name FROM tag_type ORDER BY position');
  const tagValues = valueQuery<[string], string>(
    db,
    'SELECT value FROM tag_value WHERE tag_type = ? ORDER BY position',
  );
  const channels = valueQuery<[], string>(db, 'SELECT name FROM channel ORDER BY position');
  const statuses = objectQuery<
    [string],
    { status: string; step: number; success: number; attributes: string }
  >(db, 'SELECT status, step, success, attributes FROM channel_status WHERE channel = ? ORDER BY position');

  return () => {
    const custom = Map.groupBy(fields.all(), ({ owner }) => owner);
    const catalogues = Object.fromEntries(
      fieldOwners.map((owner) => [owner, catalogueOf(owner, (custom.get(owner) ?? []).map(toField))]),
    ) as Record<FieldOwner, ReturnType<typeof catalogueOf>>;
    const schema: Schema = {
      fields: catalogues,
      tags: new Map(tagTypes.all().map((type) => [type, tagValues.all(type)])),
      channels: new Map(
        channels.all().map((channel): [string, ChannelStatus[]] => [
          channel,
          statuses.all(channel).map(({ status, step, success, attributes }) => ({
            status,
            step,
            success: success === 1,
            attributes: new Map(JSON.parse(attributes) as [string, string][]),
          })),
        ]),
      ),
    };
    const inIndex = Object.fromEntries(
      valueTypes.map((type) => [
        type,
        keyFields.all(type).flatMap((name) => catalogues[type].find(name) ?? []),
      ]),
    ) as Record<ValueType, FieldDefinition[]>;
    return { schema, keyFields: inIndex };
  };
}

const toField = (row: FieldRow): FieldDefinition => ({
  name: row.name,
  displayName: row.display_name,
  description: row.description,
  dataType: row.data_type,
  size: row.size,
  custom: true,
  references: row.reference_to,
  ...(row.defined_at === null ? {} : { definedAt: row.defined_at }),
});

function schemaWriter(db: DatabaseSync) {
  const putField = command(
    db,
    'INSERT OR REPLACE INTO field_definition ' +
      '(owner, folded_name, name, display_name, description, data_type, size, reference_to, defined_at) ' +
      'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const removeField = command(db, 'DELETE FROM field_definition WHERE owner = ? AND folded_name = ?');
  const unregister = command(db, 'DELETE FROM key_field WHERE object_type = ? AND name = ?');
  const clearKeys = command(db, `DELETE FROM key_entry WHERE name_id = ${keyNameId} AND loose = 0`);
  const addTagType = command(db, 'INSERT INTO tag_type (name, position) VALUES (?, ?)');
  const addTagValue = command(db, 'INSERT INTO tag_value (tag_type, position, value) VALUES (?, ?, ?)');
  const addChannel = command(db, 'INSERT INTO channel (name, position) VALUES (?, ?)');
  const addStatus = command(
    db,
    'INSERT INTO channel_status (channel, position, status, step, success, attributes) VALUES (?, ?, ?, ?, ?, ?)',
  );

  /** Drops the index entries of a redefined field. They are rebuilt when the key is next used. */
  function dropKeyField(owner: FieldOwner, foldedName: string): void {
    if (owner === 'Company') return;
    if (unregister.run(owner, foldedName).changes > 0) clearKeys.run(owner, foldedName);
  }

  return {
    fields({ newFields, removedFields = [] }: Changes): void {
      for (const { owner, name } of removedFields) {
        removeField.run(owner, foldName(name));
        dropKeyField(owner, foldName(name));
      }
      for (const { owner, field } of newFields) {
        const { name, displayName, description, dataType, size, references, definedAt = null } = field;
        const described = [displayName, description, dataType, size, references, definedAt];
        putField.run(owner, foldName(name), name, ...described);
        dropKeyField(owner, foldName(name));
      }
    },
    tags(tags: Schema['tags']): void {
      db.exec('DELETE FROM tag_value; DELETE FROM tag_type');
      for (const [position, [type, values]] of [...tags].entries()) {
        addTagType.run(type, position);
        for (const [index, value] of values.entries()) addTagValue.run(type, index, value);
      }
    },
    channels(channels: Schema['channels']): void {
      db.exec('DELETE FROM channel_status; DELETE FROM channel');
      for (const [position, [channel, statuses]] of [...channels].entries()) {
        addChannel.run(channel, position);
        for (const [index, { status, step, success, attributes }] of statuses.entries()) {
          addStatus.run(channel, index, status, step, Number(success), JSON.stringify([...attributes]));
        }
      }
    },
  };
}
