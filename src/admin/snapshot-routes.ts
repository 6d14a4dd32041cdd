import Type from 'typebox';
import { MAX_ID } from '../contract/fields.ts';
import { countedTypes, type RecordType, recordTypes } from '../records/all.ts';
import { Problem } from '../server/json-routes.ts';
import { type FirstIds, RewindRefusal, SNAPSHOT_NAME, withDependents } from '../store/rewinding.ts';
import type { AdminContext } from './context.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';

const nameParam = Type.String({ pattern: SNAPSHOT_NAME, description: 'up to 40 letters, digits, . _ -' });
const snapshot = closed({
  name: Type.String(),
  createdAt: Type.String(),
  bytes: Type.Integer(),
});

const tag = 'snapshots';

const list = adminRoute({
  method: 'GET',
  path: '/snapshots',
  summary: 'Lists the snapshots, oldest first',
  tag,
  answer: closed({
    allowed: Type.Boolean({ description: 'the server was started with --allow-reset' }),
    items: Type.Array(snapshot),
  }),
  handle: async (_request, { store, allowReset }) => ({
    allowed: allowReset,
    items: await store.rewinding.snapshots(),
  }),
});

const take = adminRoute({
  method: 'POST',
  path: '/snapshots',
  summary: 'Takes a snapshot of objects, definitions and id counters, while calls are served',
  tag,
  body: closed({ name: Type.Optional(nameParam) }),
  answer: snapshot,
  handle: async ({ body: { name } }, { store, now, maxSnapshots }) =>
    refusing(() =>
      store.rewinding.take(name ?? now().toISOString().replaceAll(':', '-').slice(0, 19), maxSnapshots),
    ),
});

const restore = adminRoute({
  method: 'POST',
  path: '/snapshots/{name}/restore',
  summary: 'Makes objects, definitions and id counters those of a snapshot; users and journal stay',
  tag,
  params: closed({ name: nameParam }),
  answer: null,
  handle: async ({ params: { name } }, context) => {
    assertAllowed(context, 'Restoring a snapshot loses what was written since');
    await refusing(() => context.store.rewinding.restore(name));
    context.logger.warn({ snapshot: name }, 'the admin API restored a snapshot');
  },
});

const remove = adminRoute({
  method: 'DELETE',
  path: '/snapshots/{name}',
  summary: 'Removes a snapshot',
  tag,
  params: closed({ name: nameParam }),
  answer: null,
  handle: async ({ params: { name } }, context) => {
    assertAllowed(context, 'Removing a snapshot loses it');
    if (await refusing(() => context.store.rewinding.remove(name))) return;
    throw new Problem(404, `There is no snapshot "${name}"`);
  },
});

const reset = adminRoute({
  method: 'POST',
  path: '/reset',
  summary: 'Removes all objects, or those of some types and of the types that refer to them',
  tag,
  body: closed({
    types: Type.Optional(
      Type.Array(Type.Enum(recordTypes as RecordType[]), {
        description: 'default: all. Definitions, users and journal stay',
      }),
    ),
    firstIds: Type.Optional(
      Type.Partial(
        Type.Object(
          Object.fromEntries(
            countedTypes.map((counter) => [counter, Type.Integer({ minimum: 1, maximum: MAX_ID })]),
          ),
          { additionalProperties: false },
        ),
        { description: 'the next ids of the types that are reset; default 1' },
      ),
    ),
  }),
  answer: closed({
    removed: Type.Record(Type.String(), Type.Integer(), { description: 'removed objects by type' }),
  }),
  handle: async ({ body: { types = [...recordTypes], firstIds = {} } }, context) => {
    assertAllowed(context, 'A reset removes objects');
    const all = withDependents(types);
    const removed = await refusing(() => context.store.rewinding.reset(all, firstIds as FirstIds));
    context.logger.warn({ removed }, 'the admin API removed objects');
    return { removed: removed as Record<string, number> };
  },
});

function assertAllowed({ allowReset }: AdminContext, why: string): void {
  if (allowReset) return;
  throw new Problem(403, `${why}: this server allows it only if it is started with --allow-reset`);
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RewindRefusal)) throw error;
    throw new Problem(error.reason === 'missing' ? 404 : 409, error.message);
  }
}

/** The routes of snapshots and resets. */
export const snapshotRoutes: readonly AdminRoute[] = [list, take, restore, remove, reset];
