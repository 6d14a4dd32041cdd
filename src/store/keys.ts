import { type FieldDefinition, hasValues, type ValueType } from '../contract/fields.ts';
import { declarationOf, type RecordType } from '../records/all.ts';
import { keyText } from '../records/field-values.ts';
import { agreeOn, heldValue, type Valued } from '../records/held-value.ts';
import type { AnyRecordChange, WantedKey } from '../rules/facts.ts';
import type { ObjectQuery } from '../rules/query.ts';
import { foldName, type Schema } from '../rules/schema.ts';

/** A folded name and a value that identify an object. */
export type Key = readonly [name: string, value: string];

/** The effect of a record change on the key index. */
export interface KeyChange {
  readonly removed: readonly Key[];
  readonly added: readonly Key[];
}

/**
 * Returns the keys that a change adds to and removes from a record. Types with fields are indexed by
 * `keyFields`, companies by their external keys.
 */
export function keyChange(
  change: AnyRecordChange,
  keyFields: Readonly<Record<ValueType, readonly FieldDefinition[]>>,
): KeyChange {
  if (keepsItsKeys(change, keyFields)) return unchanged;
  const before = keysOf(change.type, change.before, keyFields);
  const after = keysOf(change.type, change.after, keyFields);
  if (before.length === 0 || after.length === 0) return { removed: before, added: after };
  return { removed: without(before, after), added: without(after, before) };
}

const unchanged: KeyChange = { removed: [], added: [] };

/** Tells whether the key fields of a record are unchanged, as in most updates. */
function keepsItsKeys({ type, before, after }: AnyRecordChange, keyFields: KeyFields): boolean {
  if (!hasValues(type) || before === undefined || after === undefined) return false;
  for (const { name } of keyFields[type]) {
    if (!agreeOn(type, name, before as Valued, after as Valued)) return false;
  }
  return true;
}

type KeyFields = Parameters<typeof keyChange>[1];

function keysOf(type: RecordType, record: object | undefined, keyFields: KeyFields): Key[] {
  const { keys } = declarationOf[type];
  if (record === undefined || keys === undefined) return [];
  if (keys === 'fields' && hasValues(type)) {
    return keyFields[type].flatMap(({ name }) => {
      const value = heldValue(type, record as Valued, name);
      return value === undefined ? [] : [[foldName(name), keyText(value)] as const];
    });
  }
  return (keys as readonly string[]).flatMap((property) => {
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
): [ValueType, FieldDefinition][] {
  const found = new Map<FieldDefinition, [ValueType, FieldDefinition]>();
  for (const { type, name } of keys) {
    const field = hasValues(type) ? schema.fields[type].find(name) : undefined;
    if (hasValues(type) && field !== undefined && !keyFields[type].includes(field))
      found.set(field, [type, field]);
  }
  return [...found.values()];
}

/** Returns the external keys that a query looks up: a lead with the key of a company leads to its company. */
export const keysOfQuery = ({ key, associations }: ObjectQuery): WantedKey[] => [
  ...(key === undefined ? [] : [key]),
  ...associations.flatMap(({ target, pointer }): WantedKey[] => {
    if (!('key' in pointer)) return [];
    return target === 'Company' ? [pointer.key, { ...pointer.key, type: 'Lead' }] : [pointer.key];
  }),
];
