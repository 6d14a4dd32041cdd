import type { Records, RecordType } from '../../src/records/all.ts';
import type { LookupValue } from '../../src/rules/facts.ts';
import type { ListCondition, ListedRecords, ListFilter, ListQuery } from '../../src/rules/list-query.ts';
import { asHeld, lookupValues } from '../../src/rules/lookups.ts';
import type { ReferenceState } from './reference-state.ts';

const held = (type: RecordType, record: object, property: string): LookupValue =>
  lookupValues(type, [property], record)[0] ?? null;

function order(a: LookupValue, b: LookupValue): number {
  return typeof a === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
    : Number(a) - Number(b);
}

function holds(state: ReferenceState, type: RecordType, record: object, condition: ListCondition): boolean {
  const as = (value: LookupValue) => asHeld(type, condition.property, value);
  const value = held(type, record, condition.property);
  if ('equals' in condition) return value === as(condition.equals);
  if ('in' in condition) {
    const source = condition.in;
    if (!('where' in source)) return source.map(as).includes(value);
    return matching(state, source).some(
      (each) => value !== null && held(source.type, each, source.property) === value,
    );
  }
  if ('notIn' in condition) return !condition.notIn.map(as).includes(value);
  const { from = value, to = value } = condition;
  return value !== null && order(value, from) >= 0 && order(value, to) <= 0;
}

const matching = <Type extends RecordType>(
  state: ReferenceState,
  { type, where, ids }: ListFilter<Type>,
): Records[Type][] =>
  [...(state.records[type] as ReadonlyMap<number, Records[Type]>).values()].filter(
    (record) =>
      (ids === undefined || (record.id >= ids.from && record.id <= ids.to)) &&
      where.every((condition) => holds(state, type, record, condition)),
  );

/** Lists records by a look at every record of the type. */
export function listIn<Type extends RecordType>(
  state: ReferenceState,
  query: ListQuery<Type>,
): ListedRecords<Type> {
  const { type, by = 'id', descending = false, after, limit } = query;
  const sign = descending ? -1 : 1;
  const records = matching(state, query)
    .filter(
      (record) => after === undefined || sign * order(held(type, record, by), asHeld(type, by, after)) > 0,
    )
    .sort((a, b) => sign * order(held(type, a, by), held(type, b, by)));
  return { records: records.slice(0, limit), hasMore: records.length > limit };
}

export const countIn = (
  state: ReferenceState,
  filter: ListFilter,
  atMost = Number.POSITIVE_INFINITY,
): number => Math.min(atMost, matching(state, filter).length);
