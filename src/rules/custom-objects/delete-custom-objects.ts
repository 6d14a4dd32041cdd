import type { Received, UnreadableParts } from '../../contract/messages.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted, WantedLookup } from '../facts.ts';
import type { RowOutcome } from '../outcome.ts';
import { noChanges, type Plan } from '../plan.ts';
import { RowRefusal, refuse } from '../refusal.ts';
import type { MObjectSettings } from '../settings.ts';
import { describeUnreadable, firstUnreadable } from '../unreadable.ts';
import { byKey, byName, type CustomObjectResults, rowResult } from './custom-object-row.ts';
import { noSuchType } from './new-type.ts';
import { type CustomObjectTypeRecord, type NamedType, namedType } from './object-type.ts';
import { describeKeys, readKeys } from './read-object.ts';

type Keys = Received<'ArrayOfAttribute'>;

/** A decoded deleteCustomObjects call. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface DeleteCustomObjectsCall {
  readonly typeName: string;
  /** The keys of each object. */
  readonly keys: readonly Keys[];
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  readonly now: string;
}

/** Plans a deleteCustomObjects call (docs/behaviour-leads.md#deletecustomobjects). */
export function planDeleteCustomObjects(call: DeleteCustomObjectsCall): Plan<CustomObjectResults> {
  const wanted: Wanted = {
    ids: {},
    keys: [],
    lookups: [byName(call.typeName)],
    newIds: {},
    depth: call.keys.length + 1,
  };
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth);
      const id = draft.newest(byName(call.typeName));
      const type = id === undefined ? undefined : draft.record('CustomObjectType', id);
      if (type === undefined) {
        // An open schema defines the type with its first object, so that it has none yet.
        if (call.settings.undefinedNames !== 'create') throw noSuchType();
        return nothingThere(call);
      }
      const named = namedType(type);
      const lookups = lookupsOf(call, named);
      if (lookups.some((lookup) => facts.lookups.get(lookup) === undefined)) {
        return { more: { ...wanted, lookups: [byName(call.typeName), ...lookups] } };
      }
      const results = call.keys.map((keys) =>
        rowResult(type, keys, () => deleteOne(keys, named, call, draft)),
      );
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), typeName: type.name, results } : { more };
    },
  };
}

function lookupsOf({ keys, settings }: DeleteCustomObjectsCall, named: NamedType): WantedLookup[] {
  return keys.flatMap((list) => {
    try {
      return [byKey(named.type, readKeys(list, named, settings).key)];
    } catch (error) {
      if (error instanceof RowRefusal) return [];
      throw error;
    }
  });
}

function deleteOne(
  list: Keys,
  named: NamedType,
  { unreadable, settings }: DeleteCustomObjectsCall,
  draft: Draft,
): RowOutcome {
  const lost = firstUnreadable(list, unreadable);
  if (lost !== undefined) refuse(describeUnreadable(lost));
  const { key } = readKeys(list, named, settings);
  const id = draft.newest(byKey(named.type, key));
  const object = id === undefined ? undefined : draft.record('CustomObject', id);
  if (object === undefined) return refuse(noSuchObject(named.type, list));
  draft.remove('CustomObject', object.id);
  const values = Object.entries(object.attributes);
  return {
    status: 'DELETED',
    id: object.id,
    changed: values.map(([name]) => name),
    before: values.map(([, value]) => value),
  };
}

const noSuchObject = ({ name }: Pick<CustomObjectTypeRecord, 'name'>, list: Keys) =>
  `there is no such object: ${name} with ${describeKeys(list)}`;

function nothingThere(call: DeleteCustomObjectsCall) {
  const type = { name: call.typeName.trim() };
  const results = call.keys.map((keys) => rowResult(type, keys, () => refuse(noSuchObject(type, keys))));
  return { changes: noChanges, typeName: type.name, results };
}
