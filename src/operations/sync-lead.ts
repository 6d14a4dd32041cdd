import { SoapFault } from '../contract/faults.ts';
import type { Message } from '../contract/messages.ts';
import type { RowResult } from '../rules/sync.ts';
import type { Operation } from './operation.ts';
import { refuseOwnUnreadable } from './unreadable.ts';

/**
 * syncLead: inserts or updates one lead (docs/behaviour-leads.md#3-synclead). Faults: 20104 for a missing leadRecord,
 * 20101 for a lead without key, 20103 for an unknown Id, 20105 for unknown fields, 20106 for values that cannot be
 * written, 20110 for an unknown workspace.
 */
export const syncLead: Operation<'syncLead'> = async (call, { backend, settings, now }) => {
  const { params, unreadable, targetWorkspace } = call;
  refuseOwnUnreadable(call);
  if (params.leadRecord === undefined) throw new SoapFault(20104, 'leadRecord is missing');
  const { result, lead } = await backend.syncLead({
    lead: params.leadRecord,
    cookie: params.marketoCookie ?? '',
    workspace: targetWorkspace ?? '',
    returnsLead: params.returnLead ?? false,
    unreadable,
    settings,
    now: now.toISOString(),
  });
  const syncStatus = leadStatus(result);
  return {
    answer: { result: { leadId: syncStatus.leadId, syncStatus, leadRecord: lead } },
    mode: null,
    rows: [syncStatus],
    isJournaled: true,
  };
};

/** Returns the status of a row. A FAILED one has the id that was sent, or 0. */
export function leadStatus({ outcome }: RowResult): Message<'SyncStatus'> {
  const { id, status, reason } = outcome;
  const isFailed = status === 'FAILED';
  return {
    leadId: id ?? 0,
    status: status as Message<'SyncStatus'>['status'],
    error: isFailed ? (reason ?? '') : null,
  };
}
