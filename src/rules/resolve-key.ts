import { CUSTOM_FIELD_SIZE, type FieldDefinition } from '../contract/fields.ts';
import { isLongerThan } from '../contract/shortened.ts';
import type { KeyedType } from '../records/all.ts';
import { type FieldValue, keyText } from '../records/field-values.ts';
import type { WantedKey } from './facts.ts';
import { ignoredNames } from './field-names.ts';
import { quote } from './refusal.ts';
import { foldName, type Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { unknownFieldText } from './unknown-field.ts';
import { readValue } from './values.ts';

/** An external key, ready to be looked up. */
export interface ResolvedKey {
  readonly wanted: WantedKey;
  /** The field that the key names; undefined if there is none, or for companies. */
  readonly field: FieldDefinition | undefined;
  /** The value, read as the field's data type. */
  readonly value: FieldValue;
  /** The error to raise unless a field of this name is created before the key is looked up. */
  readonly refusal: string | undefined;
}

/** An invalid external key. `isMissing`: its name or value was not sent. */
export interface KeyProblem {
  readonly problem: string;
  readonly isMissing?: true;
}

/** Resolves an external key: the common rule of sync, get and delete (docs/behaviour.md#external-keys). */
export function resolveKey(
  type: KeyedType,
  { name, value }: { readonly name: string; readonly value: string },
  { schema, settings }: { readonly schema: Schema; readonly settings: MObjectSettings },
): ResolvedKey | KeyProblem {
  const isText = type === 'Lead' || type === 'Company';
  const known = type === 'Company' ? undefined : schema.fields[type].findFolded(name);
  const folded = known?.folded ?? foldName(name);
  if (folded === '')
    return { problem: `externalKey: has the value ${quote(value)} but no name`, isMissing: true };
  if (value.trim() === '') return { problem: `externalKey ${name}: has no value`, isMissing: true };
  if (isText ? folded === 'id' : ignoredNames.has(folded))
    return { problem: readOnlyText(name.trim(), folded) };
  if (known !== undefined) {
    const read = readValue(known.field, value, settings.timeZone);
    // No lead has a value that its field cannot hold.
    if ('problem' in read && isText) return textKey(type, folded, value, undefined);
    if ('problem' in read) return { problem: `${known.field.name}: ${quote(value)}; ${read.problem}` };
    const wanted = { type, name: folded, value: keyText(read.value) };
    return { wanted, field: known.field, value: read.value, refusal: undefined };
  }
  if (isText) return textKey(type, folded, value, undefined);
  const isOpen = settings.externalKeys === 'any';
  const refusal = isOpen ? undefined : unknownFieldText(type, name.trim(), schema, '--external-keys any');
  if (refusal !== undefined && settings.unknownFields !== 'create') return { problem: refusal };
  if (name.length > 255 || isLongerThan(value, CUSTOM_FIELD_SIZE)) {
    return {
      problem: `externalKey: too long; at most 255 characters of name and ${CUSTOM_FIELD_SIZE} of value`,
    };
  }
  return textKey(type, folded, value, refusal);
}

const textKey = (type: KeyedType, name: string, value: string, refusal: string | undefined): ResolvedKey => ({
  wanted: { type, name, value },
  field: undefined,
  value,
  refusal,
});

const readOnlyText = (name: string, folded: string): string =>
  folded === 'id'
    ? `externalKey ${name}: an id is not an external key; send it in the element id`
    : `externalKey ${name}: is set by the server and is not an external key; expected a field`;
