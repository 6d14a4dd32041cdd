import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import { valueFields } from '../rules/field-values.ts';
import type { RecordType } from '../rules/records.ts';

/** A standard field and its column. */
export interface FieldColumn {
  readonly field: FieldDefinition;
  readonly column: string;
}

/** The table of each record type. */
export const tableNames: Readonly<Record<RecordType, string>> = {
  Program: 'program',
  Opportunity: 'opportunity',
  OpportunityPersonRole: 'opportunity_person_role',
  Lead: 'lead',
  Company: 'company',
};

/** Converts `ExternalCreatedDate` to `external_created_date`. */
const snakeCase = (name: string): string =>
  name.replace(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();

const columnsOf = (type: StoredType): readonly FieldColumn[] =>
  valueFields[type].map((field) => ({ field, column: snakeCase(field.name) }));

/** The columns of `valueFields`, in the same order. `Id` is not included: it is the primary key. */
export const fieldColumns: Readonly<Record<StoredType, readonly FieldColumn[]>> = {
  Opportunity: columnsOf('Opportunity'),
  OpportunityPersonRole: columnsOf('OpportunityPersonRole'),
};
