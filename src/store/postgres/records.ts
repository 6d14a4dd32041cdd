import type { CostRecord, ProgramRecord, Records, RecordType } from '../../rules/records.ts';
import {
  companyShape,
  costShape,
  leadShape,
  mObjectShapes,
  programShape,
  type RowShape,
  selectExpression,
} from './rows.ts';
import { type Row, unpackText, wholeNumber } from './sql.ts';

/** Statements that read records, and what makes the records of their answers. */
export interface RecordQuery<Record> {
  readonly statements: readonly string[];
  read(answers: readonly Row[][]): Record[];
}

type Shapes = { readonly [Type in RecordType]: RowShape<Records[Type]> };

/** How the records of every type stand in their tables. */
export const recordShapes: Shapes = {
  Program: programShape,
  Opportunity: mObjectShapes.Opportunity,
  OpportunityPersonRole: mObjectShapes.OpportunityPersonRole,
  Lead: leadShape,
  Company: companyShape,
};

/** Reads records of a type, ascending by id. `ids`: the query that selects their ids; without it all are read. */
export function recordQuery<Type extends RecordType>(type: Type, ids?: string): RecordQuery<Records[Type]> {
  const shape: RowShape<Records[Type]> = recordShapes[type];
  const own = [select(shape, 'id', 'id', ids)];
  if (type !== 'Program') {
    return { statements: own, read: ([rows = []]) => rows.map((row) => shape.toRecord(row)) };
  }
  const parts = [
    select(costShape, 'program_id', 'id', ids),
    selectTexts('program_tag', 'type', ids),
    selectTexts('program_token', 'name', ids),
  ];
  return {
    statements: [...own, ...parts],
    read: (answers) => programs(answers) as Records[Type][],
  };
}

/** Reads the records of a type behind an id, ascending by id, at most `limit`. */
export function recordPage<Type extends RecordType>(
  type: Type,
  after: number,
  limit: number,
): RecordQuery<Records[Type]> {
  const shape: RowShape<Records[Type]> = recordShapes[type];
  const from = `FROM ${shape.table} WHERE id > ${wholeNumber(after)} ORDER BY id LIMIT ${wholeNumber(limit)}`;
  const own = [`SELECT ${shape.columns.map(selectExpression).join(', ')} ${from}`];
  if (type !== 'Program') {
    return { statements: own, read: ([rows = []]) => rows.map((row) => shape.toRecord(row)) };
  }
  const of = `program_id > ${wholeNumber(after)} AND program_id <= (SELECT max(id) FROM (SELECT id ${from}) AS page)`;
  const parts = [
    `SELECT ${costShape.columns.map(selectExpression).join(', ')} FROM ${costShape.table} WHERE ${of} ORDER BY id`,
    `SELECT program_id, type, value FROM program_tag WHERE ${of} ORDER BY program_id, type`,
    `SELECT program_id, name, value FROM program_token WHERE ${of} ORDER BY program_id, name`,
  ];
  return { statements: [...own, ...parts], read: (answers) => programs(answers) as Records[Type][] };
}

const among = (column: string, ids: string | undefined) =>
  ids === undefined ? '' : ` WHERE ${column} IN (${ids})`;

const select = <Record>(
  { table, columns }: RowShape<Record>,
  idColumn: string,
  order: string,
  ids?: string,
) =>
  `SELECT ${columns.map(selectExpression).join(', ')} FROM ${table}${among(idColumn, ids)} ORDER BY ${order}`;

const selectTexts = (table: string, name: string, ids?: string) =>
  `SELECT program_id, ${name}, value FROM ${table}${among('program_id', ids)} ORDER BY program_id, ${name}`;

interface ProgramParts {
  readonly costs: CostRecord[];
  readonly tags: Map<string, string>;
  readonly tokens: Map<string, string>;
}

function programs([rows = [], costs = [], tags = [], tokens = []]: readonly Row[][]): ProgramRecord[] {
  const records = rows.map((row) => programShape.toRecord(row));
  const parts = new Map<number, ProgramParts>(
    records.map(({ id }) => [id, { costs: [], tags: new Map(), tokens: new Map() }]),
  );
  for (const row of costs) {
    const { programId, ...cost } = costShape.toRecord(row);
    parts.get(programId)?.costs.push(cost);
  }
  const fill = (texts: readonly Row[], part: 'tags' | 'tokens') => {
    for (const [id, name, value] of texts) {
      parts.get(Number(id))?.[part].set(unpackText(name ?? ''), unpackText(value ?? ''));
    }
  };
  fill(tags, 'tags');
  fill(tokens, 'tokens');
  return records.map((record) => ({ ...record, ...parts.get(record.id) }));
}
