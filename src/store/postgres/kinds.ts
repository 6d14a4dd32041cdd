import type { FieldDefinition } from '../../contract/fields.ts';
import { byType, type Records, type RecordType } from '../../records/all.ts';
import { fieldKinds } from '../../records/column.ts';
import type { FieldValue } from '../../records/field-values.ts';
import type { TableColumn } from '../columns.ts';
import { type RowCodec, rowCodec, type StoredKinds } from '../row-codec.ts';
import { isoTime, timestamp, unpackJson, unpackText } from './sql.ts';

/**
 * The PostgreSQL representation of each kind of value. Cells are read in text form and sent as JSON; those of jsonb
 * columns are sent as the value itself.
 */
export const kinds: StoredKinds<string, unknown> = {
  id: { sql: 'bigint', read: Number },
  text: { sql: 'text', read: unpackText },
  integer: { sql: 'bigint', read: Number },
  number: { sql: 'double precision', read: Number },
  boolean: { sql: 'boolean', read: (cell) => cell === 't' },
  date: { sql: 'date' },
  time: { sql: 'timestamptz', write: timestamp },
  texts: {
    sql: 'jsonb',
    read: (cell) => new Map(Object.entries(unpackJson<Record<string, string>>(cell))),
    write: (texts: ReadonlyMap<string, string>) => Object.fromEntries(texts),
  },
  json: { sql: 'json', read: unpackJson },
  custom: {
    sql: 'jsonb',
    read: unpackJson,
    write: (values: ReadonlyMap<string, FieldValue>) => Object.fromEntries(values),
  },
};

/** Converts between records and PostgreSQL rows. */
export type PostgresCodec<Record> = RowCodec<Record, string, unknown>;
export type PostgresCodecs = { readonly [Type in RecordType]: PostgresCodec<Records[Type]> };

/** The codec of each record type. */
export const codecs = byType(({ name }) => rowCodec(name as RecordType, kinds)) as unknown as PostgresCodecs;

/** Returns the expression that selects a column in the form that `kinds` reads. */
export function selectExpression({ name, kind }: Pick<TableColumn, 'name' | 'kind'>): string {
  if (kind === 'time') return isoTime(name);
  return kind === 'date' ? `to_char(${name}, 'YYYY-MM-DD')` : name;
}

/** Returns the select list for these columns. */
export const selectList = (columns: readonly TableColumn[]): string =>
  columns.map(selectExpression).join(', ');

/** Converts a column value to a field value. */
export function fromCell({ dataType }: FieldDefinition, cell: string): FieldValue {
  const { read } = kinds[fieldKinds[dataType]];
  return (read === undefined ? cell : read(cell)) as FieldValue;
}
