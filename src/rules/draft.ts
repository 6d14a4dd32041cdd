import {
  type FieldDefinition,
  hasValues,
  MAX_CREATED_FIELDS_PER_TYPE,
  MAX_ID,
  type ValueType,
} from '../contract/fields.ts';
import {
  byCounter,
  type CompanyRecord,
  type CountedType,
  declarationOf,
  emptyRecordMaps,
  ownRecordMap,
  type Records,
  type RecordType,
  recordTypes,
} from '../records/all.ts';
import type { Columns } from '../records/column.ts';
import { keyText } from '../records/field-values.ts';
import { heldValue, type Valued } from '../records/held-value.ts';
import { createChangedHolders, type StoredKey } from './changed-holders.ts';
import { createChangedLookups } from './changed-lookups.ts';
import type { AnyRecordChange, Changes, Facts, LooseKey, Wanted, WantedKey, WantedLookup } from './facts.ts';
import { declaredLookup } from './lookups.ts';
import { quote, refuse } from './refusal.ts';
import { foldName } from './schema.ts';

/** Thrown when a decision reads a record that is not loaded. `Draft.missing` then lists what to load. */
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

/**
 * The store as the rows of a call see it: the loaded records with the changes of earlier rows applied. Nothing is
 * written before the whole call is decided.
 */
export interface Draft {
  /** Returns the current record with this id, or undefined if there is none. */
  record<Type extends RecordType>(type: Type, id: number): Records[Type] | undefined;
  /** Returns the id of the newest object that currently has this external key. */
  newestHolder(key: WantedKey): number | undefined;
  /** Returns the id of the newest record that a lookup currently finds. */
  newest(wanted: WantedLookup): number | undefined;
  /** Returns the ids of all records that a lookup currently finds, ascending. */
  all(wanted: WantedLookup): readonly number[];
  /** As `all`; undefined if there may be more than `atMost`, which are not loaded. */
  upTo(wanted: WantedLookup, atMost: number): readonly number[] | undefined;
  /** Returns an unused id. Refuses the row if none is left (docs/behaviour.md#ids). */
  takeId(type: CountedType): number;
  /** Returns unused ids, as `takeId`; if there are too few, asks for all of them at once. */
  takeIds(type: CountedType, count: number): readonly number[];
  /** Returns the field with this name, whether defined before the call or created by an earlier row. */
  field(owner: ValueType, name: string): FieldDefinition | undefined;
  /** Creates the fields that are not defined yet. If that exceeds the limit, refuses the row and creates none. */
  createFields(owner: ValueType, fields: readonly FieldDefinition[]): void;
  /** Inserts a record, or replaces the one with the same id. */
  put<Type extends RecordType>(type: Type, record: Records[Type]): void;
  addLooseKey(key: LooseKey): void;
  /** Removes the record with this id. */
  remove(type: RecordType, id: number): void;
  /** Returns what `decide` returns. If it throws a refusal, undoes what it has written, and throws the same. */
  attempt<Result>(decide: () => Result): Result;
  /** Returns the data that must be loaded before the call can be decided, or undefined if nothing is missing. */
  missing(): Wanted | undefined;
  /** Returns the changes of the whole call. */
  changes(): Changes;
}

/** A write of an attempt, and the one before it. A list would take more memory than most attempts write. */
interface Step {
  readonly undo: () => unknown;
  readonly earlier: Step | undefined;
}

