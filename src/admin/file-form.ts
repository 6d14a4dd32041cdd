import { isStored } from '../contract/fields.ts';
import { exportRecord } from '../instance/export.ts';
import { fileTypes, type Records, type RecordType } from '../records/all.ts';
import type { Schema } from '../rules/schema.ts';

/** The types whose objects the instance file creates; calls create the others. */
export const editableTypes: readonly RecordType[] = fileTypes.filter((type) => !isStored(type));

/** Returns an object as the instance file writes it, without its id and times. */
export function fileForm<Type extends RecordType>(
  type: Type,
  record: Records[Type],
  schema: Schema,
): Record<string, unknown> {
  const {
    id: _,
    createdAt: __,
    updatedAt: ___,
    ...form
  } = exportRecord(type, record, [], null, schema) as Record<string, unknown>;
  return form;
}
