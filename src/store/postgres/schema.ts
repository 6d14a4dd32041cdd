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
import { isoTime, json, type Row, text, unpackJson, unpackText } from './sql.ts';
import type { Transaction } from './transaction.ts';

/** The definitions of the instance, and the fields in the index of external keys. */
export interface Definitions {
  readonly version: string;
  readonly schema: Schema;
  readonly keyFields: Readonly<Record<ValueType, readonly FieldDefinition[]>>;
}

/** Selects the version of the definitions, which increases with every change. */
export const selectVersion = "SELECT value FROM meta WHERE name = 'schema_version'";
const nextVersion = "UPDATE meta SET value = value + 1 WHERE name = 'schema_version'";

export interface DefinitionCache {
  /**
   * Returns the definitions of this version, cached or read with `run`. `keep`: the version is committed, so it may
   * be cached.
   */
  of(version: string | null | undefined, run: Transaction['run'], keep: boolean): Promise<Definitions>;
  /** Returns the definitions that were last read, if any. */
  last(): Definitions | undefined;
}

/** Creates a cache for the definitions of one version. */
export function definitionCache(): DefinitionCache {
  let cached: Definitions | undefined;
  return {
    async of(version, run, keep) {
      if (cached !== undefined && cached.version === version) return cached;
      const definitions = readDefinitions(await run(selectVersion, ...selectDefinitions));
      if (keep) cached = definitions;
      return definitions;
    },
    last: () => cached,
  };
}

const selectDefinitions: readonly string[] = [
  `SELECT owner, name, display_name, description, data_type, size, reference_to, ${isoTime('defined_at')} ` +
    'FROM field_definition ORDER BY owner, folded_name',
  'SELECT object_type, name FROM key_field ORDER BY object_type, name',
  'SELECT name FROM tag_type ORDER BY position',
  'SELECT tag_type, value FROM tag_value ORDER BY tag_type, position',
  'SELECT name FROM channel ORDER BY position',
  'SELECT channel, status, step, success, attributes FROM channel_status ORDER BY channel, position',
];

const cell = (value: string | null | undefined): string => unpackText(value ?? '');
const orNull = (value: string | null | undefined): string | null =>
  value == null ? null : unpackText(value);

function readDefinitions(answers: readonly Row[][]): Definitions {
  const [version = [], fields = [], keys = [], tagTypes = [], tagValues = [], channels = [], statuses = []] =
    answers;
  const custom = Map.groupBy(fields, ([owner]) => cell(owner));
  const catalogues = Object.fromEntries(
    fieldOwners.map((owner) => [owner, catalogueOf(owner, (custom.get(owner) ?? []).map(toField))]),
  ) as Schema['fields'];
  const values = Map.groupBy(tagValues, ([type]) => cell(type));
  const statusesOf = Map.groupBy(statuses, ([channel]) => cell(channel));
  const schema: Schema = {
    fields: catalogues,
    tags: new Map(
      tagTypes.map(([type]) => [cell(type), (values.get(cell(type)) ?? []).map(([, value]) => cell(value))]),
    ),
    channels: new Map(
      channels.map(([channel]) => [cell(channel), (statusesOf.get(cell(channel)) ?? []).map(toStatus)]),
    ),
  };
  const keyFields = Object.fromEntries(
    valueTypes.map((type) => [
      type,
      keys.filter(([owner]) => owner === type).flatMap(([, name]) => catalogues[type].find(cell(name)) ?? []),
    ]),
  ) as unknown as Definitions['keyFields'];
  return { version: cell(version[0]?.[0]), schema, keyFields };
}

const toStatus = ([, status, step, success, attributes]: Row): ChannelStatus => ({
  status: cell(status),
  step: Number(step),
  success: success === 't',
  attributes: new Map(unpackJson<[string, string][]>(attributes ?? '[]')),
});

const toField = ([
  ,
  name,
  displayName,
  description,
  dataType,
  size,
  references,
  definedAt,
]: Row): FieldDefinition => ({
  name: cell(name),
  displayName: orNull(displayName),
  description: orNull(description),
  dataType: cell(dataType) as FieldDefinition['dataType'],
  size: size == null ? null : Number(size),
  custom: true,
  references: orNull(references) as FieldDefinition['references'],
  ...(definedAt == null ? {} : { definedAt }),
});

