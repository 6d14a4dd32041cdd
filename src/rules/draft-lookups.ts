import { declarationOf, type RecordMaps, type RecordType } from '../records/all.ts';
import type { Columns } from '../records/column.ts';
import type { ChangedLookups } from './changed-lookups.ts';
import type { Facts, WantedLookup } from './facts.ts';
import { declaredLookup } from './lookups.ts';
import type { MissingData } from './missing-data.ts';

/** Finds records as the rows of a call see them, by lookup. */
export interface DraftLookups {
  /** Returns the id of the newest record that a lookup currently finds. */
  newest(wanted: WantedLookup): number | undefined;
  /** Returns the ids of all records that a lookup currently finds, ascending. */
  all(wanted: WantedLookup): readonly number[];
  /** As `all`; undefined if there may be more than `atMost`, which are not loaded. */
  upTo(wanted: WantedLookup, atMost: number): readonly number[] | undefined;
}

/** The parts of a draft that decide what a lookup finds. */
export interface DraftLookupParts {
  readonly facts: Facts;
  /** The changed records; null: removed. */
  readonly current: RecordMaps;
  readonly changedLookups: ChangedLookups;
  readonly missing: MissingData;
}

/** Creates the lookups of a draft. */
export function draftLookups(parts: DraftLookupParts): DraftLookups {
  const { facts, current, changedLookups, missing } = parts;

  /** Returns those that a loaded lookup found and still finds, newest first. */
  function stillFound(asked: WantedLookup, isEnough: (ids: readonly number[]) => boolean): readonly number[] {
    const loaded = loadedFor(asked);
    const changed = current[asked.type];
    const unchanged = loaded.filter((id) => !changed.has(id));
    if (facts.lookups.isCut(asked) && !isEnough(unchanged)) {
      missing.deepen(changed.size + 1);
      return missing.askLookup(asked);
    }
    return unchanged;
  }

  /** Returns what the store found. What belongs to a record of this call is not stored yet. */
  function loadedFor(asked: WantedLookup): readonly number[] {
    return facts.lookups.get(asked) ?? (isOfNewRecord(asked) ? [] : missing.askLookup(asked));
  }

  function isOfNewRecord({ type, lookup, values }: WantedLookup): boolean {
    const columns: Columns = declarationOf[type].columns;
    return declaredLookup(type, lookup).columns.some((property, index) => {
      const references = columns[property]?.references as RecordType | undefined;
      if (references === undefined) return false;
      const id = values[index] as number;
      return current[references].has(id) && facts.records[references].get(id) === undefined;
    });
  }

  function newest(asked: WantedLookup): number | undefined {
    const found = stillFound(asked, (ids) => ids.length > 0)[0];
    const changed = changedLookups.newest(asked);
    return found === undefined || (changed !== undefined && changed > found) ? changed : found;
  }

  function all(asked: WantedLookup): readonly number[] {
    const found = stillFound({ ...asked, all: true }, () => false);
    return [...found, ...changedLookups.find(asked)].sort((a, b) => a - b);
  }

  function upTo(asked: WantedLookup, atMost: number): readonly number[] | undefined {
    const isCut = facts.lookups.isCut(asked);
    const loaded = facts.lookups.get(asked) ?? [];
    if (isCut && loaded.length > atMost) return undefined;
    missing.deepen(atMost + 1);
    if (isCut) missing.askLookup(asked);
    const found = stillFound(asked, () => true);
    return [...found, ...changedLookups.find(asked)].sort((a, b) => a - b);
  }

  return { newest, all, upTo };
}
