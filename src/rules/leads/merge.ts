import type { Received, UnreadableParts } from '../../contract/messages.ts';
import type { LeadRecord } from '../../records/all.ts';
import { createDraft, type Draft } from '../draft.ts';
import { NotLoaded } from '../missing-data.ts';
import { noChanges, type Plan } from '../plan.ts';
import { CodedRefusal, quote, RowRefusal } from '../refusal.ts';
import { foldName } from '../schema.ts';
import { describeUnreadable, firstUnreadable } from '../unreadable.ts';
import {
  type LeadKey,
  type LeadKeyType,
  leadKeyOf,
  leadKeysWanted,
  leadNotFound,
  newestLeadOf,
  readKeyType,
} from './lead-key.ts';
import { eachLoaded, mergedTypes, mergeInto, type NamedValue } from './merge-records.ts';

/** A decoded mergeLeads call. `now`: UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface MergeCall {
  readonly winner: Received<'ArrayOfAttribute'>;
  /** A list of keys for each loser. */
  readonly losers: readonly Received<'ArrayOfAttribute'>[];
  readonly unreadable: UnreadableParts;
  readonly now: string;
}

/** How a merge ended. `address`: of the winner. `filled`: its fields that took a loser's value. */
export type MergeOutcome =
  | {
      readonly status: 'MERGED';
      readonly winner: number;
      readonly address: string | null;
      /** With the values that they had. */
      readonly losers: readonly { readonly id: number; readonly values: readonly NamedValue[] }[];
      readonly filled: readonly NamedValue[];
    }
  | { readonly status: 'FAILED'; readonly reason: string };

/** Plans a merge (docs/behaviour-leads.md#11-mergeleads). */
export function planMerge(call: MergeCall): Plan<{ readonly outcome: MergeOutcome }> {
  const depth = call.losers.length + 2;
  const read = readKeys(call);
  const keys = 'reason' in read ? [] : [read.winner, ...read.losers].flat();
  return {
    wanted: {
      ...leadKeysWanted(keys),
      keys: [],
      newIds: { Activity: 1, LeadForeignId: 1, ActivityMove: call.losers.length },
      writes: mergedTypes,
      depth,
    },
    decide(facts) {
      if ('reason' in read) return { changes: noChanges, outcome: read };
      const draft = createDraft(facts, depth, mergedTypes);
      const outcome = outcomeOf(() => merge(read, draft, call.now));
      const more = draft.missing();
      if (more !== undefined) return { more };
      return { changes: outcome.status === 'MERGED' ? draft.changes() : noChanges, outcome };
    },
  };
}

interface MergeKeys {
  readonly winner: readonly LeadKey[];
  readonly losers: readonly (readonly LeadKey[])[];
}

function outcomeOf(decide: () => MergeOutcome): MergeOutcome {
  try {
    return decide();
  } catch (error) {
    if (error instanceof RowRefusal) return failed(error);
    if (error instanceof NotLoaded) return { status: 'FAILED', reason: 'undecided' };
    throw error;
  }
}

const failed = ({ message }: RowRefusal): MergeOutcome & { status: 'FAILED' } => ({
  status: 'FAILED',
  reason: message,
});

function readKeys(call: MergeCall): MergeKeys | (MergeOutcome & { status: 'FAILED' }) {
  try {
    for (const list of [call.winner, ...call.losers]) {
      const unreadable = firstUnreadable(list, call.unreadable);
      if (unreadable !== undefined) throw new CodedRefusal(20110, describeUnreadable(unreadable));
    }
    const winner = keysOf(call.winner, 'winningLeadKeyList');
    if (call.losers.length === 0) throw new CodedRefusal(20110, 'losingLeadKeyLists names no lead');
    return { winner, losers: call.losers.map((list) => keysOf(list, 'losingLeadKeyLists')) };
  } catch (error) {
    if (error instanceof RowRefusal) return failed(error);
    throw error;
  }
}

/** Names that stand for key types. */
const aliases: ReadonlyMap<string, LeadKeyType> = new Map([
  ['id', 'IDNUM'],
  ['email', 'EMAIL'],
]);

function keysOf({ attribute }: Received<'ArrayOfAttribute'>, list: string): LeadKey[] {
  if (attribute.length === 0) throw new CodedRefusal(20101, `${list} has a list without keys`);
  return attribute.map(({ attrName = '', attrValue = '' }) =>
    leadKeyOf(aliases.get(foldName(attrName)) ?? readKeyType(attrName), attrValue),
  );
}

function merge({ winner, losers }: MergeKeys, draft: Draft, now: string): MergeOutcome {
  const [winnerId = 0, ...loserIds] = eachLoaded([winner, ...losers], (keys) => leadMeant(keys, draft));
  const distinct = [...new Set(loserIds)];
  if (distinct.includes(winnerId)) {
    throw new CodedRefusal(20110, `lead ${winnerId} is both the winner and a loser`);
  }
  const had = eachLoaded(distinct, (id) => ({ id, values: valuesOf(draft.record('Lead', id)) }));
  const filled = mergeInto(winnerId, distinct, draft, now);
  const address = draft.record('Lead', winnerId)?.email ?? null;
  return { status: 'MERGED', winner: winnerId, address, losers: had, filled };
}

/** Returns the lead that all keys mean. */
function leadMeant(keys: readonly LeadKey[], draft: Draft): number {
  const found = eachLoaded(keys, (key) => {
    const id = newestLeadOf(draft, key);
    if (id === undefined || draft.record('Lead', id) === undefined) throw leadNotFound(key);
    return id;
  });
  const [first = 0] = found;
  const other = found.findIndex((id) => id !== first);
  if (other < 0) return first;
  const [a, b] = [keys[0], keys[other]].map((key) => `${key?.keyType} = ${quote(key?.keyValue ?? '')}`);
  throw new CodedRefusal(
    20110,
    `the keys of a lead mean different leads: ${a} is ${first}, ${b} is ${found[other]}`,
  );
}

/** Returns the values of a lead by field name, the address first. */
function valuesOf(lead: LeadRecord | undefined): NamedValue[] {
  if (lead === undefined) return [];
  const values = Array.from(lead.values.entries(), ([name, value]) => ({ name, value }));
  return lead.email === null ? values : [{ name: 'Email', value: lead.email }, ...values];
}
