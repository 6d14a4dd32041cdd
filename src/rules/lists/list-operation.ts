import type { EnumerationValue } from '../../contract/enumerations.ts';
import { SoapFault } from '../../contract/faults.ts';
import type { RecordType } from '../../records/all.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted } from '../facts.ts';
import { journaledKey, type LeadKey, leadKeysWanted, leadNotFound, newestLeadOf } from '../leads/lead-key.ts';
import { unlessMissing } from '../missing-data.ts';
import type { RowOutcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import type { RowResult } from '../sync.ts';
import { type ListTarget, listOf, listWanted } from './list-target.ts';
import { addMember, isMember, type MembershipChange, membershipLookup, removeMember } from './membership.ts';

/** A decoded listOperation call. */
export interface ListCall {
  readonly operation: EnumerationValue<'ListOperationType'>;
  readonly target: ListTarget;
  readonly keys: readonly LeadKey[];
  /** If true, a key that cannot be carried out ends the call. */
  readonly strict: boolean;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

/** The result of one key. */
export interface ListRow extends RowResult {
  /** As answered. */
  readonly status: boolean;
}

/** Plans a listOperation call (docs/behaviour-leads.md#8-listoperation). Each key sees the changes of earlier ones. */
export function planListOperation(call: ListCall): Plan<{ readonly results: readonly ListRow[] }> {
  const { operation, target, keys, now } = call;
  const wanted = wantedBy(call);
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const list = unlessMissing(() => listOf(target, draft));
      const results: ListRow[] = [];
      if (list !== undefined) {
        const change: MembershipChange = { list, now, source: 'Web service API' };
        for (const key of keys) {
          const decided = unlessMissing(() => decideKey(operation, key, draft, change));
          if (decided === undefined) continue;
          if (call.strict && !decided.status) throw strictFault(decided, key, change);
          results.push(decided);
        }
      }
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), results } : { more };
    },
  };
}

function wantedBy({
  operation,
  target,
  keys,
}: ListCall): Wanted & { readonly writes: readonly RecordType[] } {
  const list = listWanted(target);
  const leads = leadKeysWanted(keys);
  const isRead = operation === 'ISMEMBEROFLIST';
  const pairs =
    target.id === undefined ? [] : leads.ids.Lead.map((leadId) => membershipLookup(target.id, leadId));
  return {
    ids: { ...list.ids, ...leads.ids },
    keys: [],
    lookups: [...(list.lookups ?? []), ...leads.lookups, ...pairs],
    newIds: isRead ? list.newIds : { ...list.newIds, ListMember: keys.length, Activity: keys.length },
    writes: [...(list.writes ?? []), ...(isRead ? [] : (['Lead', 'ListMember', 'Activity'] as const))],
    depth: keys.length + 1,
  };
}

function decideKey(
  operation: ListCall['operation'],
  key: LeadKey,
  draft: Draft,
  change: MembershipChange,
): ListRow {
  const { echoedKey, name } = journaledKey(key);
  const row = { sentType: 'Lead', id: undefined, echoedKey };
  const leadId = newestLeadOf(draft, key);
  if (leadId === undefined) {
    return {
      row,
      status: false,
      outcome: { status: 'FAILED', id: null, name, reason: leadNotFound(key).message },
    };
  }
  const { status, outcome } = carriedOut(operation, leadId, draft, change);
  return { row, status, outcome: { ...outcome, name } };
}

function carriedOut(
  operation: ListCall['operation'],
  leadId: number,
  draft: Draft,
  change: MembershipChange,
): { readonly status: boolean; readonly outcome: RowOutcome } {
  const changed = { status: 'UPDATED', id: leadId } as const;
  const unchanged = (reason: string) => ({ status: 'UNCHANGED', id: leadId, reason }) as const;
  switch (operation) {
    case 'ADDTOLIST':
      return {
        status: true,
        outcome: addMember(draft, leadId, change) ? changed : unchanged('is in the list already'),
      };
    case 'REMOVEFROMLIST': {
      const status = removeMember(draft, leadId, change);
      return { status, outcome: status ? changed : unchanged('is not in the list') };
    }
    case 'ISMEMBEROFLIST':
      return {
        status: isMember(draft, change.list.id, leadId),
        outcome: { status: 'UNCHANGED', id: leadId },
      };
  }
}

/** Returns the fault of a strict call that cannot be carried out for a key. */
function strictFault({ outcome }: ListRow, key: LeadKey, { list }: MembershipChange): SoapFault {
  if (outcome.id === null) return leadNotFound(key).fault();
  return new SoapFault(
    20110,
    `Lead ${outcome.id} (${key.keyType} = ${key.keyValue}) is not in the list ${list.assetName}; ` +
      'nothing was changed, as strict is true',
  );
}
