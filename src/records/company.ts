import { folded, text, texts } from './column.ts';
import { type RecordOf, recordType } from './declare.ts';

/** Companies, with the data that associations need. */
export const company = recordType({
  name: 'Company',
  table: 'company',
  section: 'companies',
  columns: { name: text, nameKey: folded('name'), externalKeys: texts },
  keys: ['externalKeys'],
  lookups: { name: { columns: ['nameKey'] } },
  parts: {},
  readLock: 'shared',
});

export type CompanyRecord = RecordOf<typeof company>;
