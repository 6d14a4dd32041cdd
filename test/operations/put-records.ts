import type { Records, RecordType } from '../../src/records/all.ts';
import { type FieldValue, fieldValues } from '../../src/records/field-values.ts';
import type { AnyRecordChange } from '../../src/rules/facts.ts';
import type { Store } from '../../src/store/store.ts';

type Content<Type extends RecordType> = { readonly type: Type; readonly record: Records[Type] };
export type Stored = { [Type in RecordType]: Content<Type> }[RecordType];

/** Writes new records as they are. */
export async function putRecords(store: Store, records: readonly Stored[]): Promise<void> {
  const changes = {
    records: records.map(
      ({ type, record }) => ({ type, before: undefined, after: record }) as unknown as AnyRecordChange,
    ),
    looseKeys: [],
    newFields: [],
  };
  await store.apply({ ids: {}, keys: [], newIds: {}, depth: 1 }, () => ({
    changes,
    answer: null,
    journal: null,
  }));
}

/** A lead updated at a second of 2026-11-01T00:00Z plus `second`. */
export const leadAt = (
  id: number,
  second: number,
  {
    email = null,
    values = {},
    companyId = null,
  }: { email?: string | null; values?: Record<string, FieldValue>; companyId?: number | null } = {},
): Stored => {
  const at = new Date(START + second * 1000).toISOString();
  return {
    type: 'Lead',
    record: {
      id,
      createdAt: at,
      updatedAt: at,
      email,
      companyId,
      workspaceId: null,
      values: fieldValues('Lead', Object.entries(values)),
    },
  };
};

export const START = Date.UTC(2026, 10, 1);
