import type { FieldDefinition, StoredType } from '../../contract/fields.ts';
import { type FieldValue, type FieldValues, fieldValuesOfRow } from '../../rules/field-values.ts';
import type {
  CompanyRecord,
  CostRecord,
  LeadRecord,
  MObjectRecord,
  ProgramRecord,
} from '../../rules/records.ts';
import { fieldColumns, tableNames } from '../columns.ts';
import { StoreError } from '../store.ts';

/** What a column holds. */
export type Cell = string | number | null;
export type Row = readonly Cell[];

/** How the records of one kind stand in their table: columns in the order of a row's cells, `id` first. */
export interface RowShape<Record> {
  readonly table: string;
  readonly columns: readonly string[];
  toRow(record: Record): Cell[];
  toRecord(row: Row): Record;
  /** What differs between the rows of two records of one id. */
  difference(before: Record, after: Record): RowDifference;
}

/** Cells of a row that change. */
export interface RowDifference {
  /** Indexes into the columns. */
  readonly columns: number[];
  /** What they hold now, in the same order. */
  readonly cells: Cell[];
}

/** The difference of two rows, cell by cell. */
function rowDifference(before: Row, after: Row): RowDifference {
  const columns: number[] = [];
  const cells: Cell[] = [];
  for (const [index, cell] of after.entries()) {
    if (cell === before[index]) continue;
    columns.push(index);
    cells.push(cell);
  }
  return { columns, cells };
}

const toJson = (entries: Iterable<readonly [string, FieldValue]>) =>
  JSON.stringify(Object.fromEntries(entries));
const fromJson = <Value extends FieldValue>(json: Cell | undefined): [string, Value][] =>
  Object.entries(JSON.parse(String(json)));

const textOf = (cell: Cell | undefined): string | null => (cell == null ? null : String(cell));
const numberOf = (cell: Cell | undefined): number | null => (cell == null ? null : Number(cell));

/** A field's value as its column holds it. */
const toCell = (value: FieldValue | null): Cell => (typeof value === 'boolean' ? Number(value) : value);

/** A field's value out of its column. */
export const fromCell = (field: FieldDefinition, cell: string | number): FieldValue =>
  field.dataType === 'boolean' ? cell === 1 : cell;

/** The value of a custom field out of the column `custom`. */
export const fromCustom = (custom: string, name: string): FieldValue | undefined =>
  new Map(fromJson(custom)).get(name);

function readCustom(json: string, type: StoredType, id: number): Record<string, FieldValue> {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const table = tableNames[type];
    throw new StoreError(`The column custom of ${table} ${id} holds no JSON; see "mktows check"`, { cause });
  }
}

function mObjectShape(type: StoredType): RowShape<MObjectRecord> {
  const standard = fieldColumns[type];
  const columns = ['id', 'created_at', 'updated_at', ...standard.map(({ column }) => column), 'custom'];
  const firstField = 3;
  const customColumn = columns.length - 1;
  const booleans = standard.flatMap(({ field }, place) => (field.dataType === 'boolean' ? [place] : []));

  const customCell = ({ custom }: FieldValues): Cell => (custom.size === 0 ? null : toJson(custom));

  return {
    table: tableNames[type],
    columns,
    toRow({ id, createdAt, updatedAt, values }) {
      return [id, createdAt, updatedAt, ...values.standard.map(toCell), customCell(values)];
    },
    toRecord(row) {
      const own: (FieldValue | null)[] = row.slice(firstField, customColumn);
      for (const place of booleans) if (own[place] !== null) own[place] = own[place] === 1;
      const custom = row[customColumn];
      const id = Number(row[0]);
      const read = custom == null ? undefined : () => readCustom(String(custom), type, id);
      const values = fieldValuesOfRow(type, own, read);
      return { id, createdAt: String(row[1]), updatedAt: String(row[2]), values };
    },
    difference(before, after) {
      const difference: RowDifference = { columns: [], cells: [] };
      const note = (column: number, cell: Cell) => {
        difference.columns.push(column);
        difference.cells.push(cell);
      };
      if (before.createdAt !== after.createdAt) note(1, after.createdAt);
      if (before.updatedAt !== after.updatedAt) note(2, after.updatedAt);
      const [was, is] = [before.values.standard, after.values.standard];
      for (let place = 0; place < is.length; place++) {
        if (is[place] !== was[place]) note(firstField + place, toCell(is[place] ?? null));
      }
      if (!before.values.agreesInCustom(after.values)) note(customColumn, customCell(after.values));
      return difference;
    },
  };
}

