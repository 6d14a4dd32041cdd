import { text, texts } from './column.ts';
import { type RecordOf, recordType } from './declare.ts';

/** Companies, with the data that associations need. */
export const company = recordType({
  name: 'Company',
  table: 'company',
  section: 'companies',
  ids: 'given',
  columns: { name: text, externalKeys: texts },
  keys: ['externalKeys'],
  parts: {},
  readLock: 'shared',
});

export type CompanyRecord = RecordOf<typeof company>;
