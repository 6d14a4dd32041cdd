import type { ListCondition } from '../list-query.ts';
import { declaredLookup } from '../lookups.ts';
import type { LeadKey } from './lead-key.ts';

/** The leads that a read asks for. Times are UTC, both inclusive. */
export type LeadSet =
  | { readonly kind: 'keys'; readonly keys: readonly LeadKey[] }
  | { readonly kind: 'list'; readonly listId: number }
  | { readonly kind: 'updated'; readonly from: string; readonly to: string };

/**
 * Returns the conditions on the leads of a set. All keys of a set have one type (docs/behaviour-leads.md#selectors).
 */
export function leadConditions(set: LeadSet): readonly ListCondition[] {
  switch (set.kind) {
    case 'keys':
      return [keyCondition(set.keys)];
    case 'list':
      return [inRecords('ListMember', [{ property: 'listId', equals: set.listId }])];
    case 'updated':
      return [{ property: 'updatedAt', from: set.from, to: set.to }];
  }
}

function keyCondition(keys: readonly LeadKey[]): ListCondition {
  const finds = keys.flatMap(({ find }) => find ?? []);
  const lookups = finds.flatMap((find) => ('id' in find ? [] : [find]));
  const [first] = lookups;
  if (first === undefined) {
    return { property: 'id', in: finds.flatMap((find) => ('id' in find ? [find.id] : [])) };
  }
  // Of a lookup by several columns, keys of one type differ in the last.
  const columns = declaredLookup(first.type, first.lookup).columns;
  const last = columns.length - 1;
  const values = lookups.map((each) => String(each.values[last]));
  const alike = columns.slice(0, last).map((property, index) => ({
    property,
    equals: first.values[index] ?? null,
  }));
  const conditions = [...alike, { property: columns[last] ?? '', in: values }];
  return first.type === 'Lead'
    ? (conditions[0] as ListCondition)
    : inRecords(first.type as 'LeadCookie' | 'LeadCrmKey', conditions);
}

const inRecords = (
  type: 'LeadCookie' | 'LeadCrmKey' | 'ListMember',
  where: readonly ListCondition[],
): ListCondition => ({ property: 'id', in: { type, property: 'leadId', where } });
