import { boolean, date, folded, integer, named, nullable, number, text, time } from './column.ts';
import { type PartRow, type RecordOf, recordType } from './declare.ts';

/** Programs come from the instance file. syncMObjects changes only their costs, tags and channel. */
export const program = recordType({
  name: 'Program',
  table: 'program',
  section: 'programs',
  columns: {
    createdAt: time,
    updatedAt: time,
    name: text,
    nameKey: folded('name'),
    type: text,
    channel: nullable(text),
    workspaceId: nullable(integer),
    workspaceName: nullable(text),
    treePath: nullable(text),
    archived: named(boolean, 'is_archived'),
    startDate: nullable(text),
    endDate: nullable(text),
    /** The id of the linked CRM campaign. */
    crmId: nullable(text),
  },
  lookups: { name: { columns: ['nameKey'] } },
  parts: {
    /** Tag type → value. */
    tags: { kind: 'texts', table: 'program_tag', nameColumn: 'type' },
    /** Token name → value. */
    tokens: { kind: 'texts', table: 'program_token', nameColumn: 'name' },
    /** Ascending by id. `month`: the first of the month. Ids are unique across the instance. */
    costs: {
      kind: 'rows',
      table: 'program_cost',
      columns: { month: date, amount: number, note: nullable(text) },
      counter: 'Cost',
    },
  },
  readLock: 'exclusive',
});

export type ProgramRecord = RecordOf<typeof program>;
export type CostRecord = PartRow<typeof program.parts.costs>;
