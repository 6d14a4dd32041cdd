import type { StoredType } from '../contract/fields.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { keyText, type MObjectRecord } from './records.ts';
import { foldName } from './schema.ts';

/** A key of an opportunity or role. */
export type StoredKey = WantedKey & { readonly type: StoredType };

/** Which of the objects that a call changed or created may have a key. */
export interface ChangedHolders {
  /** The ids of all that have the key now, and perhaps of some that had it before. */
  find(key: StoredKey): Iterable<number>;
  put(type: StoredType, record: MObjectRecord): void;
  addLooseKey(key: LooseKey): void;
  /** To be called when fields were defined: what a key's name means has changed. */
  forget(): void;
}

export interface ChangedHoldersParts {
  /** What was changed so far, as it is now; null: removed. */
  readonly changed: Readonly<Record<StoredType, ReadonlyMap<number, MObjectRecord | null>>>;
  readonly looseKeys: readonly LooseKey[];
  /** The field that a key's name means, in its own spelling. */
  readonly fieldName: (type: StoredType, keyName: string) => string | undefined;
}

/** An index over names that were asked for: each row of a call asks, and must not look at all rows before it. */
export function createChangedHolders({ changed, looseKeys, fieldName }: ChangedHoldersParts): ChangedHolders {
  const asked: Record<StoredType, Map<string, Map<string, Set<number>>>> = {
    Opportunity: new Map(),
    OpportunityPersonRole: new Map(),
  };

  function add(holders: Map<string, Set<number>>, value: string, id: number): void {
    const ids = holders.get(value);
    if (ids === undefined) holders.set(value, new Set([id]));
    else ids.add(id);
  }

  function addRecord(
    holders: Map<string, Set<number>>,
    name: string | undefined,
    { id, values }: MObjectRecord,
  ): void {
    const value = name === undefined ? undefined : values.get(name);
    if (value !== undefined) add(holders, keyText(value), id);
  }

  function indexName(type: StoredType, keyName: string): Map<string, Set<number>> {
    const holders = new Map<string, Set<number>>();
    const name = fieldName(type, keyName);
    for (const record of changed[type].values()) if (record !== null) addRecord(holders, name, record);
    for (const loose of looseKeys) {
      if (loose.type === type && foldName(loose.name) === keyName) add(holders, loose.value, loose.id);
    }
    asked[type].set(keyName, holders);
    return holders;
  }

  return {
    find({ type, name, value }) {
      const holders = asked[type].get(name) ?? indexName(type, name);
      return holders.get(value) ?? [];
    },
    put(type, record) {
      for (const [keyName, holders] of asked[type]) addRecord(holders, fieldName(type, keyName), record);
    },
    addLooseKey({ type, id, name, value }) {
      const holders = asked[type].get(foldName(name));
      if (holders !== undefined) add(holders, value, id);
    },
    forget() {
      asked.Opportunity.clear();
      asked.OpportunityPersonRole.clear();
    },
  };
}
