import type { FieldValue } from '../../records/field-values.ts';
import { allKeys, compareKeys, type KeyRange, keyPart, keysBeginning } from './object-key.ts';
import { type CustomObjectRecord, type CustomObjectTypeRecord, isLeadId } from './object-type.ts';

/** The values that objects may have in a key: one of them. `name`: as defined. */
export interface KeyCondition {
  readonly name: string;
  readonly values: readonly FieldValue[];
}

/** A plan to find the objects that meet conditions on keys. */
export type FindPlan = {
  /** Returns whether an object that was read meets all conditions; undefined: all do. */
  readonly meets: ((object: CustomObjectRecord) => boolean) | undefined;
} & (
  | { /** Disjoint and ascending. */ readonly ranges: readonly KeyRange[] }
  | { /** Of these leads only. */ readonly leadIds: readonly number[] }
);

/** The maximum number of ranges: with more, the conditions on later keys are checked object by object. */
const RANGES_AT_MOST = 100;

/**
 * Plans a search: by ranges of the key where the type's first keys are given, else by lead where MKTOID is, else over
 * all objects of the type.
 */
export function planFind({ keys }: CustomObjectTypeRecord, conditions: readonly KeyCondition[]): FindPlan {
  const byName = new Map(conditions.map((condition) => [condition.name, condition]));
  let beginnings: string[][] = [[]];
  let fixed = 0;
  for (const { name } of keys) {
    const values = byName.get(name)?.values;
    if (values === undefined || beginnings.length * values.length > RANGES_AT_MOST) break;
    const parts = [...new Set(values.map((value) => keyPart(value, keys.length)))];
    beginnings = beginnings.flatMap((beginning) => parts.map((part) => [...beginning, part]));
    fixed += 1;
  }
  const inRanges = new Set(keys.slice(0, fixed).map(({ name }) => name));
  const lead = fixed === 0 ? conditions.find(({ name }) => isLeadId(name)) : undefined;
  const meets = check(conditions.filter((condition) => !inRanges.has(condition.name)));
  if (lead !== undefined) return { meets, leadIds: [...new Set(lead.values.map(Number))] };
  if (fixed === 0) return { meets, ranges: [allKeys] };
  const ranges = beginnings.map((beginning) => keysBeginning(beginning, keys.length));
  return { meets, ranges: ranges.sort((a, b) => compareKeys(a.from, b.from)) };
}

function check(conditions: readonly KeyCondition[]): FindPlan['meets'] {
  if (conditions.length === 0) return undefined;
  const sets = conditions.map(({ name, values }) => [name, new Set(values)] as const);
  return ({ attributes }) =>
    sets.every(
      ([name, values]) => Object.hasOwn(attributes, name) && values.has(attributes[name] as FieldValue),
    );
}