/** Creates a draft over the facts. `depth`, `writes`: see `Wanted`. */
export function createDraft(facts: Facts, depth: number, writes: readonly RecordType[] = []): Draft {
  const current = emptyRecordMaps();
  const looseKeys: LooseKey[] = [];
  const newFields = new Map<string, { owner: ValueType; field: FieldDefinition }>();
  const taken = byCounter(() => 0);
  const wanted = {
    ids: {} as { [Type in RecordType]?: Set<number> },
    keys: [] as WantedKey[],
    lookups: [] as WantedLookup[],
    writes,
    newIds: {} as { [Type in CountedType]?: number },
    // Keeps asking in later rounds: `Facts.looseKeys` is rebuilt each round.
    looseKeys: facts.looseKeys !== undefined,
  };
  const changedHolders = createChangedHolders({
    changed: current,
    stored: facts.records,
    looseKeys,
    fieldName: (type, name) => findField(type, name)?.name,
  });
  const changedLookups = createChangedLookups(current);
  let isMissing = false;
  let isAttempt = false;
  /** The last write of the running attempt. */
  let lastStep: Step | undefined;
  /** Grows beyond the number of rows when one row removes several objects, so that older holders are loaded too. */
  let deepest = depth;

  function notLoaded(): never {
    isMissing = true;
    throw new NotLoaded();
  }

  function record<Type extends RecordType>(type: Type, id: number): Records[Type] | undefined {
    const changed = current[type].get(id);
    if (changed !== undefined) return changed ?? undefined;
    const loaded = facts.records[type].get(id);
    if (loaded !== undefined) return loaded ?? undefined;
    wanted.ids[type] ??= new Set();
    (wanted.ids[type] as Set<number>).add(id);
    return notLoaded();
  }

  /** Returns whether a changed or created object has the key now. */
  function holds(key: WantedKey, id: number): boolean {
    if (record(key.type, id) === undefined) return false;
    if (looseKeys.some((loose) => loose.type === key.type && loose.id === id && isLoose(loose, key)))
      return true;
    if (key.type === 'Company') {
      const { externalKeys } = record('Company', id) as CompanyRecord;
      return [...externalKeys].some(([name, value]) => foldName(name) === key.name && value === key.value);
    }
    const name = findField(key.type, key.name)?.name;
    if (name === undefined) return false;
    const value = heldValue(key.type, record(key.type, id) as Valued, name);
    return value !== undefined && keyText(value) === key.value;
  }

  function newestHolder(key: WantedKey): number | undefined {
    const loaded = facts.keys.get(key);
    if (loaded === undefined) {
      wanted.keys.push(key);
      return notLoaded();
    }
    const changed = current[key.type];
    let newest = loaded.find((id) => !changed.has(id) || stillHolds(key, id));
    if (newest === undefined && facts.keys.isCut(key)) {
      wanted.keys.push(key);
      deepest = Math.max(deepest, changed.size + 1);
      return notLoaded();
    }
    for (const id of isStoredKey(key) ? changedHolders.find(key) : changed.keys()) {
      if ((newest === undefined || id > newest) && holds(key, id)) newest = id;
    }
    return newest;
  }

  /**
   * Returns whether a stored holder that an earlier row changed still has the key. It had the key as a field value,
   * which may have changed, or as a loose key, which never changes.
   */
  function stillHolds(key: WantedKey, id: number): boolean {
    const now = record(key.type, id);
    if (now === undefined) return false;
    const field = facts.schema.fields[key.type].find(key.name);
    if (field === undefined || holds(key, id)) return true;
    const stored = facts.records[key.type].get(id);
    const value =
      stored && hasValues(key.type) ? heldValue(key.type, stored as Valued, field.name) : undefined;
    return value === undefined || keyText(value) !== key.value || hasStoredLooseKey(key, id);
  }

  function hasStoredLooseKey(key: WantedKey, id: number): boolean {
    if (facts.looseKeys === undefined) {
      wanted.looseKeys = true;
      return notLoaded();
    }
    return facts.looseKeys.some((loose) => loose.type === key.type && loose.id === id && isLoose(loose, key));
  }

  /** Returns those that a loaded lookup found and still finds, newest first. */
  function stillFound(asked: WantedLookup, isEnough: (ids: readonly number[]) => boolean): readonly number[] {
    const loaded = loadedFor(asked);
    const changed = current[asked.type];
    const unchanged = loaded.filter((id) => !changed.has(id));
    if (facts.lookups.isCut(asked) && !isEnough(unchanged)) {
      deepest = Math.max(deepest, changed.size + 1);
      return askFor(asked);
    }
    return unchanged;
  }

  /** Returns what the store found. What belongs to a record of this call is not stored yet. */
  function loadedFor(asked: WantedLookup): readonly number[] {
    return facts.lookups.get(asked) ?? (isOfNewRecord(asked) ? [] : askFor(asked));
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

  function askFor(asked: WantedLookup): never {
    wanted.lookups.push(asked);
    return notLoaded();
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
    deepest = Math.max(deepest, atMost + 1);
    if (isCut) askFor(asked);
    const found = stillFound(asked, () => true);
    return [...found, ...changedLookups.find(asked)].sort((a, b) => a - b);
  }

  const takeId = (type: CountedType): number => takeIds(type, 1)[0] as number;

  function takeIds(type: CountedType, count: number): readonly number[] {
    const first = taken[type];
    taken[type] += count;
    noteStep(() => {
      taken[type] = first;
    });
    const ids = facts.newIds[type].slice(first, taken[type]);
    if (ids.length < count) {
      wanted.newIds[type] = taken[type];
      return notLoaded();
    }
    if ((ids.at(-1) ?? 0) > MAX_ID) {
      refuse(
        `no ${type} can be added: ids are xs:int, so the highest is ${MAX_ID}, which is already assigned`,
      );
    }
    return ids;
  }

  function findField(owner: ValueType, name: string): FieldDefinition | undefined {
    return facts.schema.fields[owner].find(name) ?? newFields.get(`${owner} ${foldName(name)}`)?.field;
  }

  function createFields(owner: ValueType, fields: readonly FieldDefinition[]): void {
    const fresh = fields.filter(({ name }) => findField(owner, name) === undefined);
    const last = fresh.at(-1);
    if (last === undefined) return;
    const defined = facts.schema.fields[owner].all.filter((field) => field.custom).length;
    const created = [...newFields.values()].filter((each) => each.owner === owner).length;
    if (defined + created + fresh.length > MAX_CREATED_FIELDS_PER_TYPE) {
      refuse(
        `${owner} has no field ${quote(last.name)}, and it cannot be created: ` +
          `a type has at most ${MAX_CREATED_FIELDS_PER_TYPE} custom fields`,
      );
    }
    for (const field of fresh) {
      const key = `${owner} ${foldName(field.name)}`;
      newFields.set(key, { owner, field });
      noteStep(() => newFields.delete(key));
    }
    changedHolders.forget();
  }

  function put<Type extends RecordType>(type: Type, record: Records[Type]): void {
    set(type, record.id, record);
    changedLookups.put(type, record);
    if (hasValues(type)) changedHolders.put(type, record as Valued);
  }

  /** Sets the current state of a record; null: removed. */
  function set<Type extends RecordType>(type: Type, id: number, record: Records[Type] | null): void {
    const states = ownRecordMap(current, type);
    if (isAttempt) {
      const before = states.get(id);
      // A record that a lookup has found stays known, as one that is not there.
      const isNew = before === undefined && facts.records[type].get(id) === undefined;
      noteStep(() => (before === undefined && !isNew ? states.delete(id) : states.set(id, before ?? null)));
    }
    states.set(id, record);
  }

  function noteStep(undo: () => unknown): void {
    if (isAttempt) lastStep = { undo, earlier: lastStep };
  }

  function attempt<Result>(decide: () => Result): Result {
    isAttempt = true;
    try {
      return decide();
    } catch (error) {
      if (!(error instanceof NotLoaded)) for (let step = lastStep; step; step = step.earlier) step.undo();
      throw error;
    } finally {
      isAttempt = false;
      lastStep = undefined;
    }
  }

  function addLooseKey(key: LooseKey): void {
    looseKeys.push(key);
    noteStep(() => looseKeys.pop());
    changedHolders.addLooseKey(key);
  }

  function addChanges<Type extends RecordType>(type: Type, changes: AnyRecordChange[]): void {
    for (const [id, after] of current[type]) {
      const before = facts.records[type].get(id) ?? undefined;
      if (before === undefined && after === null) continue;
      changes.push({ type, before, after: after ?? undefined } as AnyRecordChange);
    }
  }

  function changes(): Changes {
    const records: AnyRecordChange[] = [];
    for (const type of recordTypes) addChanges(type, records);
    return {
      records,
      looseKeys,
      newFields: [...newFields.values()],
    };
  }

  return {
    record,
    newestHolder,
    newest,
    all,
    upTo,
    takeId,
    takeIds,
    field: findField,
    createFields,
    put,
    remove: (type, id) => set(type, id, null),
    addLooseKey,
    attempt,
    missing: () => (isMissing ? { ...wanted, depth: deepest } : undefined),
    changes,
  };
}

const isStoredKey = (key: WantedKey): key is StoredKey => hasValues(key.type);

const isLoose = (loose: LooseKey, key: WantedKey) =>
  foldName(loose.name) === key.name && loose.value === key.value;
