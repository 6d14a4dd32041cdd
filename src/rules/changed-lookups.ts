import { declarationOf, type RecordType } from '../records/all.ts';
import type { WantedLookup } from './facts.ts';
import { declaredLookup, lookupValues, valuesIdentity } from './lookups.ts';

/** Finds the records that the current call created or changed, by lookup. */
export interface ChangedLookups {
  /** Returns the ids of changed records that the lookup finds now. */
  find(wanted: WantedLookup): readonly number[];
  /** Returns the highest of them; undefined: none. */
  newest(wanted: WantedLookup): number | undefined;
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

  /** Returns the ids that had the values at some moment, and a function that tells whether one has them now. */
  function candidates(wanted: WantedLookup) {
    const { type, lookup, values } = wanted;
    const identity = valuesIdentity(values);
    const { columns } = declaredLookup(type, lookup);
    const isFound = (id: number): boolean => {
      const record = changed[type].get(id);
      return record != null && valuesIdentity(lookupValues(type, columns, record)) === identity;
    };
    return { ids: [...(indexOf(wanted).get(identity) ?? nobody)], isFound };
  }

  return {
    find(wanted) {
      const { ids, isFound } = candidates(wanted);
      return ids.filter(isFound);
    },
    newest(wanted) {
      const { ids, isFound } = candidates(wanted);
      let newest: number | undefined;
      // From the last one on, mostly the highest: very many rows of a call can create records of the same values.
      for (const id of ids.reverse()) if ((newest === undefined || id > newest) && isFound(id)) newest = id;
      return newest;
    },
    put(type, record) {
      for (const [name, index] of asked.get(type) ?? []) {
        add(index, type, declarationOf[type].lookups?.[name]?.columns ?? [], record);
      }
    },
  };
}
