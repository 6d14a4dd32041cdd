import type { DatabaseSync } from 'node:sqlite';
import { storedTypes } from '../../contract/fields.ts';
import { countedTypes, emptyRecordMaps, noNewIds, ownRecordMap, type RecordType } from '../../records/all.ts';
import type { Facts, LooseKey, Wanted, WantedLookup } from '../../rules/facts.ts';
import type { Schema } from '../../rules/schema.ts';
import { KeyHolderTable } from '../key-holders.ts';
import { distinctLookups, LookupTable } from '../lookup-table.ts';
import type { KeyIndex } from './keys.ts';
import { lookupReader } from './lookups.ts';
import type { RecordReaders } from './records.ts';
import { valueQuery } from './statements.ts';

/** The facts of one transaction. Each `load` adds to them. */
export interface Loading {
  readonly facts: Facts;
  /** A field was indexed during loading. */
  hasIndexed(): boolean;
  load(wanted: Wanted): void;
}

/** Ids of records to load; types of which none are wanted have no entry. */
type IdsToLoad = { [Type in RecordType]?: number[] };

function addIds(to: IdsToLoad, type: RecordType, ids: Iterable<number>): void {
  for (const id of ids) {
    to[type] ??= [];
    to[type].push(id);
  }
}

/** Returns a function that starts loading the facts of a new transaction. */
export function loader(
  db: DatabaseSync,
  readers: RecordReaders,
  keys: KeyIndex,
): (schema: Schema) => Loading {
  const readLookups = lookupReader(db);
  const lastId = valueQuery<[string], number>(db, 'SELECT last_id FROM counter WHERE type = ?');

  return (schema) => {
    const records = emptyRecordMaps();
    const keyHolders = new KeyHolderTable();
    let hasIndexed = false;
    const lookups = new LookupTable();
    const newIds = noNewIds();
    const facts: Facts & { looseKeys?: readonly LooseKey[] } = {
      records,
      keys: keyHolders,
      lookups,
      newIds,
      schema,
    };

    function loadRecords<Type extends RecordType>(
      type: Type,
      ids: Iterable<number>,
      costs?: readonly number[],
    ): void {
      const into = ownRecordMap(records, type);
      const missing: number[] = [];
      for (const id of ids) {
        if (into.has(id)) continue;
        into.set(id, null);
        missing.push(id);
      }
      for (const record of readers[type].byIds(missing, costs)) into.set(record.id, record);
    }

    function loadAll<Type extends RecordType>(type: Type): void {
      const into = ownRecordMap(records, type);
      for (const record of readers[type].all()) into.set(record.id, record);
    }

    /** Loads the holders of keys, and adds them to the ids to load. */
    function loadKeys(wanted: Wanted, ids: IdsToLoad): void {
      if (wanted.keys.length === 0) return;
      if (keys.ensureIndexed(wanted.keys)) hasIndexed = true;
      const found = keys.holders(wanted.keys, wanted.depth);
      for (const [index, key] of wanted.keys.entries()) {
        const holders = found[index] ?? [];
        keyHolders.set(key, holders, holders.length >= wanted.depth);
        addIds(ids, key.type, holders);
      }
    }

    /** Loads what lookups find, and adds it to the ids to load. */
    function loadLookups(wanted: readonly WantedLookup[], depth: number, ids: IdsToLoad): void {
      const found = readLookups(wanted, depth);
      for (const [index, lookup] of wanted.entries()) {
        const holders = found[index] ?? [];
        lookups.set(lookup, holders, depth);
        addIds(ids, lookup.type, holders);
      }
    }

    return {
      facts,
      // Not a getter: V8 makes a hidden class of its own for each object with one, and that class keeps the call's
      // records alive until the next full collection.
      hasIndexed: () => hasIndexed,
      load(wanted) {
        keyHolders.nextRound();
        const ids: IdsToLoad = {};
        for (const type in wanted.ids) addIds(ids, type as RecordType, wanted.ids[type as RecordType] ?? []);
        for (const type of wanted.all ?? []) loadAll(type);
        loadKeys(wanted, ids);
        if (wanted.lookups !== undefined) loadLookups(distinctLookups(wanted.lookups), wanted.depth, ids);
        for (const type in ids) loadRecords(type as RecordType, ids[type as RecordType] ?? [], wanted.costs);
        for (const type of countedTypes) {
          const count = wanted.newIds[type] ?? 0;
          if (count <= newIds[type].length) continue;
          const last = lastId.get(type) ?? 0;
          newIds[type] = Array.from({ length: count }, (_, index) => last + 1 + index);
        }
        if (wanted.looseKeys) {
          facts.looseKeys = storedTypes.flatMap((type) =>
            wanted.all?.includes(type) ? keys.loose(type) : keys.loose(type, [...records[type].keys()]),
          );
        }
      },
    };
  };
}
