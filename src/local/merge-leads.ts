import type { JournalRow } from '../rules/facts.ts';
import { type MergeCall, type MergeOutcome, planMerge } from '../rules/leads/merge.ts';
import type { Objects } from '../store/store.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal } from './call-journal.ts';

/**
 * Merges leads in one transaction, with a journal row for each. The losers' activities have yet to move to the winner
 * (`moveActivities`).
 */
export function mergeLeads(
  store: Pick<Objects, 'apply'>,
  call: MergeCall,
  journal: CallJournal,
): Promise<MergeOutcome> {
  const operation = { operation: 'mergeLeads', mode: null, at: call.now } as const;
  return applyPlan(store, planMerge(call), ({ outcome }) => ({
    answer: outcome,
    journal: journal.ofRows(operation, journalRows(outcome, journal.hasValues)),
  }));
}

function journalRows(outcome: MergeOutcome, hasValues: boolean): JournalRow[] {
  if (outcome.status === 'FAILED')
    return [{ type: 'Lead', id: null, status: 'FAILED', because: outcome.reason }];
  const { winner, address, losers, filled } = outcome;
  return [
    {
      type: 'Lead',
      id: winner,
      status: 'MERGED',
      ...(address === null || !hasValues ? {} : { name: address }),
      ...(filled.length === 0 ? {} : filledRow(filled, hasValues)),
    },
    ...losers.map(({ id, values }) => ({
      type: 'Lead',
      id,
      status: 'MERGED',
      because: `merged into lead ${winner}`,
      changed: values.map(({ name }) => name),
      ...(hasValues ? { before: values.map(({ value }) => value) } : {}),
    })),
  ];
}

const filledRow = (filled: (MergeOutcome & { status: 'MERGED' })['filled'], hasValues: boolean) => ({
  changed: filled.map(({ name }) => name),
  ...(hasValues ? { before: filled.map(() => null), after: filled.map(({ value }) => value) } : {}),
});
