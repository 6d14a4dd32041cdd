import { type SyncType, syncTypes } from '../contract/fields.ts';
import type { Received } from '../contract/messages.ts';
import { type ProgramItem, readProgramItems } from './program-items.ts';
import { quote, RowRefusal, refuse } from './refusal.ts';
import type { ObjectRow, ProgramRow, RowContext, RowIdentity, SyncRow } from './row.ts';
import { readKey, readPointers } from './row-keys.ts';
import { readAttributes } from './row-values.ts';
import { oneOf } from './schema.ts';
import { describeUnreadable, firstUnreadable } from './unreadable.ts';

/**
 * Reads one mObject of a syncMObjects call, as far as possible without the store
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

/** Reads the parts of a row that its result echoes. */
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

/** Returns the type that a row names, without regard to case. Refuses the row if the type is missing or unknown. */
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
