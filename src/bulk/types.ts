import { type StoredType, storedTypes } from '../contract/fields.ts';

/** The types whose records can be sent from a file. */
export type BulkType = StoredType | 'Lead' | 'Program';
export const bulkTypes: readonly BulkType[] = [...storedTypes, 'Lead', 'Program'];

/** Other names of the types, in lower case: those of files, and that of describeMObject. */
export const otherTypeNames: Readonly<Record<string, BulkType>> = {
  opportunities: 'Opportunity',
  roles: 'OpportunityPersonRole',
  leads: 'Lead',
  leadrecord: 'Lead',
  programs: 'Program',
};