/** Returns whether the changes include definitions. */
export const definesAnything = ({ newFields, removedFields = [], schema = {} }: Changes): boolean =>
  newFields.length + removedFields.length > 0 || schema.tags !== undefined || schema.channels !== undefined;

/** Returns the statements that write changed definitions, if any. */
export function schemaStatements(changes: Changes): string[] {
  if (!definesAnything(changes)) return [];
  const { newFields, removedFields = [], schema = {} } = changes;
  return [
    ...removedFields.flatMap(({ owner, name }) => [removeField(owner, name), ...dropKeyField(owner, name)]),
    ...newFields.flatMap(({ owner, field }) => [
      removeField(owner, field.name),
      putField(owner, field),
      ...dropKeyField(owner, field.name),
    ]),
    ...(schema.tags === undefined ? [] : tagStatements(schema.tags)),
    ...(schema.channels === undefined ? [] : channelStatements(schema.channels)),
    nextVersion,
  ];
}

/** Returns the statements that record that a field is now in the index of external keys. */
export const addKeyField = (type: ValueType, field: FieldDefinition): string[] => [
  `INSERT INTO key_field (object_type, name) VALUES (${text(type)}, ${text(foldName(field.name))})`,
  nextVersion,
];

const removeField = (owner: FieldOwner, name: string): string =>
  `DELETE FROM field_definition WHERE owner = ${text(owner)} AND folded_name = ${text(foldName(name))}`;

function putField(owner: FieldOwner, field: FieldDefinition): string {
  const { name, displayName, description, dataType, size, references, definedAt = null } = field;
  const cells = [
    owner,
    foldName(name),
    name,
    displayName,
    description,
    dataType,
    size,
    references,
    definedAt,
  ];
  return (
    'INSERT INTO field_definition ' +
    '(owner, folded_name, name, display_name, description, data_type, size, reference_to, defined_at) ' +
    `VALUES (${cells.map((each) => (each === null ? 'NULL' : text(String(each)))).join(', ')})`
  );
}

/** Drops the index entries of a redefined field. They are rebuilt when the key is next used. */
function dropKeyField(owner: FieldOwner, name: string): string[] {
  if (owner === 'Company') return [];
  const where = `object_type = ${text(owner)} AND name = ${text(foldName(name))}`;
  return [
    `DELETE FROM external_key WHERE ${where} AND NOT loose AND ` +
      `EXISTS (SELECT FROM key_field WHERE ${where})`,
    `DELETE FROM key_field WHERE ${where}`,
  ];
}

const insertFrom = (table: string, columns: string, types: string, rows: readonly object[]): string =>
  `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_to_recordset(${json(rows)}) AS sent(${types})`;

function tagStatements(tags: Schema['tags']): string[] {
  const types = [...tags.keys()].map((name, position) => ({ name, position }));
  const values = [...tags].flatMap(([type, all]) =>
    all.map((value, position) => ({ tag_type: type, position, value })),
  );
  return [
    'DELETE FROM tag_value',
    'DELETE FROM tag_type',
    insertFrom('tag_type', 'name, position', 'name text, position integer', types),
    insertFrom(
      'tag_value',
      'tag_type, position, value',
      'tag_type text, position integer, value text',
      values,
    ),
  ];
}

function channelStatements(channels: Schema['channels']): string[] {
  const names = [...channels.keys()].map((name, position) => ({ name, position }));
  const statuses = [...channels].flatMap(([channel, all]) =>
    all.map(({ status, step, success, attributes }, position) => ({
      channel,
      position,
      status,
      step,
      success,
      attributes: [...attributes],
    })),
  );
  return [
    'DELETE FROM channel_status',
    'DELETE FROM channel',
    insertFrom('channel', 'name, position', 'name text, position integer', names),
    insertFrom(
      'channel_status',
      'channel, position, status, step, success, attributes',
      'channel text, position integer, status text, step bigint, success boolean, attributes jsonb',
      statuses,
    ),
  ];
}
