import type { FieldValue } from '../../records/field-values.ts';
import type { Draft } from '../draft.ts';
import type { RowOutcome, ValueChanges } from '../outcome.ts';
import { refuse } from '../refusal.ts';
import { updatedNow } from '../updated-now.ts';
import { type CustomObjectRecord, type CustomObjectTypeRecord, isLeadId } from './object-type.ts';
import type { SentObject } from './read-object.ts';

/** Returns the lead that MKTOID names; null: cleared; undefined: not sent. Refuses the row if there is none. */
export function leadOf({ attributes }: SentObject, draft: Draft): number | null | undefined {
  for (const [name, value] of attributes) {
    if (!isLeadId(name)) continue;
    if (value === null) return null;
    if (draft.record('Lead', Number(value)) === undefined) {
      refuse(`20103 - No lead found with ${name} = ${value}`);
    }
    return Number(value);
  }
  return undefined;
}

/** Locks the lead that an object leaves, so that no merge moves the object meanwhile. */
export function holdLead(
  before: CustomObjectRecord | undefined,
  leadId: number | null | undefined,
  draft: Draft,
): void {
  if (before === undefined || before.leadId === null || leadId === undefined) return;
  if (before.leadId !== leadId) draft.record('Lead', before.leadId);
}

/** Creates the object of a row. */
export function create(
  { key, attributes }: SentObject,
  leadId: number | null | undefined,
  { type, draft, now }: { type: CustomObjectTypeRecord; draft: Draft; now: string },
): RowOutcome {
  const id = draft.takeId('CustomObject');
  const values = [...attributes].filter((each): each is [string, FieldValue] => each[1] !== null);
  draft.put('CustomObject', {
    id,
    typeId: type.id,
    key,
    leadId: leadId ?? null,
    createdAt: now,
    updatedAt: now,
    attributes: Object.fromEntries(values),
  });
  return {
    status: 'CREATED',
    id,
    changed: values.map(([name]) => name),
    before: values.map(() => null),
    after: values.map(([, value]) => value),
  };
}

/** Changes what differs. The answer is UPDATED even if nothing does: there is no UNCHANGED in SyncStatusEnum. */
export function change(
  object: CustomObjectRecord,
  { attributes }: SentObject,
  leadId: number | null | undefined,
  { draft, now }: { draft: Draft; now: string },
): RowOutcome {
  const values = new Map(Object.entries(object.attributes));
  const changes: ValueChanges = { changed: [], before: [], after: [] };
  for (const [name, value] of attributes) {
    const before = values.get(name) ?? null;
    if (before === value) continue;
    changes.changed.push(name);
    changes.before.push(before);
    changes.after.push(value);
    if (value === null) values.delete(name);
    else values.set(name, value);
  }
  if (changes.changed.length > 0) {
    draft.put('CustomObject', {
      ...object,
      leadId: leadId === undefined ? object.leadId : leadId,
      updatedAt: updatedNow(object, now),
      attributes: Object.fromEntries(values),
    });
  }
  return { status: 'UPDATED', id: object.id, ...changes };
}
