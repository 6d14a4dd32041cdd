import { byStoredType, type StoredType, storedTypes } from '../contract/fields.ts';
import type { MObjectRecord } from '../records/all.ts';
import { keyText } from '../records/field-values.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { foldName } from './schema.ts';

/** An external key of an opportunity or role. */
export type StoredKey = WantedKey & { readonly type: StoredType };

/** Finds the objects that the current call created or changed, by external key. */
export interface ChangedHolders {
  /**
   * Returns the ids of changed objects that hold the key now and did not in the store. May also return objects that
   * held it only in between.
   */
  find(key: StoredKey): readonly number[];
  put(type: StoredType, record: MObjectRecord): void;
  addLooseKey(key: LooseKey): void;
  /** Drops the index. Called after fields were created, since a key name may now refer to a field. */
  forget(): void;
}

export interface ChangedHoldersParts {
  /** The changed objects in their current state; null: removed. */
  readonly changed: Readonly<Record<StoredType, ReadonlyMap<number, MObjectRecord | null>>>;
  /** The stored state of the changed objects; null: not stored. */
  readonly stored: Readonly<Record<StoredType, ReadonlyMap<number, MObjectRecord | null>>>;
  readonly looseKeys: readonly LooseKey[];
  /** Returns the field that a key name refers to, in the spelling of its definition. */
  readonly fieldName: (type: StoredType, keyName: string) => string | undefined;
}

/** Key value → ids. */
type Holders = Map<string, number[]>;

const nobody: readonly number[] = [];

/** Indexes changed objects by each key name on first use, so that a row need not scan all rows before it. */
export function createChangedHolders(parts: ChangedHoldersParts): ChangedHolders {
  const { changed, stored, looseKeys, fieldName } = parts;
  const asked = byStoredType(() => new Map<string, Holders>());

  function add(holders: Holders, value: string, id: number): void {
    const ids = holders.get(value);
    if (ids === undefined) holders.set(value, [id]);
    else if (!ids.includes(id)) ids.push(id);
  }

  function addRecord(
    holders: Holders,
    type: StoredType,
    name: string | undefined,
    { id, values }: MObjectRecord,
  ): void {
    if (name === undefined) return;
    // Objects that already held the value are found in the store.
    if (stored[type].get(id)?.values.agrees(name, values)) return;
    const value = values.get(name);
    if (value !== undefined) add(holders, keyText(value), id);
  }

  function indexName(type: StoredType, keyName: string): Holders {
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
      for (const type of storedTypes) asked[type].clear();
    },
  };
}
