import type { Decision } from '../rules/facts.ts';
import type { Plan } from '../rules/plan.ts';
import type { Objects } from '../store/store.ts';

/** A decision without its changes. */
type Settled<Answer> = Omit<Extract<Decision<Answer>, { readonly changes: unknown }>, 'changes'>;

/** Carries out a plan in one transaction. `settle` makes the answer and the journal entry of the plan's results. */
export const applyPlan = <Results, Answer>(
  store: Pick<Objects, 'apply'>,
  plan: Plan<Results>,
  settle: (results: Results) => Settled<Answer>,
): Promise<Answer> =>
  store.apply(plan.wanted, (facts) => {
    const decided = plan.decide(facts);
    if ('more' in decided) return decided;
    const { answer, journal } = settle(decided);
    return { changes: decided.changes, answer, journal };
  });
