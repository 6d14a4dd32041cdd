import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FindPlan, planFind } from '../rules/custom-objects/find-plan.ts';
import type { CustomObjectQuery, FoundCustomObjects } from '../rules/custom-objects/find-query.ts';
import { compareKeys, type KeyRange } from '../rules/custom-objects/object-key.ts';
import type { CustomObjectRecord, CustomObjectTypeRecord } from '../rules/custom-objects/object-type.ts';
import type { ListCondition } from '../rules/list-query.ts';
import type { Objects } from '../store/store.ts';

/** The number of objects read at a time; other calls run in between. */
const READ_AT_ONCE = 2000;

type Lists = Pick<Objects, 'list' | 'count'>;

/**
 * Finds a page of custom objects. Costs what the page costs, wherever it is, if the conditions begin with the type's
 * first key or there are none. The first page also counts the rest.
 */
export async function findCustomObjects(store: Lists, query: CustomObjectQuery): Promise<FoundCustomObjects> {
  const { type, after, skip, left, limit } = query;
  const plan = planFind(type, query.conditions);
  const readAtOnce = plan.meets === undefined && skip === 0 ? limit + 1 : READ_AT_ONCE;
  const objects: CustomObjectRecord[] = [];
  let passed = 0;
  let more = 0;
  for await (const object of inKeyOrder(store, type, plan, after, readAtOnce)) {
    if (plan.meets?.(object) === false) continue;
    passed += 1;
    if (passed <= skip) continue;
    if (objects.length < limit) {
      objects.push(object);
      continue;
    }
    more += 1;
    if (left !== undefined || isCountable(plan)) break;
  }
  const found = { objects, end: objects.at(-1)?.key ?? after };
  if (more === 0) return { ...found, left: 0 };
  if (left !== undefined) return { ...found, left: Math.max(left - objects.length, 1) };
  if (!isCountable(plan)) return { ...found, left: more };
  return { ...found, left: Math.max((await countIn(store, type, plan.ranges)) - skip - objects.length, 1) };
}

/** Returns whether the store can count what the plan finds. */
const isCountable = (plan: FindPlan): plan is FindPlan & { readonly ranges: readonly KeyRange[] } =>
  'ranges' in plan && plan.meets === undefined;

async function countIn(
  store: Lists,
  type: CustomObjectTypeRecord,
  ranges: readonly KeyRange[],
): Promise<number> {
  let count = 0;
  for (const range of ranges)
    count += await store.count({ type: 'CustomObject', where: within(type, range) });
  return count;
}

const within = (type: CustomObjectTypeRecord, { from, to }: KeyRange): ListCondition[] => [
  { property: 'typeId', equals: type.id },
  ...(from === '' ? [] : [{ property: 'key', from }]),
  ...(to === undefined ? [] : [{ property: 'key', to }]),
];

async function* inKeyOrder(
  store: Lists,
  type: CustomObjectTypeRecord,
  plan: FindPlan,
  after: string | undefined,
  readAtOnce: number,
): AsyncGenerator<CustomObjectRecord> {
  if ('leadIds' in plan) {
    const objects = await ofLeads(store, type, plan.leadIds);
    for (const object of objects) if (after === undefined || compareKeys(object.key, after) > 0) yield object;
    return;
  }
  for (const range of plan.ranges) {
    if (after !== undefined && range.to !== undefined && compareKeys(after, range.to) >= 0) continue;
    yield* inRange(store, type, range, after, readAtOnce);
  }
}

async function* inRange(
  store: Lists,
  type: CustomObjectTypeRecord,
  { from, to }: KeyRange,
  after: string | undefined,
  limit: number,
): AsyncGenerator<CustomObjectRecord> {
  let last = after !== undefined && compareKeys(after, from) >= 0 ? after : undefined;
  for (;;) {
    const { records, hasMore } = await store.list({
      type: 'CustomObject',
      // One lower bound only: SQLite uses one for its index, and might take the wrong one.
      where: within(type, { from: last === undefined ? from : '', to }),
      by: 'key',
      ...(last === undefined ? {} : { after: last }),
      limit,
    });
    yield* records;
    if (!hasMore) return;
    last = records.at(-1)?.key;
    await nextTurn();
  }
}

/** Returns all objects of the type that belong to these leads, in the order of their keys. */
async function ofLeads(
  store: Lists,
  type: CustomObjectTypeRecord,
  leadIds: readonly number[],
): Promise<CustomObjectRecord[]> {
  const objects: CustomObjectRecord[] = [];
  for (const leadId of leadIds) {
    for (let after = 0, hasMore = true; hasMore; ) {
      // The type is no condition here, so that only the index of leads can be used.
      const where = [{ property: 'leadId', equals: leadId }];
      const page = await store.list({ type: 'CustomObject', where, after, limit: READ_AT_ONCE });
      for (const object of page.records) if (object.typeId === type.id) objects.push(object);
      after = page.records.at(-1)?.id ?? after;
      hasMore = page.hasMore;
      await nextTurn();
    }
  }
  return objects.sort((a, b) => compareKeys(a.key, b.key));
}
