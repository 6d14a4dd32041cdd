import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import type { CompanyRecord, LeadRecord, MObjectRecord, RecordMaps } from '../records/all.ts';
import { keyText } from '../records/field-values.ts';
import type { AnyRecordChange, WantedKey } from '../rules/facts.ts';
import type { KeyHolderTable } from '../rules/key-holders.ts';
import { foldName } from '../rules/schema.ts';

/** A folded name and a value that identify an object. */
export type Key = readonly [name: string, value: string];

/** The effect of a record change on the key index. */
export interface KeyChange {
  readonly removed: readonly Key[];
  readonly added: readonly Key[];
}

/**
 * Returns the keys that a change adds to and removes from a record. Opportunities and roles are indexed by
 * `keyFields`, leads by all attributes and email, companies by their external keys.
 */
export function keyChange(
  change: AnyRecordChange,
  keyFields: Readonly<Record<StoredType, readonly FieldDefinition[]>>,
): KeyChange {
  if (keepsItsKeys(change, keyFields)) return unchanged;
  const before = keysBefore(change, keyFields);
  const after = keysAfter(change, keyFields);
  if (before.length === 0 || after.length === 0) return { removed: before, added: after };
  return { removed: without(before, after), added: without(after, before) };
}

const unchanged: KeyChange = { removed: [], added: [] };

/** Tells whether the key fields of an opportunity or role are unchanged, as in most updates. */
function keepsItsKeys({ type, before, after }: AnyRecordChange, keyFields: KeyFields): boolean {
  if (type !== 'Opportunity' && type !== 'OpportunityPersonRole') return false;
  if (before === undefined || after === undefined) return false;
  return keyFields[type].every(({ name }) => before.values.agrees(name, after.values));
}

type KeyFields = Parameters<typeof keyChange>[1];

const keysBefore = (change: AnyRecordChange, keyFields: KeyFields): Key[] =>
  keysOf({ ...change, record: change.before } as TypedRecord, keyFields);

const keysAfter = (change: AnyRecordChange, keyFields: KeyFields): Key[] =>
  keysOf({ ...change, record: change.after } as TypedRecord, keyFields);

type TypedRecord =
  | { readonly type: StoredType; readonly record: MObjectRecord | undefined }
  | { readonly type: 'Lead'; readonly record: LeadRecord | undefined }
  | { readonly type: 'Company'; readonly record: CompanyRecord | undefined }
  | { readonly type: 'Program'; readonly record: object | undefined };

function keysOf(typed: TypedRecord, keyFields: KeyFields): Key[] {
  if (typed.record === undefined) return [];
  switch (typed.type) {
    case 'Program':
      return [];
    case 'Lead': {
      const { attributes, email } = typed.record;
      return [...folded(attributes), ...(email === null ? [] : [['email', email] as const])];
    }
    case 'Company':
      return folded(typed.record.externalKeys);
    default: {
      const { values } = typed.record;
      return keyFields[typed.type].flatMap(({ name }) => {
        const value = values.get(name);
        return value === undefined ? [] : [[foldName(name), keyText(value)] as const];
      });
    }
  }
}

const folded = (texts: ReadonlyMap<string, string>): Key[] =>
  Array.from(texts, ([name, value]) => [foldName(name), value]);

const without = (keys: readonly Key[], others: readonly Key[]): Key[] =>
  keys.filter(([name, value]) => !others.some((other) => other[0] === name && other[1] === value));

/** Tells whether the key is named `Id`. It is not indexed: the object is found by its id. */
export const isId = (key: WantedKey): boolean => key.name === 'id';

/** Returns the id that a key named `Id` means; undefined if its value cannot be an id. */
export function idOfKey(key: WantedKey): number | undefined {
  if (!isId(key)) return undefined;
  const id = Number(key.value);
  return Number.isSafeInteger(id) && id > 0 && String(id) === key.value ? id : undefined;
}

/**
 * Adds the holders of keys named `Id`: the objects with these ids, if they exist. Their records must be loaded.
 */
export function noteOwnIds(keys: readonly WantedKey[], records: RecordMaps, holders: KeyHolderTable): void {
  for (const key of keys) {
    if (!isId(key)) continue;
    const id = idOfKey(key);
    holders.set(key, id !== undefined && records[key.type].get(id) ? [id] : [], false);
  }
}
