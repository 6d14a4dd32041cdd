import type { LeadRecord } from '../../records/all.ts';
import { fieldValues } from '../../records/field-values.ts';
import { addActivities, addActivity, type NewActivity, touchLead } from '../activities/add-activity.ts';
import type { Draft } from '../draft.ts';
import type { RowOutcome } from '../outcome.ts';
import type { SentValue } from '../row.ts';
import { updatedNow } from '../updated-now.ts';
import { formatDatetime } from '../values.ts';
import { changeActivity, type LeadChange } from './change-activity.ts';
import { type CompanyLink, linkCompany } from './company-link.ts';
import type { ForeignId, LeadRow } from './lead-row.ts';
import { cookieLookup, foreignIdLookup, type MeantLead } from './which-lead.ts';

/** The way in which a call writes leads. */
export interface LeadWriting {
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The workspace of new leads; null: Default. */
  readonly workspaceId: number | null;
  /** If true, the element Email is the new address of a lead that was found by Id or foreign id. */
  readonly renames: boolean;
  /** The attributes of New Lead before Created Date. */
  readonly source: NewActivity['attributes'];
}

/** The source of leads that syncLead and syncMultipleLeads create. */
export const apiSource: NewActivity['attributes'] = [
  ['Source Type', 'Web service API'],
  ['Source Info', 'Web service API'],
];

/** Creates or updates the lead that a row means (docs/behaviour-leads.md#what-is-written). */
export function writeLead(row: LeadRow, meant: MeantLead, draft: Draft, writing: LeadWriting): RowOutcome {
  return meant.lead === undefined
    ? createLead(row, draft, writing)
    : updateLead(row, meant.lead, sentAddress(row, meant.by, writing), draft, writing);
}

/** Returns what the row sets the address of a known lead to; undefined: it stays. */
function sentAddress(row: LeadRow, by: MeantLead['by'], { renames }: LeadWriting): LeadRow['email'] {
  if (row.emailAttribute !== undefined) return row.emailAttribute;
  return by === 'Cookie' || (renames && by !== 'Email') ? row.email : undefined;
}

function createLead(row: LeadRow, draft: Draft, writing: LeadWriting): RowOutcome {
  const { now, workspaceId } = writing;
  const id = draft.takeId('Lead');
  const values = fieldValues('Lead');
  let companyId: number | null = null;
  for (const { field, value } of spelled(row, draft)) {
    if (value === null) continue;
    if (field.name === 'Company') {
      const link = linkCompany(String(value), null, draft);
      if (link === null) continue;
      companyId = link.id;
      values.set(field.name, link.name);
    } else values.set(field.name, value);
  }
  createFields(row, draft);
  const email = (row.emailAttribute === undefined ? row.email : row.emailAttribute) ?? null;
  draft.put('Lead', {
    id,
    createdAt: now,
    updatedAt: now,
    email: email === null ? null : String(email),
    companyId,
    workspaceId,
    values,
  });
  attach(row, id, draft, now);
  const created = formatDatetime(now, writing.timeZone).slice(0, 10);
  const attributes = [...writing.source, ['Created Date', created] as const];
  addActivity(draft, { leadId: id, type: 'NewLead', at: now, attributes });
  return { status: 'CREATED', id, name: nameOf(email) };
}

/** Returns the name of a lead for the journal. */
const nameOf = (email: SentValue['value']): string | undefined =>
  email === null ? undefined : String(email);

const emailField = { name: 'Email', displayName: 'Email Address', dataType: 'email' } as const;

