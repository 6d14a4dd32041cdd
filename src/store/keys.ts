import { type FieldDefinition, isStored, type StoredType } from '../contract/fields.ts';
import { declarationOf, type MObjectRecord, type RecordType } from '../records/all.ts';
import { type FieldValues, keyText } from '../records/field-values.ts';
import type { AnyRecordChange, WantedKey } from '../rules/facts.ts';
import { foldName, type Schema } from '../rules/schema.ts';

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
  const before = keysOf(change.type, change.before, keyFields);
  const after = keysOf(change.type, change.after, keyFields);
  if (before.length === 0 || after.length === 0) return { removed: before, added: after };
  return { removed: without(before, after), added: without(after, before) };
}

const unchanged: KeyChange = { removed: [], added: [] };

/** Tells whether the key fields of an opportunity or role are unchanged, as in most updates. */
function keepsItsKeys({ type, before, after }: AnyRecordChange, keyFields: KeyFields): boolean {
  if (!isStored(type) || before === undefined || after === undefined) return false;
  const [was, is] = [before, after] as MObjectRecord[];
  return keyFields[type].every(({ name }) => was?.values.agrees(name, is?.values as FieldValues));
}

type KeyFields = Parameters<typeof keyChange>[1];

function keysOf(type: RecordType, record: object | undefined, keyFields: KeyFields): Key[] {
  const { keys } = declarationOf[type];
  if (record === undefined || keys === undefined) return [];
  if (keys === 'fields') {
    const { values } = record as MObjectRecord;
    return keyFields[type as StoredType].flatMap(({ name }) => {
      const value = values.get(name);
      return value === undefined ? [] : [[foldName(name), keyText(value)] as const];
    });
  }
  return keys.flatMap((property) => {
    const value: ReadonlyMap<string, string> | string | null = Reflect.get(record, property);
    if (value === null) return [];
    return typeof value === 'string' ? [[foldName(property), value] as const] : folded(value);
  });
}

const folded = (texts: ReadonlyMap<string, string>): Key[] =>
  Array.from(texts, ([name, value]) => [foldName(name), value]);

const without = (keys: readonly Key[], others: readonly Key[]): Key[] =>
  keys.filter(([name, value]) => !others.some((other) => other[0] === name && other[1] === value));

/** Returns the fields that keys name and that are not in the index yet, each with its type. */
export function unindexedFields(
  keys: readonly WantedKey[],
  { schema, keyFields }: { readonly schema: Schema; readonly keyFields: KeyFields },
): [StoredType, FieldDefinition][] {
  const found = new Map<FieldDefinition, [StoredType, FieldDefinition]>();
  for (const { type, name } of keys) {
    const field = isStored(type) ? schema.fields[type].find(name) : undefined;
    if (isStored(type) && field !== undefined && !keyFields[type].includes(field))
      found.set(field, [type, field]);
  }
  return [...found.values()];
}
