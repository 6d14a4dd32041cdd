import { isStored } from '../contract/fields.ts';
import { isKeyed, type KeyedType } from '../records/all.ts';
import type { Facts, Wanted, WantedKey, WantedLookup } from '../rules/facts.ts';
import { lookup, valuesIdentity } from '../rules/lookups.ts';
import { quote } from '../rules/refusal.ts';
import { resolveKey } from '../rules/resolve-key.ts';
import { defaultSettings } from '../rules/settings.ts';
import type { IdSet } from './id-set.ts';
import type { Layout } from './layout.ts';
import type { FileRecord, PlacedValue } from './read-record.ts';

export interface SearchOptions {
  readonly layout: Layout;
  /** The id from which free ones are searched, for types whose ids the store does not assign. */
  readonly firstId: number;
  /** The ids that this run has assigned. */
  readonly assigned: IdSet;
}

export interface FailedRecord {
  readonly record: FileRecord;
  readonly problem: string;
}

/** A record whose id is known. */
export interface Target {
  readonly record: FileRecord;
  readonly id: number;
  readonly values: readonly PlacedValue[];
}

export interface FoundRecords {
  readonly targets: readonly Target[];
  readonly failed: readonly FailedRecord[];
  /** Records that an earlier one of the batch means, too. */
  readonly again: readonly FileRecord[];
  /** The ids that were assigned. */
  readonly newIds: readonly number[];
}

/** Finds out which record each row means, or what has to be loaded to tell. */
export function findRecords(
  records: readonly FileRecord[],
  facts: Facts,
  options: SearchOptions,
): FoundRecords | { readonly more: Wanted } {
  const search = searchIn(facts, options);
  const found = search.all(records);
  return search.isMissing() ? { more: search.missing() } : found;
}

function searchIn(facts: Facts, { layout, assigned, firstId }: SearchOptions) {
  const { type } = layout;
  const ids = new Set<number>();
  const keys: WantedKey[] = [];
  const lookups: WantedLookup[] = [];
  const context = { schema: facts.schema, settings: defaultSettings };

  /** Undefined: not loaded yet. */
  function holder(
    target: KeyedType,
    key: { name: string; value: string },
  ): number | null | undefined | string {
    const resolved = resolveKey(target, key, context);
    if ('problem' in resolved) return resolved.problem;
    const holders = facts.keys.get(resolved.wanted);
    if (holders === undefined) keys.push(resolved.wanted);
    return holders === undefined ? undefined : (holders[0] ?? null);
  }

  function isLoaded(id: number): boolean {
    if (facts.records[type].get(id) !== undefined) return true;
    ids.add(id);
    return false;
  }

  function all(records: readonly FileRecord[]): FoundRecords {
    const taken = new Map<string | number, number>();
    const given = new Set(records.map(({ id }) => id));
    const targets: Target[] = [];
    const failed: FailedRecord[] = [];
    const again: FileRecord[] = [];
    const newIds: number[] = [];
    const counted = facts.newIds[type as keyof Facts['newIds']] ?? [];
    let next = firstId;
    let nextCounted = 0;

    function freeId(): number | undefined {
      if (isStored(type)) {
        while (given.has(counted[nextCounted])) nextCounted += 1;
        const id = counted[nextCounted++];
        if (id === undefined) moreIds += 1;
        return id;
      }
      for (; ; next += 1) {
        if (given.has(next)) continue;
        if (!isLoaded(next)) {
          next += 1;
          return undefined;
        }
        if (facts.records[type].get(next) === null) return next++;
      }
    }

    function identify(record: FileRecord, values: readonly PlacedValue[]): number | string | undefined {
      if (record.id !== undefined) {
        if (assigned.has(record.id))
          return `id ${record.id}: was assigned to an earlier row of the file that has none; give all rows ids, or none`;
        return isLoaded(record.id) ? record.id : undefined;
      }
      const [name, found] = wantedOf(record, values);
      if (typeof found === 'string') return found;
      if (found === undefined) return undefined;
      if (found !== null) return isLoaded(found) ? found : undefined;
      const before = taken.get(name);
      if (before !== undefined) return before;
      const id = freeId();
      if (id !== undefined) newIds.push(id);
      if (id !== undefined && name !== '') taken.set(name, id);
      return id;
    }

    /** The identity of a row without an id, and the record that has it: null if none has. */
    function wantedOf(
      record: FileRecord,
      values: readonly PlacedValue[],
    ): readonly [string, number | null | undefined | string] {
      if (record.key !== undefined && isKeyed(type)) {
        return [`${record.key.name}=${record.key.value}`, holder(type, record.key)];
      }
      const role = type === 'OpportunityPersonRole' ? roleOf(values) : undefined;
      if (role === undefined) return ['', null];
      const found = facts.lookups.get(role);
      if (found === undefined) lookups.push(role);
      return [valuesIdentity(role.values), found === undefined ? undefined : (found[0] ?? null)];
    }

    for (const record of records) {
      const values = [...record.values];
      const problem = resolveReferences(record, values);
      if (problem !== null) {
        if (problem !== undefined) failed.push({ record, problem });
        continue;
      }
      const id = identify(record, values);
      if (typeof id === 'string') failed.push({ record, problem: id });
      else if (id !== undefined && taken.has(id)) again.push(record);
      else if (id !== undefined) {
        taken.set(id, id);
        targets.push({ record, id, values });
      }
    }
    return { targets, failed, again, newIds };
  }

  let moreIds = 0;

  /** Adds the ids of objects that are named by key. Returns a problem, or undefined if something is not loaded yet. */
  function resolveReferences({ references }: FileRecord, values: PlacedValue[]): string | null | undefined {
    let isMissing = false;
    for (const { target, key } of references) {
      const id = holder(target, key);
      if (typeof id === 'string') return `${target}.${key.name}: ${id}`;
      if (id === null) return `${target}.${key.name}: no ${target} has ${key.name} = ${quote(key.value)}`;
      const field = layout.fields.find((each) => each.references === target);
      if (id === undefined) isMissing = true;
      else if (field !== undefined) values.push({ place: field.place, value: id });
    }
    return isMissing ? undefined : null;
  }

  return {
    all,
    isMissing: () => ids.size + keys.length + lookups.length + moreIds > 0,
    missing: (): Wanted => ({
      ids: { [type]: ids },
      keys,
      lookups,
      newIds: moreIds === 0 ? {} : { [type]: (facts.newIds[type as 'Opportunity']?.length ?? 0) + moreIds },
      depth: 1,
      looseKeys: true,
    }),
  };
}

/** Returns the opportunity, person and role by which a role is found (docs/behaviour.md#roles-without-an-id). */
function roleOf(values: readonly PlacedValue[]): WantedLookup | undefined {
  const valueAt = (property: string) =>
    values.findLast(({ place }) => place.kind === 'property' && place.property === property)?.value ?? null;
  const [opportunityId, personId] = [Number(valueAt('opportunityId')), Number(valueAt('leadId'))];
  const role = valueAt('role');
  if (!(opportunityId > 0 && personId > 0)) return undefined;
  return lookup(
    'OpportunityPersonRole',
    'triple',
    opportunityId,
    personId,
    role === null ? null : String(role),
  );
}
