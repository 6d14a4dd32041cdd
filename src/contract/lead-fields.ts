import { leadFields } from './described-fields.ts';
import type { FieldDefinition } from './fields.ts';

/** The standard fields of leads as definitions, in describe's order; the id is not among them. */
export const leadFieldDefinitions: readonly FieldDefinition[] = leadFields.map(
  ({ name, displayName, dataType, size }) => ({
    name,
    displayName,
    description: null,
    dataType,
    size,
    custom: false,
    references: null,
  }),
);
