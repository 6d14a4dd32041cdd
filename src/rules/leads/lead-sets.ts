import type { WantedLookup } from '../facts.ts';
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
  const records = keyRecords(keys);
  if (records !== undefined) return inRecords(records.type, records.where);
  const finds = keys.flatMap(({ find }) => find ?? []);
  const lookups = finds.flatMap((find) => ('id' in find ? [] : [find]));
  const [first] = lookups;
  if (first === undefined) {
    return { property: 'id', in: finds.flatMap((find) => ('id' in find ? [find.id] : [])) };
  }
  const { property } = lastColumn(first);
  return { property, in: lookups.map((each) => lastColumn(each).value) };
}

/** The records by which leads have keys that are no property of theirs. */
export interface KeyRecords {
  readonly type: 'LeadCookie' | 'LeadCrmKey';
  /** The conditions on the records of all keys. */
  readonly where: readonly ListCondition[];
  /** The conditions on the records of each key. */
  readonly each: readonly (readonly ListCondition[])[];
}

/** Returns the records of keys of one type; undefined: their leads are found by a property of theirs. */
export function keyRecords(keys: readonly LeadKey[]): KeyRecords | undefined {
  const lookups = keys.flatMap(({ find }) => (find === undefined || 'id' in find ? [] : [find]));
  const [first] = lookups;
  if (first === undefined || first.type === 'Lead') return undefined;
  // Of a lookup by several columns, keys of one type differ in the last.
  const { columns } = declaredLookup(first.type, first.lookup);
  const alike = columns.slice(0, -1).map((property, index) => ({
    property,
    equals: first.values[index] ?? null,
  }));
  const { property } = lastColumn(first);
  const values = [...new Set(lookups.map((each) => lastColumn(each).value))];
  return {
    type: first.type as KeyRecords['type'],
    where: [...alike, { property, in: values }],
    each: values.map((value) => [...alike, { property, equals: value }]),
  };
}

function lastColumn({ type, lookup, values }: WantedLookup): {
  readonly property: string;
  readonly value: string;
} {
  return { property: declaredLookup(type, lookup).columns.at(-1) ?? '', value: String(values.at(-1)) };
}

const inRecords = (
  type: 'LeadCookie' | 'LeadCrmKey' | 'ListMember',
  where: readonly ListCondition[],
): ListCondition => ({ property: 'id', in: { type, property: 'leadId', where } });
