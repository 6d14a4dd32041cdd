import type { SyncOperation } from '../../src/contract/enumerations.ts';

/** Custom objects as a list, one object at a time: what the real ones are compared with. */
export interface NaiveCustomObjects {
  readonly keys: readonly string[];
  readonly fields: readonly string[];
  readonly leads: readonly number[];
  objects: NaiveObject[];
}

/** Values by name, of keys and fields. */
export type NaiveObject = Record<string, string>;

export interface NaiveRow {
  readonly keys: readonly (readonly [string, string])[];
  readonly attributes: readonly (readonly [string, string])[];
}

/** The numeric key and field; all others are texts. */
const numeric = new Set(['MKTOID', 'number']);
const isNumber = (text: string) => /^-?\d+$/.test(text.trim());
const canonical = (name: string, text: string) => (numeric.has(name) ? String(Number(text)) : text);
const named = (names: readonly string[], name: string) =>
  names.find((each) => each.toLowerCase() === name.toLowerCase());

function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    const difference = (x[at]?.codePointAt(0) ?? 0) - (y[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** Returns the keys of a row, or why it fails. */
function keysOf(model: NaiveCustomObjects, row: NaiveRow): NaiveObject | string {
  const unknown: string[] = [];
  const found: NaiveObject = {};
  for (const [name, value] of row.keys) {
    const key = named(model.keys, name);
    if (key === undefined) unknown.push(name);
    else found[key] = value;
  }
  for (const [name] of row.attributes) {
    if (named([...model.keys, ...model.fields], name) === undefined) unknown.push(name);
  }
  if (unknown.length > 0) return `Unknown name attribute list: ${[...new Set(unknown)].join(', ')}`;
  const missing = model.keys.filter((key) => (found[key] ?? '').trim() === '');
  if (missing.length > 0) return `Missing key: ${missing.join(', ')}`;
  for (const key of model.keys) {
    const text = found[key] ?? '';
    if (numeric.has(key) && !isNumber(text)) return 'no number';
    if (key === 'MKTOID' && !(Number(text) > 0)) return 'no id';
    found[key] = canonical(key, text);
  }
  return found;
}

const find = ({ keys, objects }: NaiveCustomObjects, wanted: NaiveObject) =>
  objects.find((object) => keys.every((key) => object[key] === wanted[key]));

/** Returns the statuses of the rows. */
export function naiveSync(
  model: NaiveCustomObjects,
  rows: readonly NaiveRow[],
  operation: SyncOperation,
): string[] {
  return rows.map((row) => {
    const keys = keysOf(model, row);
    if (typeof keys === 'string') return 'FAILED';
    const values: [string, string][] = [];
    const last = new Map(
      row.attributes.map(([name, text]) => [named([...model.fields, ...model.keys], name) ?? '', text]),
    );
    for (const [field, text] of last) {
      if (numeric.has(field) && text.trim() !== '' && !isNumber(text)) return 'FAILED';
      if (text === '') continue;
      values.push([field, text === ' ' ? ' ' : canonical(field, text)]);
    }
    for (const [field, value] of values) if (field in keys && keys[field] !== value) return 'FAILED';
    const lead = keys.MKTOID;
    if (lead !== undefined && !model.leads.includes(Number(lead))) return 'FAILED';
    const before = find(model, keys);
    if (operation === 'INSERT' && before !== undefined) return 'FAILED';
    if (operation === 'UPDATE' && before === undefined) return 'FAILED';
    const object = before ?? { ...keys };
    if (before === undefined) model.objects.push(object);
    for (const [field, value] of values) {
      if (value === ' ') delete object[field];
      else object[field] = value;
    }
    return before === undefined ? 'CREATED' : 'UPDATED';
  });
}

export function naiveDelete(model: NaiveCustomObjects, rows: readonly NaiveRow['keys'][]): string[] {
  return rows.map((row) => {
    const keys = keysOf(model, { keys: row, attributes: [] });
    const found = typeof keys === 'string' ? undefined : find(model, keys);
    if (found === undefined) return 'FAILED';
    model.objects = model.objects.filter((object) => object !== found);
    return 'DELETED';
  });
}

/** Returns the objects that have one of the values sent in each key sent, in the order of the answer. */
export function naiveGet(model: NaiveCustomObjects, sent: NaiveRow['keys']): NaiveObject[] {
  const asked = new Map<string, string[]>();
  for (const [name, text] of sent) {
    const key = named(model.keys, name) ?? '';
    asked.set(key, [...(asked.get(key) ?? []), canonical(key, text)]);
  }
  return model.objects
    .filter((object) => [...asked].every(([key, values]) => values.includes(object[key] ?? '')))
    .sort((a, b) => {
      for (const key of model.keys) {
        const [x = '', y = ''] = [a[key], b[key]];
        const order = numeric.has(key) ? Number(x) - Number(y) : byCodePoint(x, y);
        if (order !== 0) return order;
      }
      return 0;
    });
}
