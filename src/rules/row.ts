import type { FieldDefinition, ReferenceTarget, StoredType } from '../contract/fields.ts';
import type { UnreadableParts } from '../contract/messages.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import type { ProgramItem } from './program-items.ts';
import type { ResolvedKey } from './resolve-key.ts';
import type { FoundField, Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';

/** One value that a row sends. `value` null: the field is to be cleared. */
export interface SentValue {
  readonly field: FieldDefinition;
  readonly value: FieldValue | null;
}

/** The external key of a row. */
export interface RowKey extends ResolvedKey {
  readonly loose: Pick<LooseKey, 'name' | 'value'>;
}

/**
 * How a row points to another object: by its id, or by one of its external keys (docs/behaviour.md#associations).
 */
export type Pointer = { readonly target: ReferenceTarget; readonly id: number } | KeyPointer;

export interface KeyPointer {
  readonly target: ReferenceTarget;
  readonly key: { readonly name: string; readonly value: string };
  readonly wanted: WantedKey;
  readonly refusal: ResolvedKey['refusal'];
}

/** What is echoed of any row, also of one that cannot be read. */
export interface RowIdentity {
  /** As sent; empty if no type was sent. */
  readonly sentType: string;
  /** Undefined: not given (docs/behaviour.md#2-which-object-a-row-means). */
  readonly id: number | undefined;
  readonly echoedKey: { readonly name: string; readonly value: string } | undefined;
}

/** A row of the call that cannot be read: it is FAILED, whatever the store holds. */
export interface RefusedRow extends RowIdentity {
  readonly kind: 'refused';
  readonly error: string;
}

/** A row that updates a program. */
export interface ProgramRow extends RowIdentity {
  readonly kind: 'Program';
  readonly items: readonly ProgramItem[];
}

/** A row about an opportunity or an opportunity role. */
export interface ObjectRow extends RowIdentity {
  readonly kind: StoredType;
  readonly key: RowKey | undefined;
  readonly values: readonly SentValue[];
  /** Those fields among `values` that are not defined yet. */
  readonly newFields: readonly FieldDefinition[];
  /** One for each association; several can lead to the same object. */
  readonly pointers: readonly Pointer[];
}

export type SyncRow = RefusedRow | ProgramRow | ObjectRow;

/** Finds the field that a row names at a place of its attribList. */
export type FieldFinder = (name: string, place: number) => FoundField | undefined;

/** What reading a row depends on besides the row. */
export interface RowContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  readonly unreadable: UnreadableParts;
  /** The time of the call, UTC. */
  readonly now: string;
  /** Associations of earlier rows by the value of their key: rows of a call often lead to the same few companies. */
  readonly pointers: Map<string, KeyPointer>;
  readonly finders: Readonly<Record<StoredType, FieldFinder>>;
}
