import type { Records, RecordType } from '../../src/records/all.ts';
import type { LookupValue } from '../../src/rules/facts.ts';
import type { ListCondition, ListedRecords, ListFilter, ListQuery } from '../../src/rules/list-query.ts';
import { lookupValues } from '../../src/rules/lookups.ts';
import type { ReferenceState } from './reference-state.ts';

const held = (record: object, property: string): LookupValue => lookupValues([property], record)[0] ?? null;

function order(a: LookupValue, b: LookupValue): number {
  return typeof a === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
    : Number(a) - Number(b);
}

function holds(state: ReferenceState, record: object, condition: ListCondition): boolean {
  const value = held(record, condition.property);
  if ('equals' in condition) return value === condition.equals;
  if ('in' in condition) {
    const source = condition.in;
    if (!('where' in source)) return source.includes(value as string | number);
    return matching(state, source).some((each) => value !== null && held(each, source.property) === value);
  }
  if ('notIn' in condition) return !condition.notIn.includes(value as string | number);
  const { from = value, to = value } = condition;
  return value !== null && order(value, from) >= 0 && order(value, to) <= 0;
}

const matching = <Type extends RecordType>(
  state: ReferenceState,
  { type, where }: ListFilter<Type>,
): Records[Type][] =>
  [...(state.records[type] as ReadonlyMap<number, Records[Type]>).values()].filter((record) =>
    where.every((condition) => holds(state, record, condition)),
  );

/** Lists records by a look at every record of the type. */
export function listIn<Type extends RecordType>(
  state: ReferenceState,
  query: ListQuery<Type>,
): ListedRecords<Type> {
  const { by = 'id', descending = false, after, limit } = query;
  const sign = descending ? -1 : 1;
  const records = matching(state, query)
    .filter((record) => after === undefined || sign * order(held(record, by), after) > 0)
    .sort((a, b) => sign * order(held(a, by), held(b, by)));
  return { records: records.slice(0, limit), hasMore: records.length > limit };
}

export const countIn = (state: ReferenceState, filter: ListFilter): number => matching(state, filter).length;
