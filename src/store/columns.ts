import { type FieldDefinition, type StoredType, standardFields } from '../contract/fields.ts';
import type { RecordType } from '../mobjects/records.ts';

/** A standard field and the column that holds it. */
export interface FieldColumn {
  readonly field: FieldDefinition;
  readonly column: string;
}

/** The table of each type of record. */
export const tableNames: Readonly<Record<RecordType, string>> = {
  Program: 'program',
  Opportunity: 'opportunity',
  OpportunityPersonRole: 'opportunity_person_role',
  Lead: 'lead',
  Company: 'company',
};

/** `ExternalCreatedDate` → `external_created_date`. */
const snakeCase = (name: string): string =>
  name.replace(/(?<=[a-z])[A-Z]/g, (capital) => `_${capital}`).toLowerCase();

const columnsOf = (type: StoredType): readonly FieldColumn[] =>
  standardFields[type]
    .filter(({ name }) => name !== 'Id')
    .map((field) => ({ field, column: snakeCase(field.name) }));

/** The columns of the standard fields, in describe's order. `Id` is not among them: it is the key of the table. */
export const fieldColumns: Readonly<Record<StoredType, readonly FieldColumn[]>> = {
  Opportunity: columnsOf('Opportunity'),
  OpportunityPersonRole: columnsOf('OpportunityPersonRole'),
};
