import Type from 'typebox';
import { type RecordType, recordTypes } from '../records/all.ts';
import type { Store } from '../store/store.ts';
import { changeShape, changesOf, objectTypeOf } from './call-shape.ts';
import { objectFields } from './object-fields.ts';
import { readObject } from './object-routes.ts';
import { type AdminRoute, adminRoute, closed, orNull, pageOf, pageQuery } from './route.ts';
import { wrongPosition } from './validate.ts';

const LIMIT = 50;

const item = closed({
  number: Type.Integer({ description: 'of the call, for /calls/{number}' }),
  at: Type.String(),
  callId: Type.String(),
  userId: Type.String(),
  operation: Type.String(),
  mode: orNull(Type.String()),
  position: Type.Integer({ description: 'of the row in the call, from 1' }),
  status: Type.String(),
  reason: orNull(Type.String()),
  changes: Type.Array(changeShape),
});

const history = adminRoute({
  method: 'GET',
  path: '/objects/{type}/{id}/history',
  summary: 'Lists what calls did with an object, the newest first',
  tag: 'objects',
  params: closed({
    type: Type.Enum(recordTypes as RecordType[]),
    id: Type.Integer({ minimum: 1 }),
  }),
  query: closed(pageQuery),
  answer: pageOf(item),
  handle: async ({ params: { type, id }, query: { after, limit = LIMIT } }, { store }) => {
    const before = after === undefined ? undefined : Number(after);
    if (before !== undefined && !Number.isSafeInteger(before)) throw wrongPosition();
    const named = type === 'CustomObject' ? await customTypeName(store, id) : type;
    // Writes the entries that are still in memory.
    await store.journal.newest(1);
    const { numbers, next } = await store.browsing.mentions(named, id, before, limit);
    const entries = await Promise.all(numbers.map((number) => store.journal.entry(number)));
    const items = entries.flatMap((entry) => {
      if (entry === undefined) return [];
      const { number, at, callId, userId, operation, mode, rows } = entry;
      return rows
        .map((row, index) => ({ row, position: index + 1 }))
        .filter(({ row }) => row.type === named && row.id === id && objectTypeOf(operation, named) === type)
        .reverse()
        .map(({ row, position }) => ({
          ...{ number, at, callId, userId, operation, mode, position },
          status: row.status,
          reason: row.because ?? null,
          changes: changesOf(row),
        }));
    });
    return { items, next: next === null ? null : String(next) };
  },
});

/** Returns the name of a custom object's type, which the journal has in place of `CustomObject`. */
async function customTypeName(store: Store, id: number): Promise<string> {
  const schema = await store.schema();
  const read = <Type extends RecordType>(type: Type, of: number) =>
    readObject(store, type, objectFields(type, schema), of);
  const { typeId } = await read('CustomObject', id);
  return (await read('CustomObjectType', typeId)).name;
}

/** The routes of histories. */
export const historyRoutes: readonly AdminRoute[] = [history];
