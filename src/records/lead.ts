import { nullable, reference, text, texts } from './column.ts';
import { type RecordOf, recordType } from './declare.ts';

/** Leads, with the data that associations need. `attributes`: all attributes as text, by name. */
export const lead = recordType({
  name: 'Lead',
  table: 'lead',
  section: 'leads',
  ids: 'given',
  columns: { email: nullable(text), companyId: reference('Company'), attributes: texts },
  keys: ['attributes', 'email'],
  parts: {},
  readLock: 'shared',
});

export type LeadRecord = RecordOf<typeof lead>;
