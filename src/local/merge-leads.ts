import { type MergeCall, type MergeOutcome, planMerge } from '../rules/leads/merge.ts';
import type { NamedValue } from '../rules/leads/merge-records.ts';
import type { Objects } from '../store/store.ts';
import { applyPlan } from './apply-plan.ts';
import type { CallJournal, JournaledResult } from './call-journal.ts';

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
    journal: journal(operation, resultsOf(outcome)),
  }));
}

const row = { sentType: 'Lead', echoedKey: undefined };

/** Returns a result for each lead, the winner's first. */
function resultsOf(outcome: MergeOutcome): JournaledResult[] {
  if (outcome.status === 'FAILED')
    return [{ row, outcome: { status: 'FAILED', id: null, reason: outcome.reason } }];
  const { winner, address, losers, filled } = outcome;
  const merged = { status: 'MERGED', id: winner, name: address ?? undefined } as const;
  return [
    { row, outcome: filled.length === 0 ? merged : { ...merged, ...changesOf(filled) } },
    ...losers.map(({ id, values }) => ({
      row,
      outcome: {
        status: 'MERGED' as const,
        id,
        reason: `merged into lead ${winner}`,
        changed: values.map(({ name }) => name),
        before: values.map(({ value }) => value),
      },
    })),
  ];
}

const changesOf = (filled: readonly NamedValue[]) => ({
  changed: filled.map(({ name }) => name),
  before: filled.map(() => null),
  after: filled.map(({ value }) => value),
});
