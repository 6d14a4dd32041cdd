import { byType, declarationOf, type Records, type RecordType } from '../../records/all.ts';
import type { Declaration, Part } from '../../records/declare.ts';
import { ownerColumn } from '../columns.ts';
import { partCodec } from '../row-codec.ts';
import { codecs, kinds, type PostgresCodec, selectList } from './kinds.ts';
import { idArray, type Row, unpackText, wholeNumber } from './sql.ts';

/** Statements that read records, with a function that builds the records from their answers. */
export interface RecordQuery<Record> {
  readonly statements: readonly string[];
  read(answers: readonly Row[][]): Record[];
}

/**
 * Reads records of a type, ascending by id. `ids`: a query that selects the ids; undefined: all. `partIds`: loads
 * only these parts, of parts that have ids.
 */
export function recordQuery<Type extends RecordType>(
  type: Type,
  ids?: string,
  partIds?: readonly number[],
): RecordQuery<Records[Type]> {
  const where = (column: string) => (ids === undefined ? '' : ` WHERE ${column} IN (${ids})`);
  return queryOf(type, `${where('id')} ORDER BY id`, where, partIds);
}

/** Reads up to `limit` records with a higher id, ascending by id. */
export function recordPage<Type extends RecordType>(
  type: Type,
  after: number,
  limit: number,
): RecordQuery<Records[Type]> {
  const page = ` WHERE id > ${wholeNumber(after)} ORDER BY id LIMIT ${wholeNumber(limit)}`;
  const last = `SELECT max(id) FROM (SELECT id FROM ${codecs[type].table}${page}) AS page`;
  return queryOf(
    type,
    page,
    (column) => ` WHERE ${column} > ${wholeNumber(after)} AND ${column} <= (${last})`,
  );
}

/** `which`: condition on the records. `of`: condition on their parts, given the owner column. */
function queryOf<Type extends RecordType>(
  type: Type,
  which: string,
  of: (ownerColumn: string) => string,
  partIds?: readonly number[],
): RecordQuery<Records[Type]> {
  const { table, columns, toRecord } = codecs[type] as PostgresCodec<Records[Type]>;
  const owner = ownerColumn(declarationOf[type]);
  const parts = partReaders[type];
  return {
    statements: [
      `SELECT ${selectList(columns)} FROM ${table}${which}`,
      ...parts.map(({ select, order, hasIds }) => {
        const some = hasIds && partIds ? ` WHERE id = ANY (${idArray(partIds)})` : of(owner);
        return `${select}${some} ORDER BY ${order}`;
      }),
    ],
    read([rows = [], ...ofParts]) {
      const records = rows.map(toRecord);
      if (parts.length === 0) return records;
      const byId = new Map(records.map((record) => [record.id, record]));
      for (const [index, part] of parts.entries()) part.add(ofParts[index] ?? [], byId);
      return records;
    },
  };
}

/** Reads the rows of a part and adds them to their records. */
interface PartReader {
  readonly select: string;
  readonly order: string;
  readonly hasIds: boolean;
  add(rows: readonly Row[], byId: ReadonlyMap<number, object>): void;
}

const partReaders = byType((owner) =>
  Object.entries(owner.parts).map(([property, part]) => partReader(property, part, owner)),
);

function partReader(property: string, part: Part, owner: Declaration): PartReader {
  const ownerId = ownerColumn(owner);
  const partOf = (byId: ReadonlyMap<number, object>, id: string | null | undefined) =>
    Reflect.get(byId.get(Number(id)) ?? {}, property);
  if (part.kind === 'texts') {
    return {
      select: `SELECT ${ownerId}, ${part.nameColumn}, value FROM ${part.table}`,
      order: `${ownerId}, ${part.nameColumn}`,
      hasIds: false,
      add(rows, byId) {
        for (const [id, name, value] of rows) {
          partOf(byId, id)?.set(unpackText(name ?? ''), unpackText(value ?? ''));
        }
      },
    };
  }
  const { table, columns, toPart } = partCodec(part, owner, kinds);
  return {
    select: `SELECT ${selectList(columns)} FROM ${table}`,
    order: 'id',
    hasIds: true,
    add(rows, byId) {
      for (const row of rows) partOf(byId, row.at(-1))?.push(toPart(row));
    },
  };
}
