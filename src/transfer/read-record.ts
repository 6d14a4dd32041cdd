import type { Columns } from '../bulk/columns.ts';
import type { InputRow } from '../bulk/input.ts';
import { convertValue, type ValueForms } from '../bulk/values.ts';
import type { FieldDefinition, ReferenceTarget } from '../contract/fields.ts';
import { readId } from '../rules/numbers.ts';
import { quote } from '../rules/refusal.ts';
import { readValue } from '../rules/values.ts';
import { unguarded } from './formulas.ts';
import { isText, type Layout, type Place, type TransferField } from './layout.ts';

/** A value of an instance file; null clears it. */
export type ItemValue = string | number | boolean | null;

/** A value of a row and where it belongs. */
export interface PlacedValue {
  readonly place: Place;
  readonly value: ItemValue;
}

/** An object that the row refers to by an external key. */
export interface KeyReference {
  readonly target: ReferenceTarget;
  readonly key: { readonly name: string; readonly value: string };
}

/** The content of a record according to the rows of a file. */
export interface FileRecord {
  /** The rows that it was read from. */
  readonly rows: readonly { readonly row: number; readonly line: number }[];
  readonly id: number | undefined;
  readonly key: { readonly name: string; readonly value: string } | undefined;
  readonly values: readonly PlacedValue[];
  readonly references: readonly KeyReference[];
  /** Rows that belong to it, such as costs. */
  readonly parts: readonly ReadonlyMap<string, ItemValue>[];
  /** Characters of its values. */
  readonly size: number;
}

export interface ReadOptions {
  readonly layout: Layout;
  readonly columns: Columns;
  readonly forms: ValueForms;
  /** True if numbers and dates are in the usual forms, so that a value that the rules read is kept as it is. */
  readonly isUsual: boolean;
  /** If true, an empty cell clears the field. */
  readonly clearsEmpty: boolean;
  /** The file has cells, which are empty without a value. JSON tells an empty text from none. */
  readonly hasCells: boolean;
  /** If true, apostrophes before formulas are taken away. */
  readonly isGuarded: boolean;
}

/** Reads a row. Returns what is wrong with it if it cannot be read. */
export function readRecord(input: InputRow, options: ReadOptions): FileRecord | { readonly problem: string } {
  const { layout, columns } = options;
  const values: PlacedValue[] = [];
  const references: KeyReference[] = [];
  const part = new Map<string, ItemValue>();
  const problems: string[] = [];
  let id: number | undefined;
  let key: FileRecord['key'];
  let wantsKey = false;
  let size = 0;

  const put = (place: Place, value: ItemValue) => {
    if (place.kind !== 'part') values.push({ place, value });
    else if (value !== null) part.set(place.name, value);
  };
  const idOf = (name: string, written: string): number | undefined => {
    const read = readId(written.trim());
    if ('value' in read) return Number(read.value);
    problems.push(`${name}: ${quote(written)}; ${read.problem}`);
    return undefined;
  };

  for (const [at, name] of input.names.entries()) {
    const column = columns.find(name);
    const given = input.values[at];
    if ('problem' in column) {
      problems.push(column.problem);
      continue;
    }
    if (column.kind === 'skipped') continue;
    if (column.kind === 'key') wantsKey = true;
    const field = 'field' in column ? (column.field as TransferField | undefined) : undefined;
    if (isAbsent(given, field, options)) {
      if (column.kind === 'field' && field !== undefined && (given === null || options.clearsEmpty))
        put(field.place, null);
      continue;
    }
    const written = options.isGuarded ? unguarded(given as string) : (given as string);
    size += written.length;
    if (column.kind === 'id') id = idOf(name, written);
    else if (column.kind === 'association') {
      const reference = layout.fields.find(({ references: target }) => target === column.target);
      if (column.key !== undefined) {
        references.push({ target: column.target, key: { name: column.key, value: written } });
      } else if (reference !== undefined) put(reference.place, idOf(name, written) ?? null);
    } else if (field !== undefined) {
      const read = readField(field, written, options);
      if ('problem' in read) problems.push(read.problem);
      else {
        put(field.place, read.value);
        if (column.kind === 'key') key = { name: column.name, value: String(read.value) };
      }
    }
  }
  if (wantsKey && key === undefined && id === undefined && problems.length === 0)
    problems.push('the external key is empty; expected a value, or the row would not be found again');
  if (problems.length > 0) return { problem: problems.join('; ') };
  const parts = part.size === 0 ? [] : [part];
  return { rows: [{ row: input.row, line: input.line }], id, key, values, references, parts, size };
}

/** Tells whether a row has no value: an empty cell, or blanks where a text is not expected. */
function isAbsent(
  given: string | null | undefined,
  field: TransferField | undefined,
  { hasCells, isGuarded }: ReadOptions,
): boolean {
  if (given === undefined || given === null) return true;
  if (field === undefined || !isText(field)) return given.trim() === '';
  // Guarded files have an apostrophe before texts without visible characters.
  if (hasCells) return isGuarded ? given.trim() === '' : given === '';
  return false;
}

function readField(
  field: TransferField,
  written: string,
  { forms, isUsual }: ReadOptions,
): { readonly value: ItemValue } | { readonly problem: string } {
  const definition = field as unknown as FieldDefinition;
  const isMonth = field.place.kind === 'part' && field.place.name === 'month';
  const asWritten = isUsual ? readValue(definition, written, 'UTC') : { problem: '' };
  const converted =
    'value' in asWritten && !isMonth
      ? { text: written }
      : convertValue(isMonth ? { ...field, dataType: 'date', isMonth } : field, written, forms);
  if ('problem' in converted) return converted;
  const { text } = converted;
  if (field.place.kind === 'named') return { value: text };
  const read = readValue(definition, text, 'UTC');
  const isTyped = 'value' in read && typeof read.value !== 'string';
  return { value: isTyped ? read.value : text };
}

/** Returns whether two rows mean the same record: by id, or by name where no ids are given. */
export function areSame(some: FileRecord, other: FileRecord): boolean {
  const identity = identityOf(other);
  return identity !== undefined && identityOf(some) === identity;
}

const identityOf = ({ id, values }: FileRecord): ItemValue | undefined =>
  id ?? values.find(({ place }) => place.kind === 'property' && place.property === 'name')?.value;

/** Returns the record that these rows mean together. */
export function joined(first: FileRecord, others: readonly FileRecord[]): FileRecord {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    rows: all.flatMap(({ rows }) => rows),
    values: all.flatMap(({ values }) => values),
    parts: all.flatMap(({ parts }) => parts),
    size: all.reduce((sum, { size }) => sum + size, 0),
  };
}
