import type { Received } from '../contract/messages.ts';
import type {
  AnsweredLeadAttributes,
  FoundLead,
  Lead,
  LeadPage,
  LeadResult,
  MergeResult,
} from './lead-objects.ts';
import { checkPage, rowsFor } from './pages.ts';
import { readValue } from './read-objects.ts';

/** Reads a lead of an answer. Throws if it has no id. */
export function readLead(record: Received<'LeadRecord'>): FoundLead {
  const { Id, Email, ForeignSysPersonId, ForeignSysType, leadAttributeList } = record;
  if (Id == null) throw new Error('a lead in it has no id');
  const attributes = Object.fromEntries(
    (leadAttributeList?.attribute ?? []).map(({ attrName = '', attrType, attrValue = '' }) => [
      attrName,
      readValue(attrValue, attrType?.toLowerCase()),
    ]),
  ) as AnsweredLeadAttributes;
  return {
    id: Id,
    email: Email ?? null,
    foreignSysPersonId: ForeignSysPersonId ?? null,
    foreignSysType: ForeignSysType ?? null,
    attributes,
  };
}

/** Reads the leads of an answer. */
export const readLeads = (list: Received<'ArrayOfLeadRecord'> | null | undefined): FoundLead[] =>
  (list?.leadRecord ?? []).map(readLead);

/** Pairs the rows of an answer with the leads that were sent. Throws if they do not fit. */
export function leadResults(
  leads: readonly Lead[],
  answered: Received<'ArrayOfSyncStatus'> | undefined,
): LeadResult[] {
  return rowsFor(leads, answered?.syncStatus).map(({ leadId, status, error }, index) => {
    const request = leads[index] as Lead;
    const id = leadId === undefined || leadId <= 0 ? null : leadId;
    if (status === 'FAILED') return { status, id, error: error ?? '', request };
    if (status !== undefined && id !== null) return { status, id, request };
    throw new Error(`row ${index} has the status ${status} and the id ${leadId}`);
  });
}

/** Reads a page of leads. Throws if more follow, and it does not say where. */
export function readLeadPage(result: Received<'ResultGetMultipleLeads'> | undefined): LeadPage {
  const {
    leadRecordList,
    remainingCount: remaining = 0,
    newStreamPosition: streamPosition = '',
  } = result ?? {};
  const leads = readLeads(leadRecordList);
  checkPage(remaining, leads.length, streamPosition);
  return { leads, remaining, streamPosition };
}

/** Reads the answer to mergeLeads. Throws if it has no status. */
export function readMerge(answered: Received<'MergeStatus'> | undefined): MergeResult {
  const { status, winningLeadId, losingLeadIdList, error } = answered ?? {};
  if (status === 'FAILED') return { status, error: error ?? '' };
  if (status === undefined || winningLeadId == null) {
    throw new Error(`it has the status ${status} and the winner ${winningLeadId}`);
  }
  return { status, winnerId: winningLeadId, loserIds: losingLeadIdList?.integerItem ?? [] };
}
