import { createHmac } from 'node:crypto';
import type { BackendFor } from '../backend.ts';
import { decideDelete, emptyWanted } from '../rules/delete.ts';
import type { Decision } from '../rules/facts.ts';
import { type CallDecision, planSync, type RowResult } from '../rules/sync.ts';
import type { Objects, ServerSecret } from '../store/store.ts';
import { createCustomObjectBackend } from './custom-object-backend.ts';
import { type JournaledCall, journalEntry } from './journal-entry.ts';

/**
 * Returns the backend on this server's store: each call is decided by the rules, in one transaction. `hasValues`: the
 * journal gets the values that changed, too.
 */
export function createLocalBackend(store: Objects & ServerSecret, hasValues = true): BackendFor {
  return (info) => ({
    ...createCustomObjectBackend(store, info, hasValues),
    async sync(call) {
      const { operation: mode, now: at } = call;
      const plan = planSync(call, await store.lastSchema());
      const journaled = { ...info, operation: 'syncMObjects', mode, at } as const;
      return store.apply(plan.wanted, (facts) => withJournal(plan.decide(facts), journaled, hasValues));
    },
    async delete(call) {
      const journaled = { ...info, operation: 'deleteMObjects', mode: null, at: call.now } as const;
      return store.apply(emptyWanted, (facts) =>
        withJournal(decideDelete(call, facts), journaled, hasValues),
      );
    },
    async find(query) {
      const after = Number(query.after);
      const found = await store.find({ ...query, after });
      return { ...found, end: found.records.at(-1)?.id ?? after };
    },
    schema: store.schema,
    async sign(text) {
      return createHmac('sha256', await store.secret())
        .update(text)
        .digest();
    },
  });
}

function withJournal(
  decision: CallDecision,
  call: JournaledCall,
  hasValues: boolean,
): Decision<readonly RowResult[]> {
  if ('more' in decision) return decision;
  const { changes, results } = decision;
  return { changes, answer: results, journal: journalEntry(call, results, hasValues) };
}
