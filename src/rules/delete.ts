import type { Received, UnreadableParts } from '../contract/messages.ts';
import type { MObjectRecord } from '../records/all.ts';
import { createDraft, type Draft } from './draft.ts';
import type { JournalValue } from './facts.ts';
import { lookup } from './lookups.ts';
import { nameIn } from './object-row.ts';
import type { RowOutcome } from './outcome.ts';
import { emptyWanted, type Plan } from './plan.ts';
import { quote, refuse } from './refusal.ts';
import type { RowIdentity, RowKey } from './row.ts';
import { readKey } from './row-keys.ts';
import type { Schema } from './schema.ts';
import type { MObjectSettings } from './settings.ts';
import { outcomeOf, type RowResults } from './sync.ts';
import { readIdentity, readType } from './sync-row.ts';
import { describeUnreadable, firstUnreadable } from './unreadable.ts';

/** A decoded deleteMObjects call. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface DeleteCall {
  readonly mObjects: readonly Received<'MObject'>[];
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  readonly now: string;
}

/** Plans a deleteMObjects call, which is decided row by row, in request order (docs/behaviour.md#deletemobjects). */
export function planDelete(call: DeleteCall): Plan<RowResults> {
  return {
    // Each row asks for its records when it is decided.
    wanted: emptyWanted,
    decide(facts) {
      const draft = createDraft(facts, call.mObjects.length + 1);
      const results = call.mObjects.map((mObject) => {
        const row = readIdentity(mObject);
        return { row, outcome: outcomeOf(row, () => deleteOne(mObject, row, call, facts.schema, draft)) };
      });
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), results } : { more };
    },
  };
}

function deleteOne(
  mObject: Received<'MObject'>,
  row: RowIdentity,
  call: DeleteCall,
  schema: Schema,
  draft: Draft,
): RowOutcome {
  const unreadable = firstUnreadable(mObject, call.unreadable);
  if (unreadable !== undefined) refuse(describeUnreadable(unreadable));
  const type = readType(row.sentType);
  if (type === 'Program') refuse('type: a Program cannot be deleted');
  const key =
    row.id === undefined ? readKey(type, row.echoedKey, { schema, settings: call.settings }) : undefined;
  if (key?.refusal !== undefined) refuse(key.refusal);
  if (row.id === undefined && key === undefined)
    refuse(`id: is missing; expected the id or an externalKey of an ${type}`);
  const id = key === undefined ? row.id : draft.newestHolder(key.wanted);
  const found = id === undefined ? undefined : draft.record(type, id);
  if (id === undefined || found === undefined) {
    return { status: 'UNCHANGED', id: row.id ?? null, reason: nothingThere(type, row, key) };
  }
  if (type === 'Opportunity' && call.settings.deleteRoles === 'cascade') {
    const roles = draft.all(lookup('OpportunityPersonRole', 'opportunity', id));
    for (const role of roles) draft.remove('OpportunityPersonRole', role);
    draft.remove(type, id);
    return { status: 'DELETED', id, ...had(found, roles) };
  }
  draft.remove(type, id);
  return { status: 'DELETED', id, ...had(found, []) };
}

/** Returns what a deleted object had, for the journal: its roles that go with it, and its values. */
function had({ values }: MObjectRecord, roles: readonly number[]) {
  const changed = roles.map((role) => `OpportunityPersonRole ${role}`);
  const before: JournalValue[] = roles.map(() => null);
  for (const [name, value] of values.entries()) {
    changed.push(name);
    before.push(value);
  }
  return { name: nameIn(values), changed, before };
}

function nothingThere(type: string, { id }: RowIdentity, key: RowKey | undefined): string {
  return key === undefined
    ? `there is no ${type} ${id}`
    : `no ${type} has ${key.loose.name} = ${quote(key.loose.value)}`;
}
