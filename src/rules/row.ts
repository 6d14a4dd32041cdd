import type { FieldDefinition, ReferenceTarget, StoredType } from '../contract/fields.ts';
import type { UnreadableParts } from '../contract/messages.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import type { ProgramItem } from './program-items.ts';
import type { ResolvedKey } from './resolve-key.ts';
import type { FoundField, Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';

/** A value that a row sends. `value` null: clear the field. */
export interface SentValue {
  readonly field: FieldDefinition;
  readonly value: FieldValue | null;
}

/** The external key of a row. */
export interface RowKey extends ResolvedKey {
  readonly loose: Pick<LooseKey, 'name' | 'value'>;
}

/** A reference to another object, by id or external key (docs/behaviour.md#associations). */
export type Pointer = { readonly target: ReferenceTarget; readonly id: number } | KeyPointer;

export interface KeyPointer {
  readonly target: ReferenceTarget;
  readonly key: { readonly name: string; readonly value: string };
  readonly wanted: WantedKey;
  readonly refusal: ResolvedKey['refusal'];
}

/** The parts of a row that its result echoes, even if the row cannot be read. */
export interface RowIdentity {
  /** The type as sent; empty if none was sent. */
  readonly sentType: string;
  /** Undefined: not sent (docs/behaviour.md#2-which-object-a-row-means). */
  readonly id: number | undefined;
  readonly echoedKey: { readonly name: string; readonly value: string } | undefined;
}

/** A row that cannot be read and fails regardless of the store. */
export interface RefusedRow extends RowIdentity {
  readonly kind: 'refused';
  readonly error: string;
}

/** A row that updates a program. */
export interface ProgramRow extends RowIdentity {
  readonly kind: 'Program';
  readonly items: readonly ProgramItem[];
}

/** A row that inserts or updates an opportunity or role. */
export interface ObjectRow extends RowIdentity {
  readonly kind: StoredType;
  readonly key: RowKey | undefined;
  readonly values: readonly SentValue[];
  /** The fields in `values` that are not defined yet. */
  readonly newFields: readonly FieldDefinition[];
  /** One per association; several may refer to the same object. */
  readonly pointers: readonly Pointer[];
}

export type SyncRow = RefusedRow | ProgramRow | ObjectRow;

/** Finds the field of a name at a position in the attribList. */
export type FieldFinder = (name: string, place: number) => FoundField | undefined;

/** The context for reading rows. */
export interface RowContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  readonly unreadable: UnreadableParts;
  /** The time of the call, UTC. */
  readonly now: string;
  /** Associations of earlier rows by key value: rows of a call often refer to the same few companies. */
  readonly pointers: Map<string, KeyPointer>;
  readonly finders: Readonly<Record<StoredType, FieldFinder>>;
}
