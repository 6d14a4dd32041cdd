import type { SyncOperation } from '../../contract/enumerations.ts';
import type { Received, UnreadableParts } from '../../contract/messages.ts';
import type { CustomObjectField } from '../../records/custom-object.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Facts, Wanted, WantedLookup } from '../facts.ts';
import type { RowOutcome } from '../outcome.ts';
import type { Decided, Plan } from '../plan.ts';
import { RowRefusal, refuse } from '../refusal.ts';
import type { MObjectSettings } from '../settings.ts';
import { describeUnreadable, firstUnreadable } from '../unreadable.ts';
import { byKey, byName, type CustomObjectResults, rowResult } from './custom-object-row.ts';
import { newType, noSuchType } from './new-type.ts';
import {
  type CustomObjectRecord,
  type CustomObjectTypeRecord,
  isLeadId,
  type NamedType,
  namedType,
} from './object-type.ts';
import { describeKeys, readKeys, readObject } from './read-object.ts';
import { change, create, holdLead, leadOf } from './write-object.ts';

type Sent = Received<'CustomObj'>;

/** A decoded syncCustomObjects call. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface SyncCustomObjectsCall {
  readonly typeName: string;
  readonly objects: readonly Sent[];
  readonly operation: SyncOperation;
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  readonly now: string;
}

/** Plans a syncCustomObjects call (docs/behaviour-leads.md#synccustomobjects). */
export function planSyncCustomObjects(call: SyncCustomObjectsCall): Plan<CustomObjectResults> {
  const depth = call.objects.length + 1;
  const wanted: Wanted = {
    ids: {},
    keys: [],
    lookups: [byName(call.typeName)],
    newIds: { CustomObject: call.objects.length, CustomObjectType: isOpen(call) ? 1 : 0 },
    depth,
  };
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, depth);
      const id = draft.newest(byName(call.typeName));
      const type =
        id === undefined
          ? isOpen(call) && newType(call, () => draft.takeId('CustomObjectType'))
          : draft.record('CustomObjectType', id);
      if (!type) throw noSuchType();
      const more = notLoaded(call, namedType(type), facts);
      return more === undefined ? decideRows(call, type, draft) : { more: { ...wanted, ...more } };
    },
  };
}

const isOpen = ({ settings }: SyncCustomObjectsCall) => settings.undefinedNames === 'create';

/** Returns what the rows name and is not loaded yet: the holders of their keys, and their leads. */
function notLoaded(call: SyncCustomObjectsCall, named: NamedType, facts: Facts): Partial<Wanted> | undefined {
  const lookups: WantedLookup[] = [];
  const leads = new Set<number>();
  for (const { customObjKeyList } of call.objects) {
    try {
      const { key, values } = readKeys(customObjKeyList, named, call.settings);
      lookups.push(byKey(named.type, key));
      for (const [index, { name }] of named.type.keys.entries()) {
        if (isLeadId(name)) leads.add(Number(values[index]));
      }
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error;
    }
  }
  const isLoaded =
    lookups.every((lookup) => facts.lookups.get(lookup) !== undefined) &&
    [...leads].every((id) => facts.records.Lead.has(id));
  return isLoaded ? undefined : { lookups: [byName(call.typeName), ...lookups], ids: { Lead: leads } };
}

function decideRows(
  call: SyncCustomObjectsCall,
  type: CustomObjectTypeRecord,
  draft: Draft,
): Decided<CustomObjectResults> {
  let named = namedType(type);

  function decideRow(sent: Sent): RowOutcome {
    const unreadable = firstUnreadable(sent, call.unreadable);
    if (unreadable !== undefined) refuse(describeUnreadable(unreadable));
    if (type.keys.length === 0)
      refuse('Missing key: an object needs one, and the type is to be made of its keys');
    const object = readObject(sent, named, call.settings);
    const leadId = leadOf(object, draft);
    const id = draft.newest(byKey(type, object.key));
    const before = id === undefined ? undefined : draft.record('CustomObject', id);
    const refusal = wrongMode(call.operation, before);
    if (refusal !== undefined) {
      const reason = `${refusal}: ${type.name} with ${describeKeys(sent.customObjKeyList)}`;
      return { status: 'FAILED', id: id ?? null, reason };
    }
    holdLead(before, leadId, draft);
    defineFields(object.newFields);
    return before === undefined
      ? create(object, leadId, { type, draft, now: call.now })
      : change(before, object, leadId, { draft, now: call.now });
  }

  /** Adds fields to the type, and the type itself if it is new: it is defined with its first object. */
  function defineFields(fields: readonly CustomObjectField[]): void {
    if (fields.length > 0) named = namedType({ ...named.type, fields: [...named.type.fields, ...fields] });
    if (fields.length > 0 || draft.newest(byName(type.name)) === undefined) {
      draft.put('CustomObjectType', named.type);
    }
  }

  const results = call.objects.map((sent) => rowResult(type, sent.customObjKeyList, () => decideRow(sent)));
  const more = draft.missing();
  return more === undefined ? { changes: draft.changes(), typeName: type.name, results } : { more };
}

/** Returns why the operation does not take an object that exists, or does not. */
function wrongMode(operation: SyncOperation, before: CustomObjectRecord | undefined): string | undefined {
  if (operation === 'INSERT' && before !== undefined) return 'the object exists; INSERT only adds new ones';
  if (operation === 'UPDATE' && before === undefined) return 'there is no such object; UPDATE adds none';
  return undefined;
}
