import type { FieldDefinition, StoredType } from '../contract/fields.ts';
import type { CountedType, KeyedType, Records, RecordType } from '../records/all.ts';
import type { FieldOwner, Schema } from './schema.ts';

/** An external key to look for. `name`: folded with `foldName`, never `id`; `value`: `keyText` of the typed value. */
export interface WantedKey {
  readonly type: KeyedType;
  readonly name: string;
  readonly value: string;
}

/** Ids of the objects that hold a key, newest (highest id) first. */
export type Holders = readonly number[];

/** The holders of each key that was asked for. */
export interface KeyHolders {
  /** Undefined: not asked; empty: nobody has it. */
  get(key: WantedKey): Holders | undefined;
  /** Whether there may be older holders: no more were asked for. */
  isCut(key: WantedKey): boolean;
}

/** Roles to look for: those of an opportunity and a person, and with `role` given (null: none) only these. */
export interface WantedRoles {
  readonly opportunityId: number;
  readonly personId: number;
  readonly role?: string | null;
}

/** What a decision needs to know of the store. Everything in it can be empty. */
export interface Wanted {
  readonly ids: { readonly [Type in RecordType]?: Iterable<number> };
  /** Only these costs come with the programs that are asked for, which can have very many; undefined: all. */
  readonly costs?: readonly number[];
  readonly keys: readonly WantedKey[];
  readonly roles: readonly WantedRoles[];
  /** Opportunities of which all roles are asked for. */
  readonly opportunityRoles?: readonly number[];
  /** How many new ids of each type the decision can use up at most. */
  readonly newIds: { readonly [Type in CountedType]?: number };
  /** How many holders of a key, and how many roles of a pair, are asked for: the newest so many. */
  readonly depth: number;
  /** Types of which every record is asked for. */
  readonly all?: readonly RecordType[];
  /** Whether the loose keys of the opportunities and roles that are loaded now or were before are asked for too. */
  readonly looseKeys?: boolean;
}

/**
 * What the store found: all that was wanted so far, in this and in earlier rounds of the same transaction.
 * A map without an entry was not asked; null and an empty list mean that there is none.
 */
export interface Facts {
  readonly records: { readonly [Type in RecordType]: ReadonlyMap<number, Records[Type] | null> };
  /** The records of the holders are loaded too. */
  readonly keys: KeyHolders;
  /** `rolesIdentity` → ids of the roles, newest first. Their records are loaded too. */
  readonly roles: ReadonlyMap<string, readonly number[]>;
  /** Opportunity → ids of all its roles, ascending. Their records are loaded too. */
  readonly opportunityRoles?: ReadonlyMap<number, readonly number[]>;
  /** Ids never given out before, ascending, at least as many as were wanted. */
  readonly newIds: { readonly [Type in CountedType]: readonly number[] };
  /** The loose keys of the opportunities and roles that are loaded; only there if they were asked for. */
  readonly looseKeys?: readonly LooseKey[];
  readonly schema: Schema;
}

/** Under which text the roles of a pair (or of a pair and a role) stand in `Facts.roles`. */
export const rolesIdentity = (wanted: WantedRoles): string =>
  wanted.role === undefined
    ? `${wanted.opportunityId}/${wanted.personId}`
    : `${wanted.opportunityId}/${wanted.personId}/${wanted.role === null ? '-' : `=${wanted.role}`}`;

/** A record that is to be written: new (`before` undefined), changed, or removed (`after` undefined). */
export interface RecordChange<Type extends RecordType = RecordType> {
  readonly type: Type;
  readonly before: Records[Type] | undefined;
  readonly after: Records[Type] | undefined;
}

/** A record change of some one type. */
export type AnyRecordChange = { [Type in RecordType]: RecordChange<Type> }[RecordType];

/**
 * An external key that is kept although no field has its name (setting `externalKeys: any`). An object has one
 * value under a name (compared with `foldName`): the last one written. It goes with its object, and stays when a field
 * of that name is defined later, also when the object has another value in that field: then the object has both keys.
 */
export interface LooseKey {
  readonly type: StoredType;
  readonly id: number;
  /** As sent. */
  readonly name: string;
  readonly value: string;
}

/** All that one decision changes. The store keeps the index of external keys in step by itself. */
export interface Changes {
  readonly records: readonly AnyRecordChange[];
  readonly looseKeys: readonly LooseKey[];
  readonly removedLooseKeys?: readonly Omit<LooseKey, 'value'>[];
  /** Custom fields that are defined, or defined differently: the name, without case, says which. */
  readonly newFields: readonly { readonly owner: FieldOwner; readonly field: FieldDefinition }[];
  /** Names of custom fields that are no longer defined. Values under these names must go with `records`. */
  readonly removedFields?: readonly { readonly owner: FieldOwner; readonly name: string }[];
  /** Tag types or channels that are defined anew or differently: the whole new list of each. */
  readonly schema?: Partial<Pick<Schema, 'tags' | 'channels'>>;
}

/** One row of a call, as the journal keeps it. Values are not in it, only names. */
export interface JournalRow {
  readonly type: string;
  readonly id: number | null;
  readonly externalKey?: { readonly name: string; readonly value: string };
  readonly status: string;
  /** The text of a FAILED row, or why another row came out as it did. */
  readonly because?: string;
  /** Names of the fields, costs and tags that changed. */
  readonly changed?: readonly string[];
}

/** One call, as the journal keeps it: never the secret, never the signature. */
export interface JournalEntry {
  /** What the log calls this call, too. A call of unknown outcome that was applied has two entries under one id. */
  readonly callId: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly at: string;
  readonly userId: string;
  readonly operation: string;
  /** INSERT, UPDATE or UPSERT for syncMObjects; what was asked for in other operations, in short. */
  readonly mode: string | null;
  /** The address that the call came from. */
  readonly address: string | null;
  /** The code of the fault that ended the call; null: it was answered. */
  readonly fault: number | null;
  /** Whether that fault left open if the call was applied. */
  readonly outcomeUnknown: boolean;
  readonly rows: readonly JournalRow[];
}

/**
 * What `decide` comes to: it needs to know more, or it is done. `journal` is written in the same transaction
 * as the changes.
 */
export type Decision<Answer> =
  | { readonly more: Wanted }
  | { readonly changes: Changes; readonly answer: Answer; readonly journal: JournalEntry | null };
