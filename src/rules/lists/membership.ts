import { addActivity } from '../activities/add-activity.ts';
import type { Draft } from '../draft.ts';
import type { WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import type { FoundList } from './static-list.ts';

/** A change of memberships. */
export interface MembershipChange {
  readonly list: FoundList;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
  /** The Source in the activity. */
  readonly source: 'Web service API' | 'List import';
}

export const membershipLookup = (listId: number, leadId: number): WantedLookup =>
  lookup('ListMember', 'pair', listId, leadId);

/** Returns whether the lead is in the list now. */
export const isMember = (draft: Draft, listId: number, leadId: number): boolean =>
  draft.newest(membershipLookup(listId, leadId)) !== undefined;

/**
 * Puts a lead into a list. Returns false, with nothing changed, if it is there already. `isNew`: the lead was created by
 * the same row, so that it is in no list.
 */
export function addMember(draft: Draft, leadId: number, change: MembershipChange, isNew = false): boolean {
  const { list, now } = change;
  if (!isNew && isMember(draft, list.id, leadId)) return false;
  draft.put('ListMember', { id: draft.takeId('ListMember'), listId: list.id, leadId, addedAt: now });
  addActivity(draft, membershipActivity('AddToList', leadId, change));
  return true;
}

/** Takes a lead out of a list. Returns false, with nothing changed, if it is not there. */
export function removeMember(draft: Draft, leadId: number, change: MembershipChange): boolean {
  const id = draft.newest(membershipLookup(change.list.id, leadId));
  if (id === undefined) return false;
  removeMembership(draft, id, leadId, change);
  return true;
}

/** Ends a membership. */
export function removeMembership(draft: Draft, id: number, leadId: number, change: MembershipChange): void {
  draft.remove('ListMember', id);
  addActivity(draft, membershipActivity('RemoveFromList', leadId, change));
}

const membershipActivity = (
  type: 'AddToList' | 'RemoveFromList',
  leadId: number,
  { list, now, source }: MembershipChange,
) => ({
  leadId,
  type,
  at: now,
  assetName: list.assetName,
  attributes: [
    ['List ID', String(list.id)],
    ['Source', source],
  ] as const,
});
