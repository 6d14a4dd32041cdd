import { byValueType, type ValueType, valueTypes } from '../contract/fields.ts';
import { keyText } from '../records/field-values.ts';
import { agreeOn, heldValue, type Valued } from '../records/held-value.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { foldName } from './schema.ts';

/** An external key of a type with fields. */
export type StoredKey = WantedKey & { readonly type: ValueType };

/** Finds the objects that the current call created or changed, by external key. */
export interface ChangedHolders {
  /**
   * Returns the ids of changed objects that hold the key now and did not in the store. May also return objects that
   * held it only in between.
   */
  find(key: StoredKey): readonly number[];
  put(type: ValueType, record: Valued): void;
  addLooseKey(key: LooseKey): void;
  /** Drops the index. Called after fields were created, since a key name may now refer to a field. */
  forget(): void;
}

export interface ChangedHoldersParts {
  /** The changed objects in their current state; null: removed. */
  readonly changed: Readonly<Record<ValueType, ReadonlyMap<number, Valued | null>>>;
  /** The stored state of the changed objects; null: not stored. */
  readonly stored: Readonly<Record<ValueType, ReadonlyMap<number, Valued | null>>>;
  readonly looseKeys: readonly LooseKey[];
  /** Returns the field that a key name refers to, in the spelling of its definition. */
  readonly fieldName: (type: ValueType, keyName: string) => string | undefined;
}

/** Key value → ids. */
type Holders = Map<string, number[]>;

const nobody: readonly number[] = [];

/** Indexes changed objects by each key name on first use, so that a row need not scan all rows before it. */
export function createChangedHolders(parts: ChangedHoldersParts): ChangedHolders {
  const { changed, stored, looseKeys, fieldName } = parts;
  const asked = byValueType(() => new Map<string, Holders>());

  function add(holders: Holders, value: string, id: number): void {
    const ids = holders.get(value);
    if (ids === undefined) holders.set(value, [id]);
    else if (!ids.includes(id)) ids.push(id);
  }

  function addRecord(holders: Holders, type: ValueType, name: string | undefined, record: Valued): void {
    if (name === undefined) return;
    // Objects that already held the value are found in the store.
    const before = stored[type].get(record.id);
    if (before != null && agreeOn(type, name, before, record)) return;
    const value = heldValue(type, record, name);
    if (value !== undefined) add(holders, keyText(value), record.id);
  }

  function indexName(type: ValueType, keyName: string): Holders {
    const holders: Holders = new Map();
    const name = fieldName(type, keyName);
    for (const record of changed[type].values()) if (record !== null) addRecord(holders, type, name, record);
    for (const loose of looseKeys) {
      if (loose.type === type && foldName(loose.name) === keyName) add(holders, loose.value, loose.id);
    }
    asked[type].set(keyName, holders);
    return holders;
  }

  return {
    find({ type, name, value }) {
      const holders = asked[type].get(name) ?? indexName(type, name);
      return holders.size === 0 ? nobody : (holders.get(value) ?? nobody);
    },
    put(type, record) {
      for (const [keyName, holders] of asked[type])
        addRecord(holders, type, fieldName(type, keyName), record);
    },
    addLooseKey({ type, id, name, value }) {
      const holders = asked[type].get(foldName(name));
      if (holders !== undefined) add(holders, value, id);
    },
    forget() {
      for (const type of valueTypes) asked[type].clear();
    },
  };
}
