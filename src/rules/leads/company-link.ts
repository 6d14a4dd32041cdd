import { addActivity } from '../activities/add-activity.ts';
import type { Draft } from '../draft.ts';
import { lookup } from '../lookups.ts';
import { foldName } from '../schema.ts';
import { updatedNow } from '../updated-now.ts';
import { changeActivity } from './change-activity.ts';

/** A company that a lead belongs to. */
export interface CompanyLink {
  readonly id: number;
  readonly name: string;
}

/**
 * Returns the one company of a name, without regard to case; made if it is new. `current`: the lead's company, which
 * stays if it has that name. Returns null for a blank name (docs/behaviour-leads.md#companies).
 */
export function linkCompany(sent: string, current: CompanyLink | null, draft: Draft): CompanyLink | null {
  const name = sent.trim();
  if (name === '') return null;
  if (current !== null && foldName(current.name) === foldName(name)) return current;
  const known = draft.newest(lookup('Company', 'name', name));
  const company = known === undefined ? undefined : draft.record('Company', known);
  return company ?? makeCompany(name, draft);
}

/** Creates a company; one without a name is named after its id. */
function makeCompany(name: string | undefined, draft: Draft): CompanyLink {
  const id = draft.takeId('Company');
  const company = { id, name: name ?? `Company ${id}`, externalKeys: new Map<string, string>() };
  draft.put('Company', company);
  return company;
}

/**
 * Returns the id of a lead's company. A lead without one is linked to the company that its field Company names, else to
 * a new one (docs/behaviour-leads.md#companies). The lead gets an activity if its field Company changes by that.
 */
export function companyOfLead(leadId: number, draft: Draft, now: string): number {
  const lead = draft.record('Lead', leadId);
  if (lead === undefined) throw new TypeError(`there is no Lead ${leadId}`);
  if (lead.companyId !== null) return lead.companyId;
  const before = lead.values.get(companyField.name) ?? null;
  const company = linkCompany(String(before ?? ''), null, draft) ?? makeCompany(undefined, draft);
  draft.put('Lead', { ...lead, companyId: company.id, updatedAt: updatedNow(lead, now) });
  if (company.name !== before) {
    const change = { field: companyField, before, after: company.name };
    addActivity(draft, changeActivity(leadId, change, { now, timeZone: 'UTC' }));
  }
  return company.id;
}

/** The field that shows the name of a lead's company. */
const companyField = { name: 'Company', displayName: 'Company Name', dataType: 'string' } as const;
