import Type from 'typebox';
import type { RecordType } from '../records/all.ts';
import type { AnyRecordChange, Changes, Decision, Facts, Wanted, WantedLookup } from '../rules/facts.ts';
import { emptyWanted, noChanges } from '../rules/plan.ts';
import { quote } from '../rules/refusal.ts';
import { foldName } from '../rules/schema.ts';
import { Problem } from '../server/json-routes.ts';
import { applyWhenMoved } from '../store/move-activities.ts';
import type { AdminContext } from './context.ts';
import { assertFewStored } from './instance-size.ts';
import { type Referrer, referrersOf, removableTypes } from './referrers.ts';
import { type AdminRoute, adminRoute, closed } from './route.ts';

/** More records than this are not removed with one: calls would wait. */
const MOST_BELONGING = 1_000;

const removeObject = adminRoute({
  method: 'DELETE',
  path: '/objects/{type}/{id}',
  summary:
    'Removes a program, or a lead with what belongs to it: ids, cookies, memberships, activities; not if others refer to it',
  tag: 'objects',
  params: closed({
    type: Type.Enum(removableTypes, { description: 'Program or Lead; calls remove opportunities and roles' }),
    id: Type.Integer({ minimum: 1 }),
  }),
  answer: null,
  handle: async ({ params: { type, id } }, context) => {
    if (!context.allowReset) {
      throw new Problem(
        403,
        `Removing a ${type} loses what calls have written: this server allows it only if it is started with --allow-reset`,
      );
    }
    const referrers = (referrersOf(type) ?? []).map((each) => ({ ...each, wanted: lookupOf(each, id) }));
    const wanted: Wanted = {
      ids: { [type]: [id] },
      keys: [],
      lookups: referrers.map((each) => each.wanted),
      newIds: {},
      depth: MOST_BELONGING,
      writes: [type, ...referrers.filter(({ belongs }) => belongs).map((each) => each.type)],
    };
    await applyWhenMoved(context.store, wanted, (facts) => decideRemoval(type, id, referrers, facts));
    context.logger.warn({ type, id }, 'the admin API removed an object');
  },
});

const lookupOf = ({ type, lookup }: Referrer, id: number): WantedLookup => ({ type, lookup, values: [id] });

/** Throws a `Problem` if the record is not there, or others refer to it. */
function decideRemoval(
  type: RecordType,
  id: number,
  referrers: readonly (Referrer & { readonly wanted: WantedLookup })[],
  { records, lookups }: Facts,
): Decision<null> {
  const before = records[type].get(id);
  if (before == null) throw new Problem(404, `There is no ${type} ${id}`);
  const changes: AnyRecordChange[] = [];
  for (const { type: other, belongs, wanted } of referrers) {
    const ids = lookups.get(wanted) ?? [];
    if (ids.length > 0 && !belongs) {
      throw new Problem(
        409,
        `${type} ${id} cannot be removed: ${other} ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ' and others' : ''} ` +
          'still refer to it. Remove or change them first',
      );
    }
    if (lookups.isCut(wanted)) {
      throw new Problem(
        409,
        `${type} ${id} has ${MOST_BELONGING} or more of ${other}, and calls would wait while they are removed. ` +
          'Use "mktows instance apply --exact" with a file without it',
      );
    }
    for (const each of ids)
      changes.push({ type: other, before: records[other].get(each), after: undefined } as never);
  }
  changes.push({ type, before, after: undefined } as AnyRecordChange);
  return { changes: { ...noChanges, records: changes }, answer: null, journal: null };
}

/** Changes definitions if no program uses what is removed. */
async function removeUnused(
  context: AdminContext,
  change: (facts: Facts) => Changes['schema'],
  isUsed: (program: Program) => boolean,
  what: string,
): Promise<void> {
  await assertFewStored(context, 'mktows instance apply --exact', ['Program']);
  await context.store.apply({ ...emptyWanted, all: ['Program'] }, (facts) => {
    const schema = change(facts) ?? {};
    const users = [...facts.records.Program.values()].flatMap((program) =>
      program !== null && isUsed(program) ? [program.id] : [],
    );
    if (users.length > 0) {
      throw new Problem(
        409,
        `${what} cannot be removed: Program ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' and others' : ''} ` +
          'still has it. Change that first',
      );
    }
    return { changes: { ...noChanges, schema }, answer: null, journal: null };
  });
  context.logger.info({ what }, 'the admin API removed a definition');
}

type Program = NonNullable<ReturnType<Facts['records']['Program']['get']>>;

/** Returns the name as it is defined. Throws a `Problem` if it is not. */
function definedName(names: Iterable<string>, name: string, what: string): string {
  const found = [...names].find((each) => foldName(each) === foldName(name));
  if (found === undefined) throw new Problem(404, `There is no ${what} ${quote(name)}`);
  return found;
}

/** Returns the value that a program has for a tag type. */
const tagOf = ({ tags }: Program, type: string): string | undefined =>
  [...tags].find(([name]) => foldName(name) === foldName(type))?.[1];

/** Returns the route that removes a definition which no program has. */
const removeDefinition = (
  section: 'tags' | 'channels',
  what: string,
  isUsed: (program: Program, name: string) => boolean,
): AdminRoute =>
  adminRoute({
    method: 'DELETE',
    path: `/${section}/{name}`,
    summary: `Removes a ${what} that no program has`,
    tag: 'instance',
    params: closed({ name: Type.String() }),
    answer: null,
    handle: async ({ params: { name } }, context) => {
      await removeUnused(
        context,
        ({ schema }) => {
          const left = new Map<string, readonly unknown[]>(schema[section]);
          left.delete(definedName(left.keys(), name, what));
          return { [section]: left };
        },
        (program) => isUsed(program, name),
        `The ${what} ${quote(name)}`,
      );
    },
  });

const removeTag = removeDefinition('tags', 'tag type', (program, name) => tagOf(program, name) !== undefined);

const removeChannel = removeDefinition(
  'channels',
  'channel',
  ({ channel }, name) => channel !== null && foldName(channel) === foldName(name),
);

const removeTagValue = adminRoute({
  method: 'DELETE',
  path: '/tags/{name}/{value}',
  summary: 'Removes a value of a tag type that no program has',
  tag: 'instance',
  params: closed({ name: Type.String(), value: Type.String() }),
  answer: null,
  handle: async ({ params: { name, value } }, context) => {
    await removeUnused(
      context,
      ({ schema }) => {
        const type = definedName(schema.tags.keys(), name, 'tag type');
        const values = schema.tags.get(type) ?? [];
        const removed = definedName(values, value, `value of the tag type ${quote(type)}:`);
        return {
          tags: new Map(schema.tags).set(
            type,
            values.filter((each) => each !== removed),
          ),
        };
      },
      (program) => foldName(tagOf(program, name) ?? '') === foldName(value),
      `The value ${quote(value)} of the tag type ${quote(name)}`,
    );
  },
});

/** The routes that remove single things. */
export const removeRoutes: readonly AdminRoute[] = [removeObject, removeTag, removeTagValue, removeChannel];
