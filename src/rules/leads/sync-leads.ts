import type { Received, UnreadableParts } from '../../contract/messages.ts';
import type { CountedType, RecordType } from '../../records/all.ts';
import { createDraft, type Draft } from '../draft.ts';
import type { Wanted, WantedLookup } from '../facts.ts';
import { lookup } from '../lookups.ts';
import type { Plan } from '../plan.ts';
import { RowRefusal } from '../refusal.ts';
import { createFieldFinder } from '../row-values.ts';
import type { Schema } from '../schema.ts';
import type { MObjectSettings } from '../settings.ts';
import { outcomeOf, type RowResults } from '../sync.ts';
import { coded, type LeadRow, type RefusedLeadRow, readLeadRow } from './lead-row.ts';
import { unknownFieldsTexts } from './unknown-lead-fields.ts';
import { cookieLookup, findLead, foreignIdLookup } from './which-lead.ts';
import { apiSource, type LeadWriting, writeLead } from './write-lead.ts';

/** A decoded syncMultipleLeads call. */
export interface SyncLeadsCall {
  readonly leads: readonly Received<'LeadRecord'>[];
  /** If true, an address finds a lead. */
  readonly byEmail: boolean;
  readonly unreadable: UnreadableParts;
  readonly settings: MObjectSettings;
  /** UTC, `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly now: string;
}

/**
 * Plans a syncMultipleLeads call with the definitions known so far (docs/behaviour-leads.md#4-syncmultipleleads). Rows are
 * decided in request order; each sees the changes of earlier ones.
 */
export function planSyncLeads(call: SyncLeadsCall, schema: Schema): Plan<RowResults> {
  const { leads, byEmail, now, settings } = call;
  const read = (known: Schema) => {
    const context = {
      ...call,
      schema: known,
      find: createFieldFinder(known.fields.Lead),
      unknownText: unknownFieldsTexts(known),
    };
    return leads.map((lead) => readLeadRow(lead, undefined, context));
  };
  const rows = read(schema);
  const wanted = leadsWanted(rows);
  const writing = { now, timeZone: settings.timeZone, workspaceId: null, renames: false, source: apiSource };
  return {
    wanted,
    decide(facts) {
      const draft = createDraft(facts, wanted.depth, wanted.writes);
      const decided = facts.schema === schema ? rows : read(facts.schema);
      const results = decided.map((row) => ({
        row,
        outcome: outcomeOf(row, () => draft.attempt(() => decideRow(row, draft, byEmail, writing))),
      }));
      const more = draft.missing();
      return more === undefined ? { changes: draft.changes(), results } : { more };
    },
  };
}

function decideRow(row: LeadRow | RefusedLeadRow, draft: Draft, byEmail: boolean, writing: LeadWriting) {
  if (row.kind === 'refused') throw row.refusal;
  try {
    return writeLead(row, findLead(row, draft, byEmail), draft, writing);
  } catch (error) {
    throw error instanceof RowRefusal ? coded(error) : error;
  }
}

/** Returns the data that the rows need for certain, and the types that they may write. */
export function leadsWanted(rows: readonly (LeadRow | RefusedLeadRow)[]): Wanted & {
  readonly writes: readonly RecordType[];
} {
  const ids: number[] = [];
  const lookups: WantedLookup[] = [];
  const newIds: { [Type in CountedType]?: number } = {};
  const count = (type: CountedType, by = 1) => {
    newIds[type] = (newIds[type] ?? 0) + by;
  };
  for (const row of rows) {
    if (row.kind === 'refused') continue;
    const { id, foreignId, emailKey, cookie, values } = row;
    if (id !== undefined) ids.push(id);
    else {
      count('Lead');
      if (emailKey !== undefined) lookups.push(emailKey);
    }
    if (foreignId !== undefined) {
      lookups.push(foreignIdLookup(foreignId));
      count('LeadForeignId');
    }
    if (cookie !== undefined) {
      lookups.push(cookieLookup(cookie));
      count('LeadCookie');
    }
    for (const { field, value } of values) {
      if (field.name !== 'Company' || value === null) continue;
      lookups.push(lookup('Company', 'name', String(value)));
      count('Company');
    }
    count('Activity', values.length + 1);
  }
  const writes: RecordType[] = ['Lead', 'Activity'];
  for (const type of ['LeadForeignId', 'LeadCookie', 'Company'] as const) {
    if (newIds[type] !== undefined) writes.push(type);
  }
  return { ids: { Lead: ids }, keys: [], lookups, newIds, writes, depth: rows.length + 1 };
}
