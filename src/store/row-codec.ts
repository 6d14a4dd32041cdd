import { isDeepStrictEqual } from 'node:util';
import type { ValueType } from '../contract/fields.ts';
import { declarationOf, type Records, type RecordType } from '../records/all.ts';
import type { Column, Columns, Kind } from '../records/column.ts';
import type { Declaration, PartRow, RowsPart } from '../records/declare.ts';
import { type FieldValue, type FieldValues, fieldValuesOfRow } from '../records/field-values.ts';
import { foldedText } from '../rules/lookups.ts';
import { type ColumnKind, columnsOf, fieldColumns, partColumns, type TableColumn } from './columns.ts';
import { StoreError } from './store.ts';

/** The stored form of a kind in an engine. Without `read` or `write` the cell is the value itself. */
export interface StoredKind<Read, Written> {
  /** The type of the column in SQL. */
  readonly sql: string;
  readonly read?: (cell: Read) => unknown;
  readonly write?: (value: never) => Written;
}
export type StoredKinds<Read, Written> = Readonly<Record<ColumnKind, StoredKind<Read, Written>>>;

/** Changed cells of a row. */
export interface RowDifference<Written> {
  /** Indexes into the columns. */
  readonly columns: number[];
  /** Their new values, in the same order. */
  readonly cells: (Written | null)[];
}

/**
 * Converts between records of a type and rows of their table. Does not include parts: `toRecord` leaves them empty.
 */
export interface RowCodec<Row, Read, Written> {
  readonly table: string;
  /** In the order of a row's cells, `id` first. */
  readonly columns: readonly TableColumn[];
  toRow(record: Row): (Written | null)[];
  toRecord(row: readonly (Read | null)[]): Row;
  /** Compares two records of one id. */
  difference(before: Row, after: Row): RowDifference<Written>;
}

type Cells<Cell> = (Cell | null)[];
type Properties = Readonly<Record<string, unknown>>;
type Read = (cell: never) => unknown;
type Write = (value: never) => unknown;

/** Creates the codec of a record type for an engine. */
export function rowCodec<Type extends RecordType, ReadCell, Written>(
  type: Type,
  kinds: StoredKinds<ReadCell, Written>,
): RowCodec<Records[Type], ReadCell, Written> {
  const declaration: Declaration = declarationOf[type];
  const columns = columnsOf(declaration);
  const properties = propertiesCodec(declaration.columns, kinds);
  const values = declaration.fields === undefined ? undefined : valuesCodec(declaration, columns, kinds);
  const parts = Object.entries(declaration.parts);

  return {
    table: declaration.table,
    columns,
    toRow(record) {
      const row = properties.toRow(record);
      values?.addCells(row, (record as unknown as { values: FieldValues }).values);
      return row as Cells<Written>;
    },
    toRecord(row) {
      const record = properties.toRecord(row);
      if (values !== undefined) record.values = values.read(row, record.id as number);
      for (const [property, part] of parts) record[property] = part.kind === 'rows' ? [] : new Map();
      return record as Records[Type];
    },
    difference(before, after) {
      const difference: RowDifference<Written> = { columns: [], cells: [] };
      properties.addDifference(difference, before as Properties, after as Properties);
      if (values !== undefined) {
        const { values: was } = before as unknown as { values: FieldValues };
        values.addDifference(difference, was, (after as unknown as { values: FieldValues }).values);
      }
      return difference;
    },
  };
}

/** Converts between rows of a part and rows of its table, whose last column is the owner's id. */
export interface PartCodec<Part extends RowsPart, Read, Written> {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  toRow(part: PartRow<Part>, ownerId: number): (Written | null)[];
  toPart(row: readonly (Read | null)[]): PartRow<Part>;
  areEqual(some: PartRow<Part>, other: PartRow<Part>): boolean;
}

/** Creates the codec of a part for an engine. */
export function partCodec<Part extends RowsPart, ReadCell, Written>(
  part: Part,
  owner: Declaration,
  kinds: StoredKinds<ReadCell, Written>,
): PartCodec<Part, ReadCell, Written> {
  const properties = propertiesCodec(part.columns, kinds);
  return {
    table: part.table,
    columns: partColumns(part, owner),
    toRow: (row, ownerId) => [...properties.toRow(row as Properties), ownerId] as Cells<Written>,
    toPart: (row) => properties.toRecord(row) as PartRow<Part>,
    areEqual(some, other) {
      if (some === other) return true;
      const difference: RowDifference<Written> = { columns: [], cells: [] };
      properties.addDifference(difference, some as Properties, other as Properties);
      return difference.columns.length === 0;
    },
  };
}

