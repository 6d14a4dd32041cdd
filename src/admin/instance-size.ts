import { type RecordType, recordTypes } from '../records/all.ts';
import { Problem } from '../server/json-routes.ts';
import type { AdminContext } from './context.ts';
import { countObjects } from './object-routes.ts';

/**
 * Instances are read, planned and written on the thread that serves calls, at 0.04 ms for an object that is read and
 * 0.15 ms for an item that is planned, twice that on a busy machine. More would hold up calls for longer than 200 ms.
 */
const STORED_AT_MOST = 2_500;
const ITEMS_AT_MOST = 500;

/**
 * Throws a `Problem` if the database holds too many objects of some types to be read at once. `use`: the command to use
 * instead.
 */
export async function assertFewStored(
  context: AdminContext,
  use: string,
  types: readonly RecordType[] = recordTypes,
): Promise<void> {
  const counts = await Promise.all(types.map((type) => countObjects(context, type)));
  const total = counts.reduce((sum, { value }) => sum + value, 0);
  if (total <= STORED_AT_MOST) return;
  throw new Problem(
    409,
    `The database holds ${total} objects${types.length === 1 ? ` of type ${types[0]}` : ''}, and calls would wait while all are read; the admin API does so up to ` +
      `${STORED_AT_MOST}. Use "${use}", which works beside the server`,
  );
}

/** Throws a `Problem` if an instance has too many items in its lists. `use`: the command to use instead. */
export function assertFewItems(instance: unknown, use: string): void {
  if (itemsIn(instance) <= ITEMS_AT_MOST) return;
  throw new Problem(
    413,
    `The instance has more than ${ITEMS_AT_MOST} items in its lists, such as objects and costs, and calls would wait ` +
      `for them. Use "${use}", which works beside the server, or send it in parts`,
  );
}

/** Counts the items of all lists, at any depth; stops above the maximum. */
function itemsIn(value: unknown): number {
  let items = 0;
  const left: unknown[] = [value];
  while (left.length > 0 && items <= ITEMS_AT_MOST) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside = Object.values(next);
    if (Array.isArray(next)) items += inside.length;
    if (items <= ITEMS_AT_MOST) left.push(...inside);
  }
  return items;
}
