import { type StoredType, storedTypes } from '../contract/fields.ts';

/** The types whose records can be sent from a file. */
export type BulkType = StoredType | 'Lead' | 'Program';
export const bulkTypes: readonly BulkType[] = [...storedTypes, 'Lead', 'Program'];
