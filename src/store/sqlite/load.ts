import type { DatabaseSync } from 'node:sqlite';
import { storedTypes } from '../../contract/fields.ts';
import {
  byCounter,
  byType,
  countedTypes,
  emptyRecordMaps,
  type Records,
  type RecordType,
  recordTypes,
} from '../../records/all.ts';
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
    const newIds = byCounter((): number[] => []);
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
      const into: Map<number, Records[Type] | null> = records[type];
      const missing: number[] = [];
      for (const id of ids) {
        if (into.has(id)) continue;
        into.set(id, null);
        missing.push(id);
      }
      for (const record of readers[type].byIds(missing, costs)) into.set(record.id, record);
    }

    function loadAll<Type extends RecordType>(type: Type): void {
      const into: Map<number, Records[Type] | null> = records[type];
      for (const record of readers[type].all()) into.set(record.id, record);
    }

    /** Loads the holders of keys, and adds them to the ids to load. */
    function loadKeys(wanted: Wanted, ids: Record<RecordType, number[]>): void {
      if (wanted.keys.length === 0) return;
      if (keys.ensureIndexed(wanted.keys)) hasIndexed = true;
      const found = keys.holders(wanted.keys, wanted.depth);
      for (const [index, key] of wanted.keys.entries()) {
        const holders = found[index] ?? [];
        keyHolders.set(key, holders, holders.length >= wanted.depth);
        for (const id of holders) ids[key.type].push(id);
      }
    }

    /** Loads what lookups find, and adds it to the ids to load. */
    function loadLookups(
      wanted: readonly WantedLookup[],
      depth: number,
      ids: Record<RecordType, number[]>,
    ): void {
      const found = readLookups(wanted, depth);
      for (const [index, lookup] of wanted.entries()) {
        const holders = found[index] ?? [];
        lookups.set(lookup, holders, depth);
        for (const id of holders) ids[lookup.type].push(id);
      }
    }

    return {
      facts,
      // Not a getter: V8 makes a hidden class of its own for each object with one, and that class keeps the call's
      // records alive until the next full collection.
      hasIndexed: () => hasIndexed,
      load(wanted) {
        keyHolders.nextRound();
        const ids = byType(({ name }) => [...(wanted.ids[name as RecordType] ?? [])]);
        for (const type of wanted.all ?? []) loadAll(type);
        loadKeys(wanted, ids);
        if (wanted.lookups !== undefined) loadLookups(distinctLookups(wanted.lookups), wanted.depth, ids);
        for (const type of recordTypes) if (ids[type].length > 0) loadRecords(type, ids[type], wanted.costs);
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
