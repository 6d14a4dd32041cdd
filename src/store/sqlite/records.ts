import type { DatabaseSync } from 'node:sqlite';
import { byType, declarationOf, type Records, type RecordType } from '../../records/all.ts';
import type { Declaration, Part } from '../../records/declare.ts';
import { ownerColumn } from '../columns.ts';
import { partCodec } from '../row-codec.ts';
import { type Cell, codecs, kinds, type Row, type SqliteCodec } from './kinds.ts';
import { rowQuery } from './statements.ts';

/** Reads the records of one type. */
export interface RecordReader<Record> {
  /**
   * Returns the existing records, in the order of the ids. `partIds`: loads only these parts, of parts that have ids.
   */
  byIds(ids: readonly number[], partIds?: readonly number[]): Record[];
  /** Returns all records, ascending by id. */
  all(): Record[];
  /** Returns up to `limit` records with a higher id, ascending by id. */
  after(id: number, limit: number): Record[];
}
export type RecordReaders = { readonly [Type in RecordType]: RecordReader<Records[Type]> };

/** Creates the readers of all types. */
export function recordReaders(db: DatabaseSync): RecordReaders {
  return byType(({ name }) => typeReader(db, name as RecordType)) as RecordReaders;
}

function typeReader<Type extends RecordType>(db: DatabaseSync, type: Type): RecordReader<Records[Type]> {
  const rows = rowReader(db, type);
  const declaration: Declaration = declarationOf[type];
  const parts = Object.entries(declaration.parts).map(([property, part]) =>
    partReader(db, property, part, declaration),
  );
  if (parts.length === 0) return rows;

  function withParts(records: Records[Type][], rowsOf: (part: PartReader) => Row[]): Records[Type][] {
    if (records.length === 0) return [];
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const part of parts) part.add(rowsOf(part), byId);
    return records;
  }

  return {
    byIds: (ids, partIds) => withParts(rows.byIds(ids), (part) => part.byIds(ids, partIds)),
    all: () => withParts(rows.all(), (part) => part.all()),
    after(id, limit) {
      const found = rows.after(id, limit);
      return withParts(found, (part) => part.between(id, found.at(-1)?.id ?? id));
    },
  };
}

function rowReader<Type extends RecordType>(db: DatabaseSync, type: Type): RecordReader<Records[Type]> {
  const { table, columns, toRecord } = codecs[type] as SqliteCodec<Records[Type]>;
  const names = columns.map(({ name }) => name);
  const select = `SELECT ${names.join(', ')} FROM ${table}`;
  const { all, between } = rangeReader(db, select, 'id', 'id');
  const byIds = idReader(
    db,
    `${select} WHERE id = ?`,
    // A join keeps the order of the ids; IN would sort them into a temporary table.
    `SELECT ${names.map((name) => `found.${name}`).join(', ')} ` +
      `FROM json_each(?) AS asked CROSS JOIN ${table} AS found ON found.id = asked.value`,
  );
  return {
    byIds: (ids) => byIds(ids).map(toRecord),
    all: () => all().map(toRecord),
    after: (id, limit) => between(id, Number.MAX_SAFE_INTEGER, limit).map(toRecord),
  };
}

/** Creates a reader for one id, or for several passed as JSON. */
function idReader(db: DatabaseSync, ofOne: string, ofSeveral: string): (ids: readonly number[]) => Row[] {
  const one = rowQuery<[number], Row>(db, ofOne);
  const several = rowQuery<[string], Row>(db, ofSeveral);
  return (ids) => {
    const [first] = ids;
    if (first === undefined) return [];
    return ids.length === 1 ? one.all(first) : several.all(JSON.stringify(ids));
  };
}

/** Creates a reader for all rows, or for a half-open range of a column. */
function rangeReader(db: DatabaseSync, select: string, idColumn: string, order: string) {
  const every = rowQuery<[], Row>(db, `${select} ORDER BY ${order}`);
  const range = rowQuery<[number, number, number], Row>(
    db,
    `${select} WHERE ${idColumn} > ? AND ${idColumn} <= ? ORDER BY ${order} LIMIT ?`,
  );
  return {
    all: (): Row[] => every.all(),
    between: (above: number, upTo: number, limit = -1): Row[] => range.all(above, upTo, limit),
  };
}

/** Reads the rows of a part and adds them to their records. */
interface PartReader {
  /** Returns the rows of these owners; if the part has ids, optionally only those with these ids. */
  byIds(ownerIds: readonly number[], partIds?: readonly number[]): Row[];
  all(): Row[];
  between(above: number, upTo: number): Row[];
  add(rows: readonly Row[], byId: ReadonlyMap<number, object>): void;
}

function partReader(db: DatabaseSync, property: string, part: Part, owner: Declaration): PartReader {
  const ownerId = ownerColumn(owner);
  const codec = part.kind === 'rows' ? partCodec(part, owner, kinds) : undefined;
  const columns = codec?.columns.map(({ name }) => name) ?? [ownerId, nameColumnOf(part), 'value'];
  const order = codec === undefined ? `${ownerId}, ${nameColumnOf(part)}` : 'id';
  const select = `SELECT ${columns.join(', ')} FROM ${part.table}`;
  const ofOwners = idReader(
    db,
    `${select} WHERE ${ownerId} = ? ORDER BY ${order}`,
    `${select} WHERE ${ownerId} IN (SELECT value FROM json_each(?)) ORDER BY ${order}`,
  );
  const byOwnIds =
    codec &&
    rowQuery<[string], Row>(db, `${select} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`);
  return {
    ...rangeReader(db, select, ownerId, order),
    byIds(ownerIds, partIds) {
      if (byOwnIds === undefined || partIds === undefined) return ofOwners(ownerIds);
      return partIds.length === 0 ? [] : byOwnIds.all(JSON.stringify(partIds));
    },
    add(rows, byId) {
      const partOf = (id: Cell | undefined) => Reflect.get(byId.get(Number(id)) ?? {}, property);
      if (codec === undefined) {
        for (const [id, name, value] of rows) partOf(id)?.set(String(name), String(value));
      } else for (const row of rows) partOf(row.at(-1))?.push(codec.toPart(row));
    },
  };
}

const nameColumnOf = (part: Part): string => (part.kind === 'texts' ? part.nameColumn : 'id');
