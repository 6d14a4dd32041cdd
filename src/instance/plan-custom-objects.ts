import { isDeepStrictEqual } from 'node:util';
import type { Records } from '../records/all.ts';
import { areEqual } from '../records/equality.ts';
import { lookup } from '../rules/lookups.ts';
import { updatedNow } from '../rules/updated-now.ts';
import { changeOf, type Planning } from './planning.ts';
import type { ReadObject, ReadObjectType } from './read-custom-objects.ts';
import { type Counts, count, noCounts } from './report.ts';

/** Plans custom object types and their objects. Only an exact file removes any. */
export function planObjectTypes(
  types: readonly ReadObjectType[],
  planning: Planning,
): { readonly customObjectTypes: Counts; readonly customObjects: Counts } {
  const { facts, exact } = planning;
  const change = changeOf('CustomObjectType', planning);
  const counts = noCounts();
  const newIds = facts.newIds.CustomObjectType[Symbol.iterator]();
  const objects = objectsPlan(planning);
  const named = new Set<number>();
  for (const { before, content, objects: list } of types) {
    const id = before?.id ?? newIds.next().value ?? 0;
    named.add(id);
    const after = { id, ...content };
    const differs = !areEqual(before, after);
    if (differs) change(before, after);
    count(counts, before === undefined ? 'created' : differs ? 'updated' : 'unchanged');
    objects.plan(id, list, before !== undefined);
  }
  if (exact) {
    for (const before of facts.records.CustomObjectType.values()) {
      if (before === null || named.has(before.id)) continue;
      change(before, undefined);
      objects.plan(before.id, [], true);
      count(counts, 'removed');
    }
  }
  return { customObjectTypes: counts, customObjects: objects.counts };
}

function objectsPlan(planning: Planning) {
  const { facts, stored, mode, exact = false, now } = planning;
  const change = changeOf('CustomObject', planning);
  const counts = noCounts();
  const newIds = facts.newIds.CustomObject[Symbol.iterator]();

  function planObject(
    typeId: number,
    object: ReadObject,
    before: Records['CustomObject'] | undefined,
  ): keyof Counts {
    if (before !== undefined && mode === 'add') return 'unchanged';
    const { key, leadId, attributes } = object;
    const isSame = before !== undefined && isDeepStrictEqual(before.attributes, attributes);
    const createdAt = object.createdAt ?? before?.createdAt ?? min(object.updatedAt ?? now, now);
    const kept = {
      id: before?.id ?? newIds.next().value ?? 0,
      typeId,
      key,
      leadId,
      createdAt,
      updatedAt: object.updatedAt ?? before?.updatedAt ?? (createdAt > now ? createdAt : now),
      attributes: isSame ? before.attributes : attributes,
    };
    if (areEqual(before, kept)) return 'unchanged';
    const updatedAt = object.updatedAt ?? updatedNow(kept, now);
    change(before, { ...kept, updatedAt });
    return before === undefined ? 'created' : 'updated';
  }

  return {
    counts,
    /** `exists`: the store has the type. */
    plan(typeId: number, objects: readonly ReadObject[], exists: boolean): void {
      const all = exact ? stored.of('CustomObject', typeId) : [];
      const byKey = new Map(all.map((object) => [object.key, object]));
      for (const object of objects) {
        const found = exact ? byKey.get(object.key) : exists ? find(typeId, object.key) : undefined;
        byKey.delete(object.key);
        count(counts, planObject(typeId, object, found));
      }
      for (const object of byKey.values()) {
        change(object, undefined);
        count(counts, 'removed');
      }
    },
  };

  function find(typeId: number, key: string): Records['CustomObject'] | undefined {
    return stored.all('CustomObject', lookup('CustomObject', 'key', typeId, key)).at(-1);
  }
}

const min = (a: string, b: string) => (a < b ? a : b);
