import { declarationOf, type RecordType } from '../records/all.ts';
import type { WantedLookup } from './facts.ts';
import { declaredLookup, lookupValues, valuesIdentity } from './lookups.ts';

/** Finds the records that the current call created or changed, by lookup. */
export interface ChangedLookups {
  /** Returns the ids of changed records that the lookup finds now. */
  find(wanted: WantedLookup): readonly number[];
  put(type: RecordType, record: Identified): void;
}

interface Identified {
  readonly id: number;
}

type Changed = Readonly<Record<RecordType, ReadonlyMap<number, Identified | null>>>;

/** Identity of values → ids that had the values at some moment of the call. */
type Index = Map<string, Set<number>>;

const nobody: readonly number[] = [];

/** Indexes changed records by each lookup on first use. `changed`: their current state; null: removed. */
export function createChangedLookups(changed: Changed): ChangedLookups {
  const asked = new Map<RecordType, Map<string, Index>>();

  function add(index: Index, type: RecordType, columns: readonly string[], record: Identified): void {
    const identity = valuesIdentity(lookupValues(type, columns, record));
    const ids = index.get(identity);
    if (ids === undefined) index.set(identity, new Set([record.id]));
    else ids.add(record.id);
  }

  function indexOf({ type, lookup }: WantedLookup): Index {
    let ofType = asked.get(type);
    if (ofType === undefined) {
      ofType = new Map();
      asked.set(type, ofType);
    }
    let index = ofType.get(lookup);
    if (index === undefined) {
      index = new Map();
      ofType.set(lookup, index);
      const { columns } = declaredLookup(type, lookup);
      for (const record of changed[type].values()) if (record !== null) add(index, type, columns, record);
    }
    return index;
  }

  return {
    find(wanted) {
      const { type, lookup, values } = wanted;
      const ids = indexOf(wanted).get(valuesIdentity(values));
      if (ids === undefined) return nobody;
      const { columns } = declaredLookup(type, lookup);
      return [...ids].filter((id) => {
        const record = changed[type].get(id);
        return (
          record != null && valuesIdentity(lookupValues(type, columns, record)) === valuesIdentity(values)
        );
      });
    },
    put(type, record) {
      for (const [name, index] of asked.get(type) ?? []) {
        add(index, type, declarationOf[type].lookups?.[name]?.columns ?? [], record);
      }
    },
  };
}
