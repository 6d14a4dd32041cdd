import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import type { CountedType, KeyedType, Records, RecordType } from '../records/all.ts';
import type { FieldOwner, Schema } from './schema.ts';

/** An external key to look up. `name`: folded with `foldName`, never `id`. `value`: `keyText` of the typed value. */
export interface WantedKey {
  readonly type: KeyedType;
  readonly name: string;
  readonly value: string;
}

/** Ids of the objects that hold a key, newest (highest id) first. */
export type Holders = readonly number[];

/** The holders of each requested key. */
export interface KeyHolders {
  /** Returns undefined if the key was not requested, and an empty list if no object has it. */
  get(key: WantedKey): Holders | undefined;
  /** Returns whether the holders were cut at `Wanted.depth`, so that older ones may exist. */
  isCut(key: WantedKey): boolean;
}

/** A value that a lookup compares with a column. */
export type LookupValue = string | number | boolean | null;

/** Records to look up by columns, as declared with their type. Created by `lookup` (`lookups.ts`). */
export interface WantedLookup {
  readonly type: RecordType;
  /** A name in `Declaration.lookups`. */
  readonly lookup: string;
  /** In the order of the lookup's columns. */
  readonly values: readonly LookupValue[];
  /** Loads all records with these values, however many they are, instead of the newest (`Wanted.depth`). */
  readonly all?: boolean;
}

/** The records that each lookup found. */
export interface LookupHolders {
  /** Returns their ids, newest (highest) first; undefined if the lookup was not requested. */
  get(lookup: WantedLookup): Holders | undefined;
  /** Returns whether the ids were cut at `Wanted.depth`, so that older records may exist. */
  isCut(lookup: WantedLookup): boolean;
}

/** The data that a decision needs from the store. Every part may be empty. */
export interface Wanted {
  readonly ids: { readonly [Type in RecordType]?: Iterable<number> };
  /** Costs to load with the programs, since a program can have very many. Undefined: all. */
  readonly costs?: readonly number[];
  readonly keys: readonly WantedKey[];
  readonly lookups?: readonly WantedLookup[];
  /**
   * Types whose records the call is going to write. What it wants of them is locked exclusively from the start, also
   * where `Declaration.readLock` is shared.
   */
  readonly writes?: readonly RecordType[];
  /** The maximum number of new ids of each type that the decision can use. */
  readonly newIds: { readonly [Type in CountedType]?: number };
  /** The maximum number of holders per key, and of records per lookup. The newest are loaded. */
  readonly depth: number;
  /** Types whose records are all loaded. */
  readonly all?: readonly RecordType[];
  /** Also load the loose keys of all opportunities and roles loaded in this or earlier rounds. */
  readonly looseKeys?: boolean;
}

/**
 * The data that the store loaded, in this and earlier rounds of the same transaction. A map without an entry was not
 * asked for it; null or an empty list means that nothing was found.
 */
export interface Facts {
  readonly records: { readonly [Type in RecordType]: ReadonlyMap<number, Records[Type] | null> };
  /** The holders' records are loaded too. */
  readonly keys: KeyHolders;
  /** The found records are loaded too. */
  readonly lookups: LookupHolders;
  /** Unused ids, ascending; at least as many as requested. */
  readonly newIds: { readonly [Type in CountedType]: readonly number[] };
  /** The loose keys of all loaded opportunities and roles; undefined: not requested. */
  readonly looseKeys?: readonly LooseKey[];
  readonly schema: Schema;
}

/** A record to write: new (`before` undefined), changed, or removed (`after` undefined). */
export interface RecordChange<Type extends RecordType = RecordType> {
  readonly type: Type;
  readonly before: Records[Type] | undefined;
  readonly after: Records[Type] | undefined;
}

/** A record change of any type. */
export type AnyRecordChange = { [Type in RecordType]: RecordChange<Type> }[RecordType];

/**
 * An external key that no field holds (setting `externalKeys: any`). An object has one value per name, compared with
 * `foldName`: the last one written. The key is removed with its object. It stays when a field of that name is defined
 * later; if that field then holds another value, the object has both keys.
 */
export interface LooseKey {
  readonly type: StoredType;
  readonly id: number;
  /** As sent. */
  readonly name: string;
  readonly value: string;
}

/** The changes of one decision. The store updates the index of external keys itself. */
export interface Changes {
  readonly records: readonly AnyRecordChange[];
  readonly looseKeys: readonly LooseKey[];
  readonly removedLooseKeys?: readonly Omit<LooseKey, 'value'>[];
  /** Custom fields to create or redefine, matched by name without regard to case. */
  readonly newFields: readonly { readonly owner: FieldOwner; readonly field: FieldDefinition }[];
  /** Custom fields to remove. `records` must remove the values under these names. */
  readonly removedFields?: readonly { readonly owner: FieldOwner; readonly name: string }[];
  /** Tag types or channels to replace: the complete new list of each. */
  readonly schema?: Partial<Pick<Schema, 'tags' | 'channels'>>;
}

/** A cost as the journal shows it. */
export interface JournalCost {
  readonly month: string;
  readonly amount: number;
  readonly note: string | null;
}

/** A value before or after a change; null: none. */
export type JournalValue = string | number | boolean | null | JournalCost;

/** A row of a call in the journal. Its place in the call is that in the list. */
export interface JournalRow {
  readonly type: string;
  readonly id: number | null;
  readonly externalKey?: { readonly name: string; readonly value: string };
  readonly status: string;
  /** The error text of a FAILED row, or the reason for another status. `because` is the name in stored JSON. */
  readonly because?: string;
  /** The object's name, unless an external key was sent. */
  readonly name?: string;
  /** Names of the fields, costs and tags that changed. */
  readonly changed?: readonly string[];
  /**
   * The values of `changed` before and after, in the same order; of a deleted object those that it had. Shorter lists:
   * the rest was left out. Missing in entries of earlier versions and with `--journal-values off`.
   */
  readonly before?: readonly JournalValue[];
  readonly after?: readonly JournalValue[];
}

/** A call in the journal. Never holds the secret or the signature. */
export interface JournalEntry {
  /** Also the call's id in the log. A call with unknown outcome that turned out applied has two entries with one id. */
  readonly callId: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
  readonly userId: string;
  readonly operation: string;
  /** INSERT, UPDATE or UPSERT for syncMObjects; a short form of the request for other operations. */
  readonly mode: string | null;
  /** The client address. */
  readonly address: string | null;
  /** The code of the fault that ended the call; null: none. */
  readonly fault: number | null;
  /** The text of the fault; missing in entries of earlier versions. */
  readonly faultText?: string;
  /**
   * The time from the headers of the call to this entry; for a call that changed something, that is before its commit.
   * Missing in entries of earlier versions.
   */
  readonly milliseconds?: number;
  /** The fault left open whether the call was applied. */
  readonly outcomeUnknown: boolean;
  readonly rows: readonly JournalRow[];
}

/**
 * The result of `decide`: a request for more data, or the final changes. `journal` is written in the same transaction
 * as the changes.
 */
export type Decision<Answer> =
  | { readonly more: Wanted }
  | { readonly changes: Changes; readonly answer: Answer; readonly journal: JournalEntry | null };
