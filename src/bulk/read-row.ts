import type { MObject } from '../client/objects.ts';
import type { SyncOperation } from '../contract/enumerations.ts';
import type { StoredType } from '../contract/fields.ts';
import { quote } from '../rules/refusal.ts';
import { readId } from '../rules/values.ts';
import type { Columns } from './columns.ts';
import type { InputRow } from './input.ts';
import { type ConvertedValue, convertValue, type ValueForms } from './values.ts';

/** A row that can be sent. */
export interface ReadyRow {
  readonly row: number;
  readonly line: number;
  readonly object: MObject;
  /** Rows of the same identity are sent one after the other; undefined: a new object. */
  readonly identity: string | undefined;
  /** The external key or id, for people; empty if the row has none. */
  readonly key: string;
  /** True if sending the row twice has the same effect as sending it once. */
  readonly isRepeatable: boolean;
  /** Characters of its values. */
  readonly size: number;
}

export interface RowOptions {
  readonly type: StoredType;
  readonly operation: SyncOperation;
  readonly columns: Columns;
  readonly forms: ValueForms;
  /** If true, an empty CSV value clears the field. */
  readonly clearsEmpty: boolean;
}

/** Why a row is not sent. */
export interface UnfitRow {
  readonly key: string;
  readonly problem: string;
}

/** Reads the values of a row. */
export function readRow(input: InputRow, options: RowOptions): ReadyRow | UnfitRow {
  const { type, columns, forms } = options;
  const attributes: Record<string, string | null> = {};
  const associations: { type: string; id?: number; externalKey?: { name: string; value: string } }[] = [];
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
      if (column.kind === 'field' && (given === null || options.clearsEmpty))
        attributes[column.field.name] = null;
      continue;
    }
    size += given.length;
    const read = (converted: ConvertedValue): string => {
      if ('text' in converted) return converted.text;
      problems.push(converted.problem);
      return '';
    };
    if (column.kind === 'field')
      attributes[column.field.name] = read(convertValue(column.field, given, forms));
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

  const key = id === undefined ? (externalKey?.value ?? '') : String(id);
  if (wantsKey && id === undefined && externalKey === undefined && problems.length === 0) {
    problems.push('the external key is empty; expected a value, or the row would not be found again');
  }
  if (problems.length > 0) return { key, problem: problems.join('; ') };
  const object = { type, id, externalKey, attributes, associations } as MObject;
  const identity = identityOf(id, comparedKey, type, attributes, associations);
  const isRepeatable =
    options.operation === 'UPDATE' || (options.operation === 'UPSERT' && identity !== undefined);
  return { row: input.row, line: input.line, object, identity, key, isRepeatable, size };
}

const same = (text: string): ConvertedValue => ({ text, compared: text });

function convertId(name: string, written: string): ConvertedValue {
  const read = readId(written.trim());
  if ('value' in read) return same(String(read.value));
  const advice =
    name.toLowerCase() === 'id'
      ? '; ids of another system are external keys: --external-key names their column'
      : '';
  return { problem: `${name}: ${quote(written)}; ${read.problem}${advice}` };
}

/** The way in which the server finds the object of a row (docs/behaviour.md#2-which-object-a-row-means). */
function identityOf(
  id: number | undefined,
  comparedKey: string,
  type: StoredType,
  attributes: Readonly<Record<string, string | null>>,
  associations: readonly { readonly type: string; readonly id?: number; readonly externalKey?: object }[],
): string | undefined {
  if (id !== undefined) return `id ${id}`;
  if (comparedKey !== '') return `key ${comparedKey}`;
  if (type !== 'OpportunityPersonRole') return undefined;
  const holder = (field: string, target: string) =>
    attributes[field] ?? associations.filter((each) => each.type === target);
  return `role ${JSON.stringify([holder('OpportunityId', 'Opportunity'), holder('PersonId', 'Lead')])}`;
}
