import type { ValueType } from '../contract/fields.ts';
import { declarationOf, type KeyedType } from '../records/all.ts';
import type { Declaration } from '../records/declare.ts';
import {
  type FieldValue,
  type FieldValues,
  type FieldValueTable,
  fieldValues,
} from '../records/field-values.ts';
import { ignoredNames } from '../rules/field-names.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { readValue } from '../rules/values.ts';
import { inside } from './mistakes.ts';
import { checkKnown, checkReference, type Item, type Reading } from './reading.ts';

/** A named value of the file. */
interface Named {
  readonly name: string;
  readonly value: FieldValue | undefined;
  readonly path: string;
}

/**
 * Reads the fields of an object: those with a property of their own and those under `attributes`. The references of an
 * orphan are not checked; those of another role are required.
 */
export function readFields(
  declaration: Declaration,
  item: Item,
  path: string,
  reading: Reading,
): FieldValues {
  const type = declaration.name as ValueType;
  const own = Object.entries(declaration.instance ?? {}).map(([property, name]) => ({
    name,
    value: item[property] as FieldValue | undefined,
    path: inside(path, property),
  }));
  const isOrphan = item.orphan === true;
  const values = fieldValues(type);
  for (const named of [...own, ...namedValues(item, 'attributes', path, reading)]) {
    readField(type, named, values, isOrphan, reading);
  }
  if (type === 'OpportunityPersonRole' && !isOrphan) {
    for (const [property, name] of Object.entries(declaration.instance ?? {})) {
      const references = declaration.fields?.find((field) => field.name === name)?.references ?? null;
      if (references !== null && !values.has(name)) reading.mistakes.addMissing(path, property);
    }
  }
  return values;
}

function readField(
  type: ValueType,
  { name, value, path }: Named,
  values: FieldValueTable,
  isOrphan: boolean,
  reading: Reading,
): void {
  if (value === undefined) return;
  const { schema, timeZone, mistakes } = reading;
  const field = schema.fields[type].find(name);
  if (field === undefined) {
    const names = schema.fields[type].all.map((each) => each.name);
    if (reading.isComplete('fields')) checkKnown(name, names, `field of ${type}`, path, reading);
    return;
  }
  const isElsewhere = declarationOf[type].fieldProperties?.[field.name] !== undefined;
  if (field.name === 'Id' || isElsewhere) {
    mistakes.add(path, `${isElsewhere ? quote(name) : 'the id'} belongs next to attributes, not inside`);
    return;
  }
  const text = String(value);
  if (text === '' || text === ' ') return;
  const read = readValue(field, text, timeZone);
  const earlier = values.get(field.name);
  if ('problem' in read) mistakes.add(path, `${quote(text)}: ${read.problem}`);
  else if (earlier !== undefined && earlier !== read.value) {
    mistakes.add(path, `${quote(text)} and ${quote(String(earlier))} are both given; they must agree`);
  } else {
    values.set(field.name, read.value);
    if (field.references !== null && !isOrphan) {
      checkReference(field.references, Number(read.value), path, reading);
    }
  }
}

/** Returns the properties of a record, besides fields, that external keys find it by. */
export const keyProperties = ({ keys }: Declaration): readonly string[] =>
  keys === undefined || keys === 'fields' ? [] : (keys as readonly string[]);

/** Reads texts by name, which are those of custom fields or any others. */
export function readCustomTexts(
  declaration: Declaration,
  item: Item,
  property: string,
  path: string,
  { schema, timeZone, ...reading }: Reading,
): Map<string, string> {
  const elsewhere = ['id', ...keyProperties(declaration)].filter((key) => key !== property).map(foldName);
  const texts = new Map<string, string>();
  for (const { name, value, path: place } of namedValues(item, property, path, reading)) {
    if (elsewhere.includes(foldName(name))) {
      reading.mistakes.add(place, `"${name}" belongs next to ${property}, not inside`);
    }
    const text = String(value);
    if (text === '') continue;
    const field = schema.fields[declaration.name as KeyedType].find(name);
    const read = field && readValue(field, text, timeZone);
    if (read && 'problem' in read) reading.mistakes.add(place, `${quote(text)}: ${read.problem}`);
    texts.set(name.trim(), text);
  }
  return texts;
}

/** Reads the loose keys of an object. Reports names that no external key can have. */
export function readKeys(item: Item, path: string, reading: Reading): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { name, value, path: place } of namedValues(item, 'externalKeys', path, reading)) {
    if (ignoredNames.has(foldName(name))) {
      reading.mistakes.add(place, 'is set by the server; no external key can have that name');
    }
    keys.set(name.trim(), String(value));
  }
  return keys;
}

/** Returns the values of a property by name. Reports names that differ only in case. */
function namedValues(
  item: Item,
  property: string,
  path: string,
  { mistakes }: Pick<Reading, 'mistakes'>,
): Named[] {
  const around = inside(path, property);
  const names = new Set<string>();
  return Object.entries((item[property] ?? {}) as Readonly<Record<string, FieldValue>>).map(
    ([name, value]) => {
      const place = inside(around, name);
      if (foldName(name) === '') mistakes.add(place, 'expected a name');
      if (names.has(foldName(name))) mistakes.add(place, 'duplicate name (case does not count)');
      names.add(foldName(name));
      return { name, value, path: place };
    },
  );
}