type RowOf<Record> = Omit<RowShape<Record>, 'difference'>;

/** A shape that tells differences cell by cell. */
const byCells = <Record>(shape: RowOf<Record>): RowShape<Record> => ({
  ...shape,
  difference: (before, after) => rowDifference(shape.toRow(before), shape.toRow(after)),
});

/** The rows of opportunities and roles. */
export const mObjectShapes: Readonly<Record<StoredType, RowShape<MObjectRecord>>> = {
  Opportunity: mObjectShape('Opportunity'),
  OpportunityPersonRole: mObjectShape('OpportunityPersonRole'),
};

/** The rows of leads. */
export const leadShape = byCells<LeadRecord>({
  table: tableNames.Lead,
  columns: ['id', 'email', 'company_id', 'attributes'],
  toRow: ({ id, email, companyId, attributes }) => [id, email, companyId, toJson(attributes)],
  toRecord: ([id, email, companyId, attributes]) => ({
    id: Number(id),
    email: textOf(email),
    companyId: numberOf(companyId),
    attributes: new Map(fromJson<string>(attributes)),
  }),
});

/** The rows of companies. */
export const companyShape = byCells<CompanyRecord>({
  table: tableNames.Company,
  columns: ['id', 'name', 'external_keys'],
  toRow: ({ id, name, externalKeys }) => [id, name, toJson(externalKeys)],
  toRecord: ([id, name, externalKeys]) => ({
    id: Number(id),
    name: String(name),
    externalKeys: new Map(fromJson<string>(externalKeys)),
  }),
});

/** The rows of programs. Tags, tokens and costs have tables of their own: `toRecord` leaves them empty. */
export const programShape = byCells<ProgramRecord>({
  table: tableNames.Program,
  columns: [
    'id',
    'name',
    'type',
    'channel',
    'workspace_id',
    'workspace_name',
    'tree_path',
    'is_archived',
    'start_date',
    'end_date',
    'crm_id',
    'created_at',
    'updated_at',
  ],
  toRow: (program) => [
    program.id,
    program.name,
    program.type,
    program.channel,
    program.workspaceId,
    program.workspaceName,
    program.treePath,
    Number(program.archived),
    program.startDate,
    program.endDate,
    program.crmId,
    program.createdAt,
    program.updatedAt,
  ],
  toRecord: (row) => ({
    id: Number(row[0]),
    name: String(row[1]),
    type: String(row[2]),
    channel: textOf(row[3]),
    workspaceId: numberOf(row[4]),
    workspaceName: textOf(row[5]),
    treePath: textOf(row[6]),
    archived: row[7] === 1,
    startDate: textOf(row[8]),
    endDate: textOf(row[9]),
    crmId: textOf(row[10]),
    createdAt: String(row[11]),
    updatedAt: String(row[12]),
    tags: new Map(),
    tokens: new Map(),
    costs: [],
  }),
});

/** The rows of costs; `program_id` stands last. */
export const costShape = {
  table: 'program_cost',
  columns: ['id', 'month', 'amount', 'note', 'program_id'],
  toRow: ({ id, month, amount, note }: CostRecord, programId: number): Cell[] => [
    id,
    month,
    amount,
    note,
    programId,
  ],
  toRecord: ([id, month, amount, note]: Row): CostRecord => ({
    id: Number(id),
    month: String(month),
    amount: Number(amount),
    note: textOf(note),
  }),
} as const;
