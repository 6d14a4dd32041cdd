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
import {
  type Facts,
  type LooseKey,
  rolesIdentity,
  type Wanted,
  type WantedRoles,
} from '../../rules/facts.ts';
import type { Schema } from '../../rules/schema.ts';
import { KeyHolderTable } from '../key-holders.ts';
import type { KeyIndex } from './keys.ts';
import type { RecordReaders } from './records.ts';
import { rowQuery, valueQuery } from './statements.ts';

/** The facts of one transaction. Each `load` adds to them. */
export interface Loading {
  readonly facts: Facts;
  /** A field was indexed during loading. */
  readonly hasIndexed: boolean;
  load(wanted: Wanted): void;
}

/** Returns a function that starts loading the facts of a new transaction. */
export function loader(
  db: DatabaseSync,
  readers: RecordReaders,
  keys: KeyIndex,
): (schema: Schema) => Loading {
  const holdersOf = rolesReader(db);
  const rolesOfOpportunity = valueQuery<[number], number>(
    db,
    'SELECT id FROM opportunity_person_role WHERE opportunity_id = ? ORDER BY id',
  );
  const lastId = valueQuery<[string], number>(db, 'SELECT last_id FROM counter WHERE type = ?');

  return (schema) => {
    const records = emptyRecordMaps();
    const keyHolders = new KeyHolderTable();
    let hasIndexed = false;
    const roles = new Map<string, readonly number[]>();
    const opportunityRoles = new Map<number, readonly number[]>();
    const newIds = byCounter((): number[] => []);
    const facts: Facts & { looseKeys?: readonly LooseKey[] } = {
      records,
      keys: keyHolders,
      roles,
      opportunityRoles,
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

    return {
      facts,
      get hasIndexed() {
        return hasIndexed;
      },
      load(wanted) {
        keyHolders.nextRound();
        const ids = byType(({ name }) => [...(wanted.ids[name as RecordType] ?? [])]);
        for (const type of wanted.all ?? []) loadAll(type);
        loadKeys(wanted, ids);
        for (const [identity, holders] of holdersOf(wanted.roles, wanted.depth)) {
          roles.set(identity, holders);
          ids.OpportunityPersonRole.push(...holders);
        }
        for (const opportunityId of wanted.opportunityRoles ?? []) {
          const found = rolesOfOpportunity.all(opportunityId);
          opportunityRoles.set(opportunityId, found);
          ids.OpportunityPersonRole.push(...found);
        }
        for (const type of recordTypes) loadRecords(type, ids[type], wanted.costs);
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

/** Reads roles by pair, or by pair and role: `rolesIdentity` → ids, newest first. */
function rolesReader(db: DatabaseSync) {
  const statement = (role: string) =>
    rowQuery<[number, string], [number, string]>(
      db,
      `SELECT asked.key, (
           SELECT json_group_array(id) FROM (
             SELECT id FROM opportunity_person_role
             WHERE opportunity_id = asked.value ->> 0 AND person_id = asked.value ->> 1${role}
             ORDER BY id DESC LIMIT ?
           )
         ) FROM json_each(?) AS asked`,
    );
  const ofPair = statement('');
  const ofRole = statement(' AND role IS asked.value ->> 2');

  return (wanted: readonly WantedRoles[], depth: number): Map<string, number[]> => {
    const found = new Map<string, number[]>();
    for (const query of [ofPair, ofRole]) {
      const asked = wanted.filter(({ role }) => (role === undefined) === (query === ofPair));
      if (asked.length === 0) continue;
      const triples = asked.map(({ opportunityId, personId, role }) => [opportunityId, personId, role]);
      for (const [index, ids] of query.all(depth, JSON.stringify(triples))) {
        const pair = asked[index];
        if (pair !== undefined) found.set(rolesIdentity(pair), JSON.parse(ids));
      }
    }
    return found;
  };
}
