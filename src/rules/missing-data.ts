import type { CountedType, RecordType } from '../records/all.ts';
import type { Facts, Wanted, WantedKey, WantedLookup } from './facts.ts';

/** Thrown when a decision reads a record that is not loaded. `MissingData.wanted` then returns what to load. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

/** Returns what `decide` returns, or undefined if it read a record that is not loaded. */
export function unlessMissing<Result>(decide: () => Result): Result | undefined {
  try {
    return decide();
  } catch (error) {
    if (error instanceof NotLoaded) return undefined;
    throw error;
  }
}

/** What a decision has read and is not loaded. Each `ask` throws `NotLoaded`. */
export interface MissingData {
  askRecord(type: RecordType, id: number): never;
  askKey(key: WantedKey): never;
  askLookup(lookup: WantedLookup): never;
  /** Asks for so many new ids. */
  askIds(type: CountedType, count: number): never;
  askLooseKeys(): never;
  /** Asks for at least so many holders of each key and records of each lookup. */
  deepen(depth: number): void;
  /** Returns what to load, undefined if nothing is missing. */
  wanted(): Wanted | undefined;
}

/** Starts with nothing missing. `depth`, `writes`: see `Wanted`. */
export function createMissingData(facts: Facts, depth: number, writes: readonly RecordType[]): MissingData {
  const ids: { [Type in RecordType]?: Set<number> } = {};
  const keys: WantedKey[] = [];
  const lookups: WantedLookup[] = [];
  const newIds: { [Type in CountedType]?: number } = {};
  // Keeps asking in later rounds: `Facts.looseKeys` is rebuilt each round.
  let looseKeys = facts.looseKeys !== undefined;
  let isMissing = false;
  /** Grows beyond the number of rows when one row removes several objects, so that older holders are loaded too. */
  let deepest = depth;

  function notLoaded(): never {
    isMissing = true;
    throw new NotLoaded();
  }

  return {
    askRecord(type, id) {
      ids[type] ??= new Set();
      ids[type].add(id);
      return notLoaded();
    },
    askKey(key) {
      keys.push(key);
      return notLoaded();
    },
    askLookup(lookup) {
      lookups.push(lookup);
      return notLoaded();
    },
    askIds(type, count) {
      newIds[type] = count;
      return notLoaded();
    },
    askLooseKeys() {
      looseKeys = true;
      return notLoaded();
    },
    deepen(least) {
      deepest = Math.max(deepest, least);
    },
    wanted: () => (isMissing ? { ids, keys, lookups, writes, newIds, looseKeys, depth: deepest } : undefined),
  };
}
