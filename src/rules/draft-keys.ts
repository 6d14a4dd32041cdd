import { type FieldDefinition, hasValues, type ValueType } from '../contract/fields.ts';
import type { CompanyRecord, RecordMaps, Records, RecordType } from '../records/all.ts';
import { keyText } from '../records/field-values.ts';
import { heldValue, type Valued } from '../records/held-value.ts';
import type { ChangedHolders, StoredKey } from './changed-holders.ts';
import type { Facts, LooseKey, WantedKey } from './facts.ts';
import type { MissingData } from './missing-data.ts';
import { foldName } from './schema.ts';

/** The parts of a draft that decide who holds an external key. */
export interface DraftKeyParts {
  readonly facts: Facts;
  /** The changed records; null: removed. */
  readonly current: RecordMaps;
  /** The loose keys that the call has added. */
  readonly looseKeys: readonly LooseKey[];
  readonly changedHolders: ChangedHolders;
  readonly missing: MissingData;
  readonly record: <Type extends RecordType>(type: Type, id: number) => Records[Type] | undefined;
  readonly field: (owner: ValueType, name: string) => FieldDefinition | undefined;
}

/** Returns a function that finds the newest object that has a key now. */
export function newestHolderFinder(parts: DraftKeyParts): (key: WantedKey) => number | undefined {
  const { facts, current, looseKeys, changedHolders, missing, record } = parts;

  /** Returns whether a changed or created object has the key now. */
  function holds(key: WantedKey, id: number): boolean {
    if (record(key.type, id) === undefined) return false;
    if (looseKeys.some((loose) => loose.type === key.type && loose.id === id && isLoose(loose, key)))
      return true;
    if (key.type === 'Company') {
      const { externalKeys } = record('Company', id) as CompanyRecord;
      return [...externalKeys].some(([name, value]) => foldName(name) === key.name && value === key.value);
    }
    const name = parts.field(key.type, key.name)?.name;
    if (name === undefined) return false;
    const value = heldValue(key.type, record(key.type, id) as Valued, name);
    return value !== undefined && keyText(value) === key.value;
  }

  function newestHolder(key: WantedKey): number | undefined {
    const loaded = facts.keys.get(key);
    if (loaded === undefined) return missing.askKey(key);
    const changed = current[key.type];
    let newest = loaded.find((id) => !changed.has(id) || stillHolds(key, id));
    if (newest === undefined && facts.keys.isCut(key)) {
      missing.deepen(changed.size + 1);
      return missing.askKey(key);
    }
    for (const id of isStoredKey(key) ? changedHolders.find(key) : changed.keys()) {
      if ((newest === undefined || id > newest) && holds(key, id)) newest = id;
    }
    return newest;
  }

  /**
   * Returns whether a stored holder that an earlier row changed still has the key. It had the key as a field value,
   * which may have changed, or as a loose key, which never changes.
   */
  function stillHolds(key: WantedKey, id: number): boolean {
    const now = record(key.type, id);
    if (now === undefined) return false;
    const field = facts.schema.fields[key.type].find(key.name);
    if (field === undefined || holds(key, id)) return true;
    const stored = facts.records[key.type].get(id);
    const value =
      stored && hasValues(key.type) ? heldValue(key.type, stored as Valued, field.name) : undefined;
    return value === undefined || keyText(value) !== key.value || hasStoredLooseKey(key, id);
  }

  function hasStoredLooseKey(key: WantedKey, id: number): boolean {
    if (facts.looseKeys === undefined) return missing.askLooseKeys();
    return facts.looseKeys.some((loose) => loose.type === key.type && loose.id === id && isLoose(loose, key));
  }

  return newestHolder;
}

const isStoredKey = (key: WantedKey): key is StoredKey => hasValues(key.type);

const isLoose = (loose: LooseKey, key: WantedKey) =>
  foldName(loose.name) === key.name && loose.value === key.value;
