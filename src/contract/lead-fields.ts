import { leadFields } from './described-fields.ts';
import type { DataType, FieldDefinition } from './fields.ts';

/** The standard fields of leads as definitions, in describe's order; the id is not among them. */
export const leadFieldDefinitions: readonly FieldDefinition[] = leadFields.map(
  ({ name, displayName, dataType, size }) => ({
    name,
    displayName,
    description: null,
    dataType: dataType as DataType,
    size,
    custom: false,
    references: null,
  }),
);
