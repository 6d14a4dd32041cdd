import { byStoredType, type StoredType, storedTypes } from '../contract/fields.ts';
import type { MObjectRecord } from '../records/all.ts';
import { keyText } from '../records/field-values.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { foldName } from './schema.ts';

/** A key of an opportunity or role. */
export type StoredKey = WantedKey & { readonly type: StoredType };

/** Which of the objects that a call changed or created have a key because of it. */
export interface ChangedHolders {
  /** The ids of all that have the key now and do not in the store, and perhaps of some that had it in between. */
  find(key: StoredKey): readonly number[];
  put(type: StoredType, record: MObjectRecord): void;
  addLooseKey(key: LooseKey): void;
  /** To be called when fields were defined: what a key's name means has changed. */
  forget(): void;
}

export interface ChangedHoldersParts {
  /** What was changed so far, as it is now; null: removed. */
  readonly changed: Readonly<Record<StoredType, ReadonlyMap<number, MObjectRecord | null>>>;
  /** What the store holds of those that were changed; null: nothing. */
  readonly stored: Readonly<Record<StoredType, ReadonlyMap<number, MObjectRecord | null>>>;
  readonly looseKeys: readonly LooseKey[];
  /** The field that a key's name means, in its own spelling. */
  readonly fieldName: (type: StoredType, keyName: string) => string | undefined;
}

/** Value of a key → ids. */
type Holders = Map<string, number[]>;

const nobody: readonly number[] = [];

/** An index over names that were asked for: each row of a call asks, and must not look at all rows before it. */
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
    // Those that had it before are found as the store's holders.
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
