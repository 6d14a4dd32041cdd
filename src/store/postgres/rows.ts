import type { DataType, FieldDefinition, StoredType } from '../../contract/fields.ts';
import { type FieldValue, fieldValuesOfRow } from '../../rules/field-values.ts';
import type {
  CompanyRecord,
  CostRecord,
  LeadRecord,
  MObjectRecord,
  ProgramRecord,
} from '../../rules/records.ts';
import { fieldColumns, tableNames } from '../columns.ts';
import { isoTime, type Row, unpackJson, unpackText } from './sql.ts';

/** The type of a column. Texts compare by code point, whatever the database's locale is. */
export type ColumnType =
  | 'bigint'
  | 'text'
  | 'boolean'
  | 'double precision'
  | 'date'
  | 'timestamptz'
  | 'jsonb';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** How the records of one kind stand in their table; the column `id` is the first. */
export interface RowShape<Record> {
  readonly table: string;
  readonly columns: readonly Column[];
  /** Cells in the order of the columns, to be sent as JSON; of a column of type jsonb the value itself. */
  toRow(record: Record): unknown[];
  toRecord(row: Row): Record;
}

/** The type of the column that holds a field of this type. */
export const columnTypes: Readonly<Record<DataType, ColumnType>> = {
  string: 'text',
  text: 'text',
  phone: 'text',
  url: 'text',
  email: 'text',
  integer: 'bigint',
  float: 'double precision',
  currency: 'double precision',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
  reference: 'bigint',
};

/** What to select so that a column comes as it is outside. */
export function selectExpression({ name, type }: Column): string {
  if (type === 'timestamptz') return isoTime(name);
  return type === 'date' ? `to_char(${name}, 'YYYY-MM-DD')` : name;
}

const textOf = (cell: string | null | undefined): string | null => (cell == null ? null : unpackText(cell));
const numberOf = (cell: string | null | undefined): number | null => (cell == null ? null : Number(cell));
const textsOf = (cell: string | null | undefined): Map<string, string> =>
  new Map(Object.entries(unpackJson<Record<string, string>>(cell ?? '{}')));

/** A field's value out of its column. */
export function fromCell(field: FieldDefinition, cell: string): FieldValue {
  switch (columnTypes[field.dataType]) {
    case 'boolean':
      return cell === 't';
    case 'bigint':
    case 'double precision':
      return Number(cell);
    case 'text':
      return unpackText(cell);
    default:
      return cell;
  }
}

const column = (name: string, type: ColumnType): Column => ({ name, type });
const id = column('id', 'bigint');
const times = [column('created_at', 'timestamptz'), column('updated_at', 'timestamptz')];

function mObjectShape(type: StoredType): RowShape<MObjectRecord> {
  const standard = fieldColumns[type];
  return {
    table: tableNames[type],
    columns: [
      id,
      ...times,
      ...standard.map(({ field, column: name }) => column(name, columnTypes[field.dataType])),
      column('custom', 'jsonb'),
    ],
    toRow(record) {
      const { custom } = record.values;
      return [
        record.id,
        record.createdAt,
        record.updatedAt,
        ...record.values.standard,
        custom.size === 0 ? null : Object.fromEntries(custom),
      ];
    },
    toRecord(row) {
      const own = standard.map(({ field }, index) => {
        const cell = row[index + 3];
        return cell == null ? null : fromCell(field, cell);
      });
      const custom = row[standard.length + 3];
      const read = custom == null ? undefined : () => unpackJson<Record<string, FieldValue>>(custom);
      const values = fieldValuesOfRow(type, own, read);
      return { id: Number(row[0]), createdAt: String(row[1]), updatedAt: String(row[2]), values };
    },
  };
}

/** The rows of opportunities and roles. */
export const mObjectShapes: Readonly<Record<StoredType, RowShape<MObjectRecord>>> = {
  Opportunity: mObjectShape('Opportunity'),
  OpportunityPersonRole: mObjectShape('OpportunityPersonRole'),
};

/** The rows of leads. */
export const leadShape: RowShape<LeadRecord> = {
  table: tableNames.Lead,
  columns: [id, column('email', 'text'), column('company_id', 'bigint'), column('attributes', 'jsonb')],
  toRow: (lead) => [lead.id, lead.email, lead.companyId, Object.fromEntries(lead.attributes)],
  toRecord: (row) => ({
    id: Number(row[0]),
    email: textOf(row[1]),
    companyId: numberOf(row[2]),
    attributes: textsOf(row[3]),
  }),
};

/** The rows of companies. */
export const companyShape: RowShape<CompanyRecord> = {
  table: tableNames.Company,
  columns: [id, column('name', 'text'), column('external_keys', 'jsonb')],
  toRow: (company) => [company.id, company.name, Object.fromEntries(company.externalKeys)],
  toRecord: (row) => ({
    id: Number(row[0]),
    name: textOf(row[1]) ?? '',
    externalKeys: textsOf(row[2]),
  }),
};

/** The rows of programs. Tags, tokens and costs have tables of their own: `toRecord` leaves them empty. */
export const programShape: RowShape<ProgramRecord> = {
  table: tableNames.Program,
  columns: [
    id,
    ...times,
    column('name', 'text'),
    column('type', 'text'),
    column('channel', 'text'),
    column('workspace_id', 'bigint'),
    column('workspace_name', 'text'),
    column('tree_path', 'text'),
    column('is_archived', 'boolean'),
    column('start_date', 'text'),
    column('end_date', 'text'),
    column('crm_id', 'text'),
  ],
  toRow: (program) => [
    program.id,
    program.createdAt,
    program.updatedAt,
    program.name,
    program.type,
    program.channel,
    program.workspaceId,
    program.workspaceName,
    program.treePath,
    program.archived,
    program.startDate,
    program.endDate,
    program.crmId,
  ],
  toRecord: (row) => ({
    id: Number(row[0]),
    createdAt: String(row[1]),
    updatedAt: String(row[2]),
    name: textOf(row[3]) ?? '',
    type: textOf(row[4]) ?? '',
    channel: textOf(row[5]),
    workspaceId: numberOf(row[6]),
    workspaceName: textOf(row[7]),
    treePath: textOf(row[8]),
    archived: row[9] === 't',
    startDate: textOf(row[10]),
    endDate: textOf(row[11]),
    crmId: textOf(row[12]),
    tags: new Map(),
    tokens: new Map(),
    costs: [],
  }),
};

/** A cost and the program that it belongs to. */
export type ProgramCost = CostRecord & { readonly programId: number };

/** The rows of costs. */
export const costShape: RowShape<ProgramCost> = {
  table: 'program_cost',
  columns: [
    id,
    column('month', 'date'),
    column('amount', 'double precision'),
    column('note', 'text'),
    column('program_id', 'bigint'),
  ],
  toRow: (cost) => [cost.id, cost.month, cost.amount, cost.note, cost.programId],
  toRecord: (row) => ({
    id: Number(row[0]),
    month: String(row[1]),
    amount: Number(row[2]),
    note: textOf(row[3]),
    programId: Number(row[4]),
  }),
};

/** A tag or a token of a program. */
export interface ProgramText {
  readonly programId: number;
  readonly name: string;
  readonly value: string;
}
