import type { LeadRecord } from '../../records/all.ts';
import type { Draft } from '../draft.ts';
import type { WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import { leadNotFound } from './lead-key.ts';
import type { ForeignId, LeadRow } from './lead-row.ts';

/** The lead that a row means; undefined: a new one. `by`: what it was found by. */
export interface MeantLead {
  readonly lead: LeadRecord | undefined;
  readonly by: 'Id' | 'ForeignSysPersonId' | 'Email' | 'Cookie';
}

export const foreignIdLookup = ({ type, value }: ForeignId): WantedLookup =>
  lookup('LeadForeignId', 'value', type, value);
export const cookieLookup = (cookie: string): WantedLookup => lookup('LeadCookie', 'value', cookie);

/**
 * Finds the lead of a row by the first key that applies (docs/behaviour-leads.md#which-lead). `byEmail`: an address
 * finds the newest lead that has it. Refuses the row if its Id is unknown.
 */
export function findLead(row: LeadRow, draft: Draft, byEmail: boolean): MeantLead {
  const { id, foreignId, cookie } = row;
  const emailKey = byEmail ? row.emailKey : undefined;
  if (id !== undefined) {
    const lead = draft.record('Lead', id);
    if (lead === undefined) throw leadNotFound({ keyType: 'IDNUM', keyValue: String(id) });
    return { lead, by: 'Id' };
  }
  if (foreignId !== undefined) {
    const lead = holder(draft, 'LeadForeignId', foreignIdLookup(foreignId));
    if (lead !== undefined) return { lead, by: 'ForeignSysPersonId' };
    const known = emailKey === undefined ? undefined : newestWith(draft, emailKey);
    const isFree = known !== undefined && !hasForeignId(draft, known.id, foreignId.type);
    return { lead: isFree ? known : undefined, by: 'Email' };
  }
  if (row.emailKey !== undefined) {
    const known = emailKey === undefined ? undefined : newestWith(draft, emailKey);
    if (known !== undefined) return { lead: known, by: 'Email' };
    const visitor = cookie === undefined ? undefined : holder(draft, 'LeadCookie', cookieLookup(cookie));
    return { lead: visitor?.email === null ? visitor : undefined, by: 'Cookie' };
  }
  return {
    lead: cookie === undefined ? undefined : holder(draft, 'LeadCookie', cookieLookup(cookie)),
    by: 'Cookie',
  };
}

/** Returns the newest lead that has the address. */
function newestWith(draft: Draft, address: WantedLookup): LeadRecord | undefined {
  const id = draft.newest(address);
  return id === undefined ? undefined : draft.record('Lead', id);
}

/** Returns the lead that a foreign id or cookie belongs to. */
function holder(
  draft: Draft,
  type: 'LeadForeignId' | 'LeadCookie',
  wanted: WantedLookup,
): LeadRecord | undefined {
  const id = draft.newest(wanted);
  const held = id === undefined ? undefined : draft.record(type, id);
  return held === undefined ? undefined : draft.record('Lead', held.leadId);
}

/** The lead may have very many foreign ids, so that they are not loaded. */
const hasForeignId = (draft: Draft, leadId: number, type: string): boolean =>
  draft.newest(lookup('LeadForeignId', 'leadAndType', leadId, type)) !== undefined;
