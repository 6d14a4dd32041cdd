import { readId } from '../rules/numbers.ts';
import { quote } from '../rules/refusal.ts';
import type { Columns } from './columns.ts';
import type { InputRow } from './input.ts';
import { type ConvertedValue, convertValue, same, type ValueForms } from './values.ts';

/** The values of a row by what its columns mean, as the API takes them. */
export interface Cells {
  readonly id: number | undefined;
  readonly externalKey: { readonly name: string; readonly value: string } | undefined;
  /** The value of the external key as it is compared; empty if there is none. */
  readonly comparedKey: string;
  /** By field name; null clears the field. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly associations: readonly CellAssociation[];
  /** Characters of the values. */
  readonly size: number;
}

export interface CellAssociation {
  readonly type: string;
  readonly id?: number;
  readonly externalKey?: { readonly name: string; readonly value: string };
}

export interface CellOptions {
  readonly columns: Columns;
  readonly forms: ValueForms;
  /** If true, an empty CSV value clears the field. */
  readonly clearsEmpty: boolean;
}

/** Reads the values of a row. Those with a problem are missing, or empty. */
export function readCells(
  input: InputRow,
  { columns, forms, clearsEmpty }: CellOptions,
): { readonly cells: Cells; readonly problems: readonly string[] } {
  const values: Record<string, string | null> = {};
  const associations: CellAssociation[] = [];
  const problems: string[] = [];
  let id: number | undefined;
  let externalKey: { name: string; value: string } | undefined;
  let comparedKey = '';
  let wantsKey = false;
  let size = 0;

  for (let at = 0; at < input.names.length; at += 1) {
    const name = input.names[at] as string;
    const column = columns.find(name);
    if ('problem' in column) {
      problems.push(column.problem);
      continue;
    }
    if (column.kind === 'skipped') continue;
    if (column.kind === 'key') wantsKey = true;
    const given = input.values[at];
    const isEmpty = given === undefined || given === null || given.trim() === '';
    if (isEmpty && column.kind !== 'field') continue;
    if (isEmpty) {
      if (column.kind === 'field' && (given === null || clearsEmpty)) values[column.field.name] = null;
      continue;
    }
    size += given.length;
    const read = (converted: ConvertedValue): string => {
      if ('text' in converted) return converted.text;
      problems.push(converted.problem);
      return '';
    };
    if (column.kind === 'field') values[column.field.name] = read(convertValue(column.field, given, forms));
    else if (column.kind === 'id') id = Number(read(convertId(name, given)));
    else if (column.kind === 'key') {
      const converted = column.field ? convertValue(column.field, given, forms) : same(given);
      externalKey = { name: column.name, value: read(converted) };
      if ('compared' in converted) comparedKey = converted.compared;
    } else if (column.key === undefined) {
      associations.push({ type: column.target, id: Number(read(convertId(name, given))) });
    } else {
      associations.push({ type: column.target, externalKey: { name: column.key, value: given } });
    }
  }

  if (wantsKey && id === undefined && externalKey === undefined && problems.length === 0) {
    problems.push('the external key is empty; expected a value, or the row would not be found again');
  }
  return { cells: { id, externalKey, comparedKey, values, associations, size }, problems };
}

function convertId(name: string, written: string): ConvertedValue {
  const read = readId(written.trim());
  if ('value' in read) return same(String(read.value));
  const advice =
    name.toLowerCase() === 'id'
      ? '; ids of another system are external keys: --external-key names their column'
      : '';
  return { problem: `${name}: ${quote(written)}; ${read.problem}${advice}` };
}
