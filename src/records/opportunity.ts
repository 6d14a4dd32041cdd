import { standardFields } from '../contract/fields.ts';
import { time } from './column.ts';
import { type RecordOf, recordType } from './declare.ts';

export const opportunity = recordType({
  name: 'Opportunity',
  table: 'opportunity',
  section: 'opportunities',
  columns: { createdAt: time, updatedAt: time },
  fields: standardFields.Opportunity,
  instance: { companyId: 'CompanyId' },
  keys: 'fields',
  parts: {},
  readLock: 'exclusive',
});

/** An opportunity or an opportunity role. */
export type MObjectRecord = RecordOf<typeof opportunity>;
