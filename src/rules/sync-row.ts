import {
  type FieldDefinition,
  type ReferenceTarget,
  type StoredType,
  type SyncType,
  syncTypes,
} from '../contract/fields.ts';
import type { Received, UnreadableParts } from '../contract/messages.ts';
import type { FieldValue } from '../records/field-values.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { type ProgramItem, readProgramItems } from './program-items.ts';
import { quote, RowRefusal, refuse } from './refusal.ts';
import type { ResolvedKey } from './resolve-key.ts';
import { readKey, readPointers } from './row-keys.ts';
import { type FieldFinder, readAttributes } from './row-values.ts';
import { oneOf, type Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { describeUnreadable, firstUnreadable } from './unreadable.ts';

/** One value that a row sends. `value` null: the field is to be cleared. */
export interface SentValue {
  readonly field: FieldDefinition;
  readonly value: FieldValue | null;
}

/** The external key of a row. */
export interface RowKey extends ResolvedKey {
  readonly loose: Pick<LooseKey, 'name' | 'value'>;
}

/** What associations can lead to (docs/behaviour.md#associations). */

/** How a row points to another object: by its id, or by one of its external keys. */
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

/**
 * Reads one mObject of a syncMObjects call: its names and values, as far as that needs no store
 * (docs/behaviour.md#4-fields-and-values).
 */
export function readSyncRow(mObject: Received<'MObject'>, context: RowContext): SyncRow {
  const identity = readIdentity(mObject);
  try {
    return readContent(mObject, identity, context);
  } catch (error) {
    if (error instanceof RowRefusal) return { ...identity, kind: 'refused', error: error.message };
    throw error;
  }
}

/** Reads what is echoed of a row. */
export function readIdentity(mObject: Received<'MObject'>): RowIdentity {
  const { type, id, externalKey } = mObject;
  const hasKey = externalKey !== undefined && (Boolean(externalKey.name) || Boolean(externalKey.value));
  return {
    sentType: type?.trim() ?? '',
    id: id !== undefined && id > 0 ? id : undefined,
    echoedKey: hasKey ? { name: externalKey.name ?? '', value: externalKey.value ?? '' } : undefined,
  };
}

function readContent(
  mObject: Received<'MObject'>,
  { sentType, id, echoedKey }: RowIdentity,
  context: RowContext,
): ProgramRow | ObjectRow {
  const unreadable = firstUnreadable(mObject, context.unreadable);
  if (unreadable !== undefined) refuse(describeUnreadable(unreadable));
  const kind = readType(sentType);
  if (kind === 'Program') return { sentType, id, echoedKey, kind, items: readProgramRow(mObject, context) };
  if ((mObject.typeAttribList?.typeAttrib.length ?? 0) > 0) {
    refuse(`typeAttribList: only a Program has one; put the fields of an ${kind} into attribList`);
  }
  const { values, newFields } = readAttributes(kind, mObject.attribList, context);
  const pointers = readPointers(kind, mObject.associationList, context);
  const key = readKey(kind, echoedKey, context);
  return { sentType, id, echoedKey, kind, key, values, newFields, pointers };
}

/** The type that a row names, without regard to case; refuses the row if it is none. */
export function readType(sent: string): SyncType {
  if (sent === '') refuse(`type: is missing; expected one of ${syncTypes.join(', ')}`);
  return oneOf(syncTypes, sent) ?? refuse(`type: ${quote(sent)}; expected one of ${syncTypes.join(', ')}`);
}

function readProgramRow(mObject: Received<'MObject'>, context: RowContext): readonly ProgramItem[] {
  if ((mObject.attribList?.attrib.length ?? 0) > 0) {
    refuse('attribList: a Program takes none; send its costs, tags and channel in typeAttribList');
  }
  const association = mObject.associationList?.mObjAssociation[0];
  if (association !== undefined) {
    refuse(`associationList: a Program takes none (mObjType ${quote(association.mObjType ?? '')})`);
  }
  return readProgramItems(mObject.typeAttribList?.typeAttrib ?? [], context);
}