/** Reads and writes `id` and properties. Compiled once, so that a row costs a few calls and no lookups. */
function propertiesCodec<ReadCell, Written>(columns: Columns, kinds: StoredKinds<ReadCell, Written>) {
  const names = Object.keys(columns);
  const kindOf = (name: string): Kind => columns[name]?.kind ?? 'text';
  const reads = ['id' as Kind, ...names.map(kindOf)].map((kind) => kinds[kind].read as Read | undefined);
  const writes = names.map((name) => writeOf(columns[name], kinds));
  /** The property whose value each column holds. */
  const sources = names.map((name) => columns[name]?.foldedOf ?? name);
  const isRead = names.map((name, index) => sources[index] === name);
  const equals = names.map((name) => areContentsEqual[kindOf(name)]);

  return {
    toRow(record: Properties): unknown[] {
      const row: unknown[] = [record.id];
      for (let index = 0; index < names.length; index++) {
        row.push(written(record[sources[index] as string], writes[index]));
      }
      return row;
    },
    toRecord(row: readonly unknown[]): Record<string, unknown> {
      const record: Record<string, unknown> = { id: readCell(row[0], reads[0]) };
      for (let index = 0; index < names.length; index++) {
        if (isRead[index]) record[names[index] as string] = readCell(row[index + 1], reads[index + 1]);
      }
      return record;
    },
    addDifference(
      { columns: changed, cells }: RowDifference<Written>,
      before: Properties,
      after: Properties,
    ) {
      for (let index = 0; index < names.length; index++) {
        const source = sources[index] as string;
        const was = before[source];
        const is = after[source];
        if (was === is || equals[index]?.(was, is)) continue;
        changed.push(index + 1);
        cells.push(written(is, writes[index]) as Written | null);
      }
    },
  };
}

/** Returns how values of a column are written: a folded column folds them first. */
function writeOf<ReadCell, Written>(
  column: Column | undefined,
  kinds: StoredKinds<ReadCell, Written>,
): Write | undefined {
  const write = kinds[column?.kind ?? 'text'].write as Write | undefined;
  if (column?.foldedOf === undefined) return write;
  return (value: string) => written(foldedText(value), write);
}

const readCell = (cell: unknown, read: Read | undefined): unknown =>
  cell == null ? null : read === undefined ? cell : read(cell as never);

const written = (value: unknown, write: Write | undefined): unknown =>
  value == null ? null : write === undefined ? value : write(value as never);

/** Compares values of kinds that are no plain values. */
const areContentsEqual: Partial<Record<Kind, (some: unknown, other: unknown) => boolean>> = {
  texts: areTextsEqual,
  json: isDeepStrictEqual,
};

function areTextsEqual(some: unknown, others: unknown): boolean {
  const [a, b] = [some, others] as ReadonlyMap<string, string>[];
  if (a === undefined || b === undefined || a.size !== b.size) return false;
  for (const [name, value] of a) if (b.get(name) !== value) return false;
  return true;
}

/** Reads and writes field values: one cell for each standard field, and a last one for all custom fields. */
function valuesCodec<ReadCell, Written>(
  { name, table }: Declaration,
  columns: readonly TableColumn[],
  kinds: StoredKinds<ReadCell, Written>,
) {
  const type = name as ValueType;
  const customColumn = columns.length - 1;
  const firstField = customColumn - fieldColumns[type].length;
  const stored = columns.slice(firstField, customColumn).map(({ kind }) => kinds[kind]);
  const reads = stored.map(({ read }) => read as Read | undefined);
  const writes = stored.map(({ write }) => write as Write | undefined);
  const readPlaces = reads.flatMap((read, place) => (read === undefined ? [] : [place]));
  const writtenPlaces = writes.flatMap((write, place) => (write === undefined ? [] : [place]));
  const { read: readCustom, write: writeCustom } = kinds.custom as {
    readonly read: Read;
    readonly write: Write;
  };

  const customCell = ({ custom }: FieldValues) => (custom.size === 0 ? null : writeCustom(custom as never));

  function customOf(cell: unknown, id: number): Record<string, FieldValue> {
    try {
      return readCustom(cell as never) as Record<string, FieldValue>;
    } catch (cause) {
      throw new StoreError(`The column custom of ${table} ${id} holds no JSON; see "mktows check"`, {
        cause,
      });
    }
  }

  return {
    addCells(row: unknown[], values: FieldValues): void {
      row.push(...values.standard);
      for (const place of writtenPlaces) {
        row[firstField + place] = written(values.standard[place], writes[place]);
      }
      row.push(customCell(values));
    },
    read(row: readonly unknown[], id: number): FieldValues {
      const own = row.slice(firstField, customColumn) as (FieldValue | null)[];
      for (const place of readPlaces) own[place] = readCell(own[place], reads[place]) as FieldValue | null;
      const custom = row[customColumn];
      return fieldValuesOfRow(type, own, custom == null ? undefined : () => customOf(custom, id));
    },
    addDifference(
      { columns: changed, cells }: RowDifference<Written>,
      before: FieldValues,
      after: FieldValues,
    ) {
      const was = before.standard;
      const is = after.standard;
      for (let place = 0; place < is.length; place++) {
        if (is[place] === was[place]) continue;
        changed.push(firstField + place);
        cells.push(written(is[place], writes[place]) as Written | null);
      }
      if (before.agreesInCustom(after)) return;
      changed.push(customColumn);
      cells.push(customCell(after) as Written | null);
    },
  };
}
