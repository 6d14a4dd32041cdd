import type { DatabaseSync } from 'node:sqlite';
import type { CostRecord, ProgramRecord, Records, RecordType } from '../../mobjects/records.ts';
import {
  companyShape,
  costShape,
  leadShape,
  mObjectShapes,
  programShape,
  type Row,
  type RowShape,
} from './rows.ts';
import { rowQuery } from './statements.ts';

/** Reads the records of one type, ascending by id. */
export interface RecordReader<Record> {
  byIds(ids: readonly number[]): Record[];
  all(): Record[];
  /** The first `limit` of those with a higher id. */
  after(id: number, limit: number): Record[];
}
export type RecordReaders = { readonly [Type in RecordType]: RecordReader<Records[Type]> };

/** The readers of every type. */
export function recordReaders(db: DatabaseSync): RecordReaders {
  return {
    Program: programReader(db),
    Opportunity: reader(db, mObjectShapes.Opportunity),
    OpportunityPersonRole: reader(db, mObjectShapes.OpportunityPersonRole),
    Lead: reader(db, leadShape),
    Company: reader(db, companyShape),
  };
}

function reader<Record>(
  db: DatabaseSync,
  { table, columns, toRecord }: RowShape<Record>,
): RecordReader<Record> {
  const { byIds, all, between } = rowReader(db, `SELECT ${columns.join(', ')} FROM ${table}`, 'id', 'id');
  return {
    byIds: (ids) => byIds(ids).map(toRecord),
    all: () => all().map(toRecord),
    after: (id, limit) => between(id, Number.MAX_SAFE_INTEGER, limit).map(toRecord),
  };
}

/** Reads rows of which a column is among ids, or above one id and up to another, or all of them. */
function rowReader(db: DatabaseSync, select: string, idColumn: string, order: string) {
  const some = rowQuery<[string], Row>(
    db,
    `${select} WHERE ${idColumn} IN (SELECT value FROM json_each(?)) ORDER BY ${order}`,
  );
  const one = rowQuery<[number], Row>(db, `${select} WHERE ${idColumn} = ? ORDER BY ${order}`);
  const every = rowQuery<[], Row>(db, `${select} ORDER BY ${order}`);
  const range = rowQuery<[number, number, number], Row>(
    db,
    `${select} WHERE ${idColumn} > ? AND ${idColumn} <= ? ORDER BY ${order} LIMIT ?`,
  );
  return {
    byIds(ids: readonly number[]): Row[] {
      const [first] = ids;
      if (first === undefined) return [];
      return ids.length === 1 ? one.all(first) : some.all(JSON.stringify(ids));
    },
    all: (): Row[] => every.all(),
    between: (above: number, upTo: number, limit = -1): Row[] => range.all(above, upTo, limit),
  };
}

type Mutable<Part> = { -readonly [Key in keyof Part]: Part[Key] };
type ProgramParts = Mutable<Pick<ProgramRecord, 'id'>> & {
  tags: Map<string, string>;
  tokens: Map<string, string>;
  costs: CostRecord[];
};

function programReader(db: DatabaseSync): RecordReader<ProgramRecord> {
  const programs = reader(db, programShape);
  const costs = rowReader(
    db,
    `SELECT ${costShape.columns.join(', ')} FROM ${costShape.table}`,
    'program_id',
    'id',
  );
  const tags = rowReader(
    db,
    'SELECT program_id, type, value FROM program_tag',
    'program_id',
    'program_id, type',
  );
  const tokens = rowReader(
    db,
    'SELECT program_id, name, value FROM program_token',
    'program_id',
    'program_id, name',
  );

  function withParts(records: ProgramRecord[], rows: (of: typeof tags) => Row[]): ProgramRecord[] {
    if (records.length === 0) return [];
    const parts = new Map<number, ProgramParts>(
      records.map(({ id }) => [id, { id, tags: new Map(), tokens: new Map(), costs: [] }]),
    );
    for (const [id, type, value] of rows(tags)) parts.get(Number(id))?.tags.set(String(type), String(value));
    for (const [id, name, value] of rows(tokens)) {
      parts.get(Number(id))?.tokens.set(String(name), String(value));
    }
    for (const row of rows(costs)) parts.get(Number(row.at(-1)))?.costs.push(costShape.toRecord(row));
    return records.map((record) => ({ ...record, ...parts.get(record.id) }));
  }

  return {
    byIds: (ids) => withParts(programs.byIds(ids), (of) => of.byIds(ids)),
    all: () => withParts(programs.all(), (of) => of.all()),
    after(id, limit) {
      const found = programs.after(id, limit);
      return withParts(found, (of) => of.between(id, found.at(-1)?.id ?? id));
    },
  };
}
