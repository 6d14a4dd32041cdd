import { createHmac } from 'node:crypto';
import type { BackendFor } from '../backend.ts';
import { planDelete } from '../rules/delete.ts';
import type { Decision, Facts, JournalEntry, Wanted } from '../rules/facts.ts';
import type { Plan } from '../rules/plan.ts';
import { planSync, type RowResults } from '../rules/sync.ts';
import { moveActivities } from '../store/move-activities.ts';
import type { Objects, ServerSecret } from '../store/store.ts';
import { createTurns } from '../store/turns.ts';
import { createActivityBackend } from './activity-backend.ts';
import { applyPlan } from './apply-plan.ts';
import { createCallJournal, type JournaledOperation } from './call-journal.ts';
import { createCampaignBackend } from './campaign-backend.ts';
import { createCustomObjectBackend } from './custom-object-backend.ts';
import { createLeadBackend } from './lead-backend.ts';
import { createLeadReads } from './lead-reads.ts';
import { createListBackend } from './list-backend.ts';
import { mergeLeads } from './merge-leads.ts';

export interface LocalBackendOptions {
  /** The journal gets the values that changed, too. Default: true. */
  readonly hasValues?: boolean;
  /**
   * Decide calls without applying them: nothing is written, no id is taken, and nothing is journaled. Queries that would
   * first make an index reject with `IndexNeeded`.
   */
  readonly isDry?: boolean;
  /** Receives the journal entry of each call that was decided. */
  readonly decided?: (entry: JournalEntry) => void;
}

/** Returns the backend on this server's store: each call is decided by the rules, in one transaction. */
export function createLocalBackend(
  given: Objects & ServerSecret,
  options: LocalBackendOptions = {},
): BackendFor {
  const { hasValues = true } = options;
  // Not a spread, which would lose what a store inherits.
  const store = Object.assign(Object.create(given) as typeof given, { apply: deciding(given, options) });
  const imports = createTurns();
  // What has yet to move does so in a dry run, too.
  const activities = createActivityBackend(given);
  const leadReads = createLeadReads(store);
  return (info) => {
    const journal = createCallJournal(info, hasValues);
    const applied = (operation: JournaledOperation, plan: Plan<RowResults>) =>
      applyPlan(store, plan, ({ results }) => ({
        answer: results,
        journal: journal(operation, results),
      }));
    return {
      ...activities,
      ...leadReads,
      ...createCustomObjectBackend(store, journal),
      ...createLeadBackend(store, journal),
      ...createListBackend(store, journal, imports),
      ...createCampaignBackend(store, journal),
      async sync(call) {
        const { operation: mode, now: at } = call;
        const plan = planSync(call, await store.lastSchema());
        return applied({ operation: 'syncMObjects', mode, at }, plan);
      },
      async delete(call) {
        return applied({ operation: 'deleteMObjects', mode: null, at: call.now }, planDelete(call));
      },
      async find(query) {
        const after = Number(query.after);
        const found = await store.find({ ...query, after }, { mayIndex: !options.isDry });
        return { ...found, end: found.records.at(-1)?.id ?? after };
      },
      async merge(call) {
        const outcome = await mergeLeads(store, call, journal);
        // If this fails, the leads are merged, and whoever reads activities next moves the rest or is told why not.
        await moveActivities(given).catch(() => {});
        return outcome;
      },
      schema: store.schema,
      async sign(text) {
        return createHmac('sha256', await store.secret())
          .update(text)
          .digest();
      },
    };
  };
}

/**
 * Returns the store's `apply`, told of each decision; in a dry run each transaction is rolled back, with the indexes of
 * keys that it has made, whatever operation asks.
 */
function deciding(store: Objects, { isDry = false, decided }: LocalBackendOptions): Objects['apply'] {
  if (!isDry && decided === undefined) return store.apply;
  return async <Answer>(wanted: Wanted, decide: (facts: Facts) => Decision<Answer>) => {
    const undone = new DryRun<Answer>();
    try {
      return await store.apply(wanted, (facts) => {
        const decision = decide(facts);
        if ('more' in decision) return decision;
        if (decision.journal !== null) decided?.(decision.journal);
        if (!isDry) return decision;
        undone.answers.push(decision.answer);
        throw undone;
      });
    } catch (error) {
      if (error !== undone) throw error;
      return undone.answers.at(-1) as Answer;
    }
  };
}

/** Ends a transaction without an effect, and holds its answer. */
class DryRun<Answer> extends Error {
  override readonly name = 'DryRun';
  readonly answers: Answer[] = [];
}
