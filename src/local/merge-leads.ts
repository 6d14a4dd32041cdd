import type { CallInfo } from '../backend.ts';
import type { JournalRow } from '../rules/facts.ts';
import { type MergeCall, type MergeOutcome, planMerge } from '../rules/leads/merge.ts';
import type { Objects } from '../store/store.ts';
import { millisecondsSince } from './journal-entry.ts';

/**
 * Merges leads in one transaction, with a journal row for each. The losers' activities have yet to move to the winner
 * (`moveActivities`). `hasValues`: as in `createLocalBackend`.
 */
export function mergeLeads(
  store: Pick<Objects, 'apply'>,
  call: MergeCall,
  { began, ...info }: CallInfo,
  hasValues: boolean,
): Promise<MergeOutcome> {
  const plan = planMerge(call);
  return store.apply(plan.wanted, (facts) => {
    const decision = plan.decide(facts);
    if ('more' in decision) return decision;
    const { changes, outcome } = decision;
    const journal = {
      ...info,
      operation: 'mergeLeads',
      mode: null,
      at: call.now,
      fault: null,
      milliseconds: millisecondsSince(began),
      outcomeUnknown: false,
      rows: journalRows(outcome, hasValues),
    };
    return { changes, answer: outcome, journal };
  });
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
