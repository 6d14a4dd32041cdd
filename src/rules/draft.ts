import {
  type FieldDefinition,
  hasValues,
  MAX_CREATED_FIELDS_PER_TYPE,
  MAX_ID,
  type ValueType,
} from '../contract/fields.ts';
import {
  byCounter,
  type CountedType,
  emptyRecordMaps,
  ownRecordMap,
  type Records,
  type RecordType,
  recordTypes,
} from '../records/all.ts';
import type { Valued } from '../records/held-value.ts';
import { createChangedHolders } from './changed-holders.ts';
import { createChangedLookups } from './changed-lookups.ts';
import { newestHolderFinder } from './draft-keys.ts';
import { type DraftLookups, draftLookups } from './draft-lookups.ts';
import type { AnyRecordChange, Changes, Facts, LooseKey, Wanted, WantedKey } from './facts.ts';
import { createMissingData, NotLoaded } from './missing-data.ts';
import { quote, refuse } from './refusal.ts';
import { foldName } from './schema.ts';

/**
 * The store as the rows of a call see it: the loaded records with the changes of earlier rows applied. Nothing is
 * written before the whole call is decided.
 */
export interface Draft extends DraftLookups {
  /** Returns the current record with this id, or undefined if there is none. */
  record<Type extends RecordType>(type: Type, id: number): Records[Type] | undefined;
  /** Returns the id of the newest object that currently has this external key. */
  newestHolder(key: WantedKey): number | undefined;
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
  const missing = createMissingData(facts, depth, writes);
  const changedHolders = createChangedHolders({
    changed: current,
    stored: facts.records,
    looseKeys,
    fieldName: (type, name) => findField(type, name)?.name,
  });
  const changedLookups = createChangedLookups(current);
  let isAttempt = false;
  /** The last write of the running attempt. */
  let lastStep: Step | undefined;

  function record<Type extends RecordType>(type: Type, id: number): Records[Type] | undefined {
    const changed = current[type].get(id);
    if (changed !== undefined) return changed ?? undefined;
    const loaded = facts.records[type].get(id);
    if (loaded !== undefined) return loaded ?? undefined;
    return missing.askRecord(type, id);
  }

  const takeId = (type: CountedType): number => takeIds(type, 1)[0] as number;

  function takeIds(type: CountedType, count: number): readonly number[] {
    const first = taken[type];
    taken[type] += count;
    noteStep(() => {
      taken[type] = first;
    });
    const ids = facts.newIds[type].slice(first, taken[type]);
    if (ids.length < count) return missing.askIds(type, taken[type]);
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
    newestHolder: newestHolderFinder({
      facts,
      current,
      looseKeys,
      changedHolders,
      missing,
      record,
      field: findField,
    }),
    ...draftLookups({ facts, current, changedLookups, missing }),
    takeId,
    takeIds,
    field: findField,
    createFields,
    put,
    remove: (type, id) => set(type, id, null),
    addLooseKey,
    attempt,
    missing: missing.wanted,
    changes,
  };
}