function updateLead(
  row: LeadRow,
  lead: LeadRecord,
  email: LeadRow['email'],
  draft: Draft,
  writing: LeadWriting,
): RowOutcome {
  const { id } = lead;
  const { now } = writing;
  const changes: LeadChange[] = [];
  let { companyId } = lead;
  let values: ReturnType<LeadRecord['values']['copy']> | undefined;
  if (email !== undefined && email !== lead.email) {
    changes.push({ field: emailField, before: lead.email, after: email });
  }
  for (const { field, value } of spelled(row, draft)) {
    const { name } = field;
    let before = lead.values.get(name) ?? null;
    let after = value;
    if (name === 'Company') {
      const current = companyOf(lead, draft);
      const link: CompanyLink | null = value === null ? null : linkCompany(String(value), current, draft);
      companyId = link?.id ?? null;
      if (current !== null) before = current.name;
      after = link?.name ?? null;
    }
    if (before === after) continue;
    changes.push({ field, before, after });
    values ??= lead.values.copy();
    if (after === null) values.delete(name);
    else values.set(name, after);
  }
  createFields(row, draft);
  if (changes.length > 0 || companyId !== lead.companyId) {
    draft.put('Lead', {
      ...lead,
      updatedAt: updatedNow(lead, now),
      email: email === undefined ? lead.email : (email as string | null),
      companyId,
      values: values ?? lead.values,
    });
  }
  addActivities(
    draft,
    changes.map((change) => changeActivity(id, change, writing)),
  );
  if (attach(row, id, draft, now)) touchLead(draft, id, now);
  return {
    status: 'UPDATED',
    id,
    name: nameOf(email === undefined ? lead.email : email),
    changed: changes.map(({ field }) => field.name),
    before: changes.map(({ before }) => before),
    after: changes.map(({ after }) => after),
  };
}

function companyOf({ companyId }: LeadRecord, draft: Draft): CompanyLink | null {
  return companyId === null ? null : (draft.record('Company', companyId) ?? null);
}

/** Returns the attributes with fields as defined, since an earlier row may have created them in another spelling. */
function spelled({ values, newFields }: LeadRow, draft: Draft): readonly SentValue[] {
  if (newFields.length === 0) return values;
  return values.map(({ field, value }) => ({ field: draft.field('Lead', field.name) ?? field, value }));
}

/** Creates the fields that the row gives a value and that were undefined when it was read. */
function createFields({ values, newFields }: LeadRow, draft: Draft): void {
  if (newFields.length === 0) return;
  const set = new Set(values.filter(({ value }) => value !== null).map(({ field }) => field));
  draft.createFields(
    'Lead',
    newFields.filter((field) => set.has(field)),
  );
}

/**
 * Gives the lead the foreign id and the cookie of the row, also where another lead has them. Returns whether anything
 * changed.
 */
function attach({ foreignId, cookie }: LeadRow, leadId: number, draft: Draft, now: string): boolean {
  const isAttached = foreignId !== undefined && attachForeignId(foreignId, leadId, draft, now);
  return (cookie !== undefined && attachCookie(cookie, leadId, draft, now)) || isAttached;
}

function attachForeignId(foreignId: ForeignId, leadId: number, draft: Draft, now: string): boolean {
  const heldId = draft.newest(foreignIdLookup(foreignId));
  const held = heldId === undefined ? undefined : draft.record('LeadForeignId', heldId);
  if (held?.leadId === leadId) return false;
  // A new record, since the highest id is a lead's newest foreign id.
  const id = draft.takeId('LeadForeignId');
  if (held !== undefined) {
    draft.remove('LeadForeignId', held.id);
    touchLead(draft, held.leadId, now);
  }
  draft.put('LeadForeignId', { id, leadId, ...foreignId });
  return true;
}

function attachCookie(value: string, leadId: number, draft: Draft, now: string): boolean {
  const heldId = draft.newest(cookieLookup(value));
  const held = heldId === undefined ? undefined : draft.record('LeadCookie', heldId);
  if (held?.leadId === leadId) return false;
  if (held !== undefined) touchLead(draft, held.leadId, now);
  draft.put('LeadCookie', { id: held?.id ?? draft.takeId('LeadCookie'), leadId, value });
  return true;
}
