import { declarationOf, type RecordType, recordTypes } from '../records/all.ts';
import type { Schema } from '../rules/schema.ts';
import type { BrowseFilter } from '../store/browsing.ts';
import type { Store } from '../store/store.ts';
import { nameField, type ObjectField, objectFields, type Properties } from './object-fields.ts';

/** An object that is associated with another one. */
export interface RelatedObject {
  readonly type: RecordType;
  readonly id: number;
  readonly name: string | null;
  /** The field that refers, of the one or the other. */
  readonly by: string;
  /** There is no object of this id. */
  readonly isMissing: boolean;
}

export interface RelatedObjects {
  readonly related: readonly RelatedObject[];
  /** The lists of which only the newest are in `related`. */
  readonly relatedMore: readonly { readonly type: RecordType; readonly where: string }[];
}

/** The objects of each list that refers to an object. */
const NEWEST = 25;

/** Returns what an object refers to, and what refers to it: by declared references alone. */
export async function relatedTo(
  store: Store,
  schema: Schema,
  type: RecordType,
  fields: readonly ObjectField[],
  record: Properties,
): Promise<RelatedObjects> {
  const related: RelatedObject[] = [];
  const relatedMore: RelatedObjects['relatedMore'][number][] = [];
  for (const field of fields) {
    const id = field.references === null ? null : field.read(record);
    if (field.references === null || typeof id !== 'number') continue;
    const [found] = (await referring(store, schema, field.references, 'id', id, 1)).found;
    related.push({
      type: field.references,
      id,
      name: found?.name ?? null,
      by: field.name,
      isMissing: !found,
    });
  }
  for (const other of recordTypes) {
    for (const { name, references } of objectFields(other, schema)) {
      if (references !== type) continue;
      const { found, hasMore } = await referring(store, schema, other, name, record.id, NEWEST);
      related.push(...found.map((each) => ({ ...each, type: other, by: name, isMissing: false })));
      if (hasMore) relatedMore.push({ type: other, where: `${name}:eq:${record.id}` });
    }
  }
  return { related, relatedMore };
}

/**
 * Returns the newest objects of a type whose field has this id. `hasMore`: there are others, or there may be: without an
 * index, a page ends early.
 */
async function referring(
  store: Store,
  schema: Schema,
  type: RecordType,
  name: string,
  id: number,
  limit: number,
): Promise<{
  readonly found: readonly { readonly id: number; readonly name: string | null }[];
  readonly hasMore: boolean;
}> {
  const fields = objectFields(type, schema);
  const [idField] = fields;
  const field = fields.find((each) => each.name === name);
  if (idField === undefined || field === undefined)
    throw new TypeError(`${declarationOf[type].name} has no ${name}`);
  const filters: BrowseFilter[] = [{ subject: field.subject, operator: 'eq', value: id }];
  const sort = { subject: idField.subject, descending: true };
  const { records, next } = await store.browsing.page({
    type,
    filters,
    search: undefined,
    sort,
    after: undefined,
    limit,
  });
  const found = records.map((record) => {
    const named = nameField(fields)?.read(record as unknown as Properties) ?? null;
    return { id: record.id, name: named === null ? null : String(named) };
  });
  return { found, hasMore: next !== null };
}
