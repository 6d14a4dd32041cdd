import type { DatabaseSync } from 'node:sqlite';
import type { CostRecord, ProgramRecord, Records, RecordType } from '../../rules/records.ts';
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

/** Reads the records of one type. */
export interface RecordReader<Record> {
  /** Those that are there, in the order of the ids. */
  byIds(ids: readonly number[]): Record[];
  /** Ascending by id. */
  all(): Record[];
  /** The first `limit` of those with a higher id, ascending by id. */
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
  const select = `SELECT ${columns.join(', ')} FROM ${table}`;
  const { all, between } = rangeReader(db, select, 'id', 'id');
  const byIds = idReader(
    db,
    `${select} WHERE id = ?`,
    // In the order of the ids; IN would sort them into a table of its own first.
    `SELECT ${columns.map((column) => `found.${column}`).join(', ')} ` +
      `FROM json_each(?) AS asked CROSS JOIN ${table} AS found ON found.id = asked.value`,
  );
  return {
    byIds: (ids) => byIds(ids).map(toRecord),
    all: () => all().map(toRecord),
    after: (id, limit) => between(id, Number.MAX_SAFE_INTEGER, limit).map(toRecord),
  };
}

/** Reads the rows of one id, or of several, which that statement gets as JSON. */
function idReader(db: DatabaseSync, ofOne: string, ofSeveral: string): (ids: readonly number[]) => Row[] {
  const one = rowQuery<[number], Row>(db, ofOne);
  const several = rowQuery<[string], Row>(db, ofSeveral);
  return (ids) => {
    const [first] = ids;
    if (first === undefined) return [];
    return ids.length === 1 ? one.all(first) : several.all(JSON.stringify(ids));
  };
}

/** Reads all rows, or those of which a column is above one id and up to another. */
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

type Mutable<Part> = { -readonly [Key in keyof Part]: Part[Key] };
type ProgramParts = Mutable<Pick<ProgramRecord, 'id'>> & {
  tags: Map<string, string>;
  tokens: Map<string, string>;
  costs: CostRecord[];
};

/** Reads the rows of what programs have several of. */
function partReader(db: DatabaseSync, select: string, order: string) {
  return {
    ...rangeReader(db, select, 'program_id', order),
    byIds: idReader(
      db,
      `${select} WHERE program_id = ? ORDER BY ${order}`,
      `${select} WHERE program_id IN (SELECT value FROM json_each(?)) ORDER BY ${order}`,
    ),
  };
}

function programReader(db: DatabaseSync): RecordReader<ProgramRecord> {
  const programs = reader(db, programShape);
  const costs = partReader(db, `SELECT ${costShape.columns.join(', ')} FROM ${costShape.table}`, 'id');
  const tags = partReader(db, 'SELECT program_id, type, value FROM program_tag', 'program_id, type');
  const tokens = partReader(db, 'SELECT program_id, name, value FROM program_token', 'program_id, name');

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
