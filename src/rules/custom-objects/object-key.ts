import { hash } from 'node:crypto';
import type { FieldValue } from '../../records/field-values.ts';
import { type CustomObjectRecord, type CustomObjectTypeRecord, isLeadId } from './object-type.ts';

/** Separates the values of a key. Lower than any character that XML can carry, so that values sort one by one. */
const SEPARATOR = '\u0002';
/** Above every key that begins with certain values and the separator. */
const ABOVE = '\u0003';

/** The longest key, in UTF-16 code units: PostgreSQL indexes no longer texts. */
const KEY_AT_MOST = 600;
/** Hexadecimal digits of the hash at the end of a long text that was cut. */
const HASH_DIGITS = 32;

/** The maximum number of keys of a type: with more, too little of each text would remain. */
export const MAX_KEYS_PER_TYPE = 10;

/**
 * Returns the key of an object from the values of its type's keys, in their order. Equal values have equal keys. Keys
 * sort as the values do, one by one: numbers by size, texts by code point, long texts by how they begin.
 */
export const objectKey = (values: readonly FieldValue[]): string =>
  values.map((value) => keyPart(value, values.length)).join(SEPARATOR);

/** Returns the part of a key that holds one value. `keys`: the number of the type's keys. */
export function keyPart(value: FieldValue, keys: number): string {
  if (typeof value === 'number') return sortableNumber(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  const atMost = Math.floor(KEY_AT_MOST / keys) - 1;
  if (value.length <= atMost) return value;
  const beginning = value.slice(0, atMost - HASH_DIGITS - 1).toWellFormed();
  return `${beginning}#${hash('sha256', value).slice(0, HASH_DIGITS)}`;
}

/** Returns 16 hexadecimal digits that sort as numbers do: the bits of the double, with the sign made to sort. */
function sortableNumber(value: number): string {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  const raw = bits.readBigUInt64BE();
  const sign = 1n << 63n;
  const sortable = (raw & sign) === 0n ? raw | sign : raw ^ 0xffff_ffff_ffff_ffffn;
  return sortable.toString(16).padStart(16, '0');
}

/** A range of keys, both ends included. `to` undefined: no end. */
export interface KeyRange {
  readonly from: string;
  readonly to: string | undefined;
}

export const allKeys: KeyRange = { from: '', to: undefined };

/** Returns the keys that begin with these parts. `keys`: the number of the type's keys. */
export function keysBeginning(parts: readonly string[], keys: number): KeyRange {
  const beginning = parts.join(SEPARATOR);
  return parts.length === keys
    ? { from: beginning, to: beginning }
    : { from: beginning + SEPARATOR, to: beginning + ABOVE };
}

/** Orders keys as the store does, by code point. */
export const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Returns the object as one of another lead: with that id in MKTOID, and in its key if MKTOID is a part of it. */
export function withLead(
  type: CustomObjectTypeRecord,
  object: CustomObjectRecord,
  leadId: number,
): CustomObjectRecord {
  const attributes = Object.fromEntries(
    Object.entries(object.attributes).map(([name, value]) => [name, isLeadId(name) ? leadId : value]),
  );
  return { ...object, leadId, attributes, key: keyOf(type, attributes) ?? object.key };
}

/** Returns the key of an object with these attributes; undefined if it lacks a value of a key. */
export function keyOf(
  { keys }: CustomObjectTypeRecord,
  attributes: CustomObjectRecord['attributes'],
): string | undefined {
  const values: FieldValue[] = [];
  for (const { name } of keys) {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (value === undefined) return undefined;
    values.push(value);
  }
  return objectKey(values);
}
