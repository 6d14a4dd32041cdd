import { belongsTo, folded, integer, json, named, reference, text, time } from './column.ts';
import { recordType } from './declare.ts';

/** A static list, of a program or of none. */
export const staticList = recordType({
  name: 'StaticList',
  table: 'static_list',
  section: 'lists',
  inFile: 'nested',
  columns: { name: text, nameKey: folded('name'), programId: reference('Program') },
  lookups: { name: { columns: ['nameKey'] }, program: { columns: ['programId'] } },
  parts: {},
  readLock: 'shared',
});

/**
 * A lead in a static list. A record of its own and no part of the list, which can have millions: a call loads those
 * that it names.
 */
export const listMember = recordType({
  name: 'ListMember',
  table: 'list_member',
  section: 'listMembers',
  inFile: 'nested',
  columns: { listId: belongsTo('StaticList'), leadId: belongsTo('Lead'), addedAt: time },
  lookups: {
    pair: { columns: ['listId', 'leadId'] },
    list: { columns: ['listId'], lock: [] },
    lead: { columns: ['leadId'], lock: [] },
  },
  parts: {},
  readLock: 'exclusive',
});

/** The result of an importToList call. `at`: when the call began. `rows`: of the file. `tokens`: name and value, in the order sent. */
export const listImport = recordType({
  name: 'ListImport',
  table: 'list_import',
  section: 'listImports',
  inFile: false,
  columns: {
    listId: belongsTo('StaticList'),
    campaignId: reference('Campaign'),
    at: time,
    mode: text,
    rows: named(integer, 'row_count'),
    imported: integer,
    failed: integer,
    ignored: integer,
    summary: text,
    tokens: json<readonly (readonly [name: string, value: string])[]>(),
  },
  lookups: { list: { columns: ['listId'], lock: [] } },
  parts: {},
  readLock: 'exclusive',
});
