import {
  CUSTOM_FIELD_SIZE,
  type FieldDefinition,
  type StoredType,
  type SyncType,
  syncTypes,
} from '../contract/fields.ts';
import type { Received, UnreadableParts } from '../contract/messages.ts';
import type { LooseKey, WantedKey } from './facts.ts';
import { type ProgramItem, readProgramItems } from './program-items.ts';
import { type FieldValue, keyText } from './records.ts';
import { closestName, quote, RowRefusal, refuse } from './refusal.ts';
import { foldName, type Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { firstUnreadable } from './unreadable.ts';
import { readValue } from './values.ts';

/** One value that a row sends. `value` null: the field is to be cleared. */
export interface SentValue {
  readonly field: FieldDefinition;
  readonly value: FieldValue | null;
}

/** The external key of a row. `field` undefined: a loose key, which no field has the name of. */
export interface RowKey {
  readonly wanted: WantedKey;
  readonly loose: Pick<LooseKey, 'name' | 'value'>;
  readonly field: FieldDefinition | undefined;
  readonly value: FieldValue;
}

/** How a row points to another object: by its id, or by one of its external keys. */
export type Pointer =
  | { readonly id: number }
  | { readonly key: { readonly name: string; readonly value: string }; readonly wanted: WantedKey };

/** What associations can lead to (behaviour.md 5). */
export type AssociationTarget = 'Company' | 'Lead' | 'Opportunity';

/** What is echoed of any row, also of one that cannot be read. */
export interface RowIdentity {
  /** As sent; empty if no type was sent. */
  readonly sentType: string;
  /** Undefined: not given (behaviour.md 2). */
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
  /** One for each association; several can lead to the same object. */
  readonly pointers: readonly { readonly target: AssociationTarget; readonly pointer: Pointer }[];
}

export type SyncRow = RefusedRow | ProgramRow | ObjectRow;

/** What reading a row depends on besides the row. */
export interface RowContext {
  readonly schema: Schema;
  readonly settings: MObjectSettings;
  readonly unreadable: UnreadableParts;
  /** The time of the call, UTC. */
  readonly now: string;
}

const targetsOf: Readonly<Record<StoredType, readonly AssociationTarget[]>> = {
  Opportunity: ['Company'],
  OpportunityPersonRole: ['Lead', 'Opportunity'],
};

/**
 * Reads one mObject of a syncMObjects call: its names and values, as far as that needs no store (behaviour.md
 * 2, 4 and 5).
 */
export function readSyncRow(mObject: Received<'MObject'>, context: RowContext): SyncRow {
  const identity = readIdentity(mObject);
  try {
    return { ...identity, ...readContent(mObject, identity, context) };
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

type RowContent = Omit<ProgramRow, keyof RowIdentity> | Omit<ObjectRow, keyof RowIdentity>;

function readContent(mObject: Received<'MObject'>, identity: RowIdentity, context: RowContext): RowContent {
  const type = readType(identity.sentType);
  const unreadable = firstUnreadable(mObject, context.unreadable);
  if (unreadable !== undefined) {
    refuse(`${unreadable.element}: ${quote(unreadable.value)}; expected ${unreadable.expected}`);
  }
  if (type === 'Program') return { kind: 'Program', items: readProgramRow(mObject, context) };
  if ((mObject.typeAttribList?.typeAttrib.length ?? 0) > 0) {
    refuse(`typeAttribList: only a Program has one; put the fields of an ${type} into attribList`);
  }
  const values = readAttributes(type, mObject.attribList, context);
  const pointers = readPointers(type, mObject.associationList, context);
  return { kind: type, values, pointers, key: readKey(type, identity.echoedKey, context) };
}

/** The type that a row names, without regard to case; refuses the row if it is none. */
export function readType(sent: string): SyncType {
  if (sent === '') refuse(`type: is missing; expected one of ${syncTypes.join(', ')}`);
  const folded = sent.toLowerCase();
  const type = syncTypes.find((known) => known.toLowerCase() === folded);
  return type ?? refuse(`type: ${quote(sent)}; expected one of ${syncTypes.join(', ')}`);
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

/** Attributes that clients send along although they cannot be written (F1.1); accepted and ignored. */
const ignoredNames = new Set(['id', 'createdat', 'updatedat']);

function readAttributes(
  type: StoredType,
  list: Received<'ArrayOfAttrib'> | undefined,
  context: RowContext,
): SentValue[] {
  const sent = new Map<string, SentValue | undefined>();
  for (const { name, value } of list?.attrib ?? []) {
    const folded = foldName(name ?? '');
    if (folded === '') refuse(`attribList: an attrib with value ${quote(value ?? '')} has no name`);
    if (ignoredNames.has(folded)) continue;
    const field = findField(type, name ?? '', context);
    if (field !== undefined) sent.set(folded, readAttribute(field, value ?? '', context.settings));
  }
  return [...sent.values()].filter((value) => value !== undefined);
}

function readAttribute(
  field: FieldDefinition,
  text: string,
  settings: MObjectSettings,
): SentValue | undefined {
  if (text === '') return settings.emptyValues === 'clear' ? { field, value: null } : undefined;
  if (text === ' ') return { field, value: null };
  return { field, value: readFieldValue(field, text, settings) };
}

function readFieldValue(field: FieldDefinition, text: string, settings: MObjectSettings): FieldValue {
  const read = readValue(field, text, settings.timeZone);
  return 'value' in read ? read.value : refuse(`${field.name}: ${quote(text)}; ${read.problem}`);
}

/** The field of that name; a new one where unknown names become fields; undefined where they are ignored. */
function findField(
  type: StoredType,
  name: string,
  { schema, settings, now }: RowContext,
): FieldDefinition | undefined {
  const field = schema.fields[type].find(name);
  if (field !== undefined) return field;
  if (settings.unknownFields === 'ignore') return undefined;
  if (settings.unknownFields === 'create') return createdField(name.trim(), now);
  return refuseUnknownField(type, name.trim(), schema, '--unknown-fields create');
}

function refuseUnknownField(type: StoredType, name: string, schema: Schema, setting: string): never {
  const close = closestName(
    name,
    schema.fields[type].all.map((field) => field.name),
  );
  const meant = close === undefined ? '' : ` (did you mean ${close}?)`;
  refuse(
    `${quote(name)} is no field of ${type}${meant}; define it (mktows fields add --type ${type} --name …) ` +
      `or open the schema (mktows serve ${setting}, or --schema open)`,
  );
}

function createdField(name: string, now: string): FieldDefinition {
  if (name.length > 255)
    refuse(`attribList: the name ${quote(name)} is too long for a field; at most 255 characters`);
  return {
    name,
    displayName: null,
    description: null,
    dataType: 'string',
    size: CUSTOM_FIELD_SIZE,
    custom: true,
    references: null,
    definedAt: now,
  };
}

type SentKey = RowIdentity['echoedKey'];

/** The external key that a row is found by, if it has one. */
export function readKey(type: StoredType, sent: SentKey, context: RowContext): RowKey | undefined {
  if (sent === undefined) return undefined;
  if (foldName(sent.name) === '') refuse(`externalKey: has the value ${quote(sent.value)} but no name`);
  if (sent.value.trim() === '') refuse(`externalKey ${sent.name}: has no value`);
  const { field, value } = resolveKeyName(type, sent, context);
  const loose = { name: sent.name.trim(), value: sent.value };
  return { wanted: { type, name: foldName(sent.name), value: keyText(value) }, loose, field, value };
}

/** The field that a key of a stored type names, with the key's value as that field reads it. */
function resolveKeyName(
  type: StoredType,
  { name, value }: NonNullable<SentKey>,
  { schema, settings }: RowContext,
): { field: FieldDefinition | undefined; value: FieldValue } {
  if (foldName(name) === 'id') refuse(`externalKey ${name}: an id goes into the element id`);
  const field = schema.fields[type].find(name);
  if (field !== undefined) return { field, value: readFieldValue(field, value, settings) };
  if (settings.externalKeys === 'known') refuseUnknownField(type, name.trim(), schema, '--external-keys any');
  if (name.length > 255 || value.length > CUSTOM_FIELD_SIZE) {
    refuse(`externalKey: too long; at most 255 characters of name and ${CUSTOM_FIELD_SIZE} of value`);
  }
  return { field: undefined, value };
}

function readPointers(
  type: StoredType,
  list: Received<'ArrayOfMObjAssociation'> | undefined,
  context: RowContext,
): ObjectRow['pointers'] {
  return (list?.mObjAssociation ?? []).map((association) => {
    const folded = foldName(association.mObjType ?? '');
    const target = targetsOf[type].find((known) => known.toLowerCase() === folded);
    if (target === undefined) {
      refuse(
        `associationList: mObjType ${quote(association.mObjType ?? '')}; ` +
          `an ${type} is associated with ${targetsOf[type].join(' and ')} only`,
      );
    }
    return { target, pointer: readPointer(target, association, context) };
  });
}

function readPointer(
  target: AssociationTarget,
  { id, externalKey }: Received<'MObjAssociation'>,
  context: RowContext,
): Pointer {
  if (id !== undefined && id > 0) return { id };
  const key = { name: externalKey?.name?.trim() ?? '', value: externalKey?.value ?? '' };
  if (key.name === '' || key.value.trim() === '') {
    refuse(`associationList: the association with ${target} names none; expected an id or an externalKey`);
  }
  const value = target === 'Opportunity' ? resolveKeyName(target, key, context).value : key.value;
  return { key, wanted: { type: target, name: foldName(key.name), value: keyText(value) } };
}
