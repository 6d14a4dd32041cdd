import { byType, type CountedType, countedParts, type RecordType } from '../records/all.ts';
import type { PartRow, RowsPart } from '../records/declare.ts';
import type { AnyRecordChange, Changes } from '../rules/facts.ts';

/** A row of a part and the record that owns it. */
export interface OwnedRow {
  readonly row: PartRow<RowsPart>;
  readonly ownerId: number;
}

/** Changes in the rows of a part. A row that moves to another record is deleted there and created here. */
export interface RowChanges {
  readonly gone: readonly { readonly id: number; readonly ownerId: number }[];
  readonly created: readonly OwnedRow[];
  readonly updated: readonly OwnedRow[];
}

/** Returns the changes in a part of rows. */
export function rowChanges(
  type: RecordType,
  property: string,
  areEqual: (some: PartRow<RowsPart>, other: PartRow<RowsPart>) => boolean,
  records: readonly AnyRecordChange[],
): RowChanges {
  const gone: { id: number; ownerId: number }[] = [];
  const created: OwnedRow[] = [];
  const updated: OwnedRow[] = [];
  for (const change of records) {
    if (change.type !== type) continue;
    const earlier = new Map(rowsIn(change.before, property).map((row) => [row.id, row]));
    for (const row of rowsIn(change.after, property)) {
      const known = earlier.get(row.id);
      earlier.delete(row.id);
      const owned = { row, ownerId: change.after?.id ?? 0 };
      if (known === undefined) created.push(owned);
      else if (!areEqual(known, row)) updated.push(owned);
    }
    for (const id of earlier.keys()) gone.push({ id, ownerId: change.before?.id ?? 0 });
  }
  return { gone, created, updated };
}

/** Changes in the texts of a part. */
export interface TextChanges {
  readonly gone: readonly { readonly ownerId: number; readonly name: string }[];
  readonly put: readonly { readonly ownerId: number; readonly name: string; readonly value: string }[];
}

/** Returns the changes in a part of texts. */
export function textChanges(
  type: RecordType,
  property: string,
  records: readonly AnyRecordChange[],
): TextChanges {
  const gone: { ownerId: number; name: string }[] = [];
  const put: { ownerId: number; name: string; value: string }[] = [];
  for (const change of records) {
    const ownerId = (change.after ?? change.before)?.id;
    if (change.type !== type || ownerId === undefined) continue;
    const before = textsIn(change.before, property);
    const after = textsIn(change.after, property);
    if (before === after) continue;
    for (const name of before.keys()) if (!after.has(name)) gone.push({ ownerId, name });
    for (const [name, value] of after) if (before.get(name) !== value) put.push({ ownerId, name, value });
  }
  return { gone, put };
}

const countedPartsOf = byType(countedParts);

/** Returns the ids of new records and new part rows, by counter; counters without any have no entry. */
export function createdIds({ records }: Changes): ReadonlyMap<CountedType, readonly number[]> {
  const created = new Map<CountedType, number[]>();
  const add = (counter: CountedType, id: number) => {
    const ids = created.get(counter);
    if (ids === undefined) created.set(counter, [id]);
    else ids.push(id);
  };
  for (const { type, before, after } of records) {
    if (after === undefined) continue;
    if (before === undefined) add(type, after.id);
    for (const [property, { counter }] of countedPartsOf[type]) {
      const known = new Set(rowsIn(before, property).map(({ id }) => id));
      for (const { id } of rowsIn(after, property)) if (!known.has(id)) add(counter as CountedType, id);
    }
  }
  return created;
}

const none: ReadonlyMap<string, string> = new Map();

const rowsIn = (record: object | undefined, property: string): readonly PartRow<RowsPart>[] =>
  record === undefined ? [] : Reflect.get(record, property);

const textsIn = (record: object | undefined, property: string): ReadonlyMap<string, string> =>
  record === undefined ? none : Reflect.get(record, property);
