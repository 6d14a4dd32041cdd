import type { FieldDefinition } from '../../contract/fields.ts';
import { byType, type Records, type RecordType } from '../../records/all.ts';
import { fieldKinds } from '../../records/column.ts';
import type { FieldValue } from '../../records/field-values.ts';
import { type RowCodec, rowCodec, type StoredKinds } from '../row-codec.ts';

/** A column value. */
export type Cell = string | number | null;
export type Row = readonly Cell[];
type Value = string | number;

const toJson = (entries: Iterable<readonly [string, FieldValue]>): string =>
  JSON.stringify(Object.fromEntries(entries));

/** The SQLite representation of each kind of value. */
export const kinds: StoredKinds<Value, Value> = {
  id: { sql: 'INTEGER' },
  text: { sql: 'TEXT' },
  integer: { sql: 'INTEGER' },
  number: { sql: 'REAL' },
  boolean: { sql: 'INTEGER', read: (cell) => cell === 1, write: Number },
  date: { sql: 'TEXT' },
  time: { sql: 'TEXT' },
  texts: { sql: 'TEXT', read: (cell) => new Map(Object.entries(JSON.parse(String(cell)))), write: toJson },
  json: { sql: 'TEXT', read: (cell) => JSON.parse(String(cell)), write: (value) => JSON.stringify(value) },
  custom: { sql: 'TEXT', read: (cell) => JSON.parse(String(cell)), write: toJson },
};

/** Converts between records and SQLite rows. */
export type SqliteCodec<Record> = RowCodec<Record, Value, Value>;
export type SqliteCodecs = { readonly [Type in RecordType]: SqliteCodec<Records[Type]> };

/** The codec of each record type. */
export const codecs = byType(({ name }) => rowCodec(name as RecordType, kinds)) as unknown as SqliteCodecs;

/** Converts a column value to a field value. */
export function fromCell({ dataType }: FieldDefinition, cell: Value): FieldValue {
  const { read } = kinds[fieldKinds[dataType]];
  return (read === undefined ? cell : read(cell)) as FieldValue;
}

/** Returns the value of a custom field from the column `custom`. */
export const fromCustom = (custom: string, name: string): FieldValue | undefined =>
  new Map<string, FieldValue>(Object.entries(JSON.parse(custom))).get(name);
