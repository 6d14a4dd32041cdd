import {
  associationFields,
  byStoredType,
  type ReferenceTarget,
  type StoredType,
} from '../contract/fields.ts';
import type { Received } from '../contract/messages.ts';
import type { KeyedType } from '../records/all.ts';
import { quote, refuse } from './refusal.ts';
import { type ResolvedKey, resolveKey } from './resolve-key.ts';
import type { Pointer, RowContext, RowIdentity, RowKey } from './row.ts';
import { oneOf } from './schema.ts';

const targetsOf: Readonly<Record<StoredType, readonly ReferenceTarget[]>> = byStoredType((type) =>
  associationFields[type].map(({ target }) => target),
);

type SentKey = RowIdentity['echoedKey'];

/** The context that reading a key depends on. */
type KeyContext = Pick<RowContext, 'schema' | 'settings'>;

/** Reads the external key of a row; undefined if it has none. */
export function readKey(type: StoredType, sent: SentKey, context: KeyContext): RowKey | undefined {
  if (sent === undefined) return undefined;
  return { ...resolved(type, sent, context), loose: { name: sent.name.trim(), value: sent.value } };
}

function resolved(type: KeyedType, sent: NonNullable<SentKey>, context: KeyContext): ResolvedKey {
  const key = resolveKey(type, sent, context);
  return 'problem' in key ? refuse(key.problem) : key;
}

const nowhere: readonly never[] = [];

/** The maximum number of associations per row: each one is looked up and compared with the others. */
const MAX_ASSOCIATIONS = 50;

/** Reads the associations of a row. */
export function readPointers(
  type: StoredType,
  list: Received<'ArrayOfMObjAssociation'> | undefined,
  context: RowContext,
): readonly Pointer[] {
  const associations = list?.mObjAssociation ?? [];
  if (associations.length === 0) return nowhere;
  if (associations.length > MAX_ASSOCIATIONS) {
    refuse(
      `associationList: has ${associations.length} associations; at most ${MAX_ASSOCIATIONS} are accepted; ` +
        'send one per type',
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
    refuse(
      `associationList: the association with ${target} names no object; expected an id or an externalKey`,
    );
  }
  const { wanted, refusal } = resolved(target, key, context);
  const pointer = { target, key, wanted, refusal };
  context.pointers.set(key.value, pointer);
  return pointer;
}
