import {
  associationFields,
  byStoredType,
  CUSTOM_FIELD_SIZE,
  type ReferenceTarget,
  type StoredType,
} from '../contract/fields.ts';
import type { Received } from '../contract/messages.ts';
import { keyText } from '../records/field-values.ts';
import { quote, refuse } from './refusal.ts';
import { readFieldValue, unknownFieldText } from './row-values.ts';
import { foldName, oneOf } from './schema.ts';
import type { Pointer, RowContext, RowIdentity, RowKey } from './sync-row.ts';

const targetsOf: Readonly<Record<StoredType, readonly ReferenceTarget[]>> = byStoredType((type) =>
  associationFields[type].map(({ target }) => target),
);

type SentKey = RowIdentity['echoedKey'];

/** What reading a key depends on. */
type KeyContext = Pick<RowContext, 'schema' | 'settings'>;

/** The external key that a row is found by, if it has one. */
export function readKey(type: StoredType, sent: SentKey, context: KeyContext): RowKey | undefined {
  if (sent === undefined) return undefined;
  const { folded, field, value, refusal } = resolveKey(type, sent, context);
  const loose = { name: sent.name.trim(), value: sent.value };
  return { wanted: { type, name: folded, value: keyText(value) }, loose, field, value, refusal };
}

interface ResolvedKey extends Pick<RowKey, 'field' | 'value' | 'refusal'> {
  readonly folded: string;
}

/** The field that a key of a stored type names, with the key's value as that field reads it. */
function resolveKey(
  type: StoredType,
  { name, value }: NonNullable<SentKey>,
  { schema, settings }: KeyContext,
): ResolvedKey {
  const known = schema.fields[type].findFolded(name);
  const folded = known?.folded ?? foldName(name);
  if (folded === '') refuse(`externalKey: has the value ${quote(value)} but no name`);
  if (value.trim() === '') refuse(`externalKey ${name}: has no value`);
  if (folded === 'id') refuse(`externalKey ${name}: an id goes into the element id`);
  if (known !== undefined) {
    const read = readFieldValue(known.field, value, settings);
    return { folded, field: known.field, value: read, refusal: undefined };
  }
  const refusal =
    settings.externalKeys === 'any'
      ? undefined
      : unknownFieldText(type, name.trim(), schema, '--external-keys any');
  if (refusal !== undefined && settings.unknownFields !== 'create') refuse(refusal);
  if (name.length > 255 || value.length > CUSTOM_FIELD_SIZE) {
    refuse(`externalKey: too long; at most 255 characters of name and ${CUSTOM_FIELD_SIZE} of value`);
  }
  return { folded, field: undefined, value, refusal };
}

const nowhere: readonly never[] = [];

/** At most this many associations in one row: each is looked up, and compared with what the others say. */
const MAX_ASSOCIATIONS = 50;

/** Where the associations of a row lead to. */
export function readPointers(
  type: StoredType,
  list: Received<'ArrayOfMObjAssociation'> | undefined,
  context: RowContext,
): readonly Pointer[] {
  const associations = list?.mObjAssociation ?? [];
  if (associations.length === 0) return nowhere;
  if (associations.length > MAX_ASSOCIATIONS) {
    refuse(
      `associationList: has ${associations.length} associations; at most ${MAX_ASSOCIATIONS} are taken, ` +
        'and one of each type says it all',
    );
  }
  return associations.map((association) => {
    const target = oneOf(targetsOf[type], association.mObjType ?? '');
    if (target !== undefined) return readPointer(target, association, context);
    return refuse(
      `associationList: mObjType ${quote(association.mObjType ?? '')}; ` +
        `an ${type} is associated with ${targetsOf[type].join(' and ')} only`,
    );
  });
}

function readPointer(
  target: ReferenceTarget,
  { id, externalKey }: Received<'MObjAssociation'>,
  context: RowContext,
): Pointer {
  if (id !== undefined && id > 0) return { target, id };
  const key = { name: externalKey?.name?.trim() ?? '', value: externalKey?.value ?? '' };
  const seen = context.pointers.get(key.value);
  if (seen?.target === target && seen.key.name === key.name) return seen;
  if (key.name === '' || key.value.trim() === '') {
    refuse(`associationList: the association with ${target} names none; expected an id or an externalKey`);
  }
  const { folded, value, refusal } =
    target === 'Opportunity'
      ? resolveKey(target, key, context)
      : { folded: foldName(key.name), value: key.value, refusal: undefined };
  const pointer = { target, key, wanted: { type: target, name: folded, value: keyText(value) }, refusal };
  context.pointers.set(key.value, pointer);
  return pointer;
}
