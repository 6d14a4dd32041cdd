import type { Changes } from '../rules/facts.ts';
import type { Store } from '../store/store.ts';
import type { ApplyMode } from './definitions.ts';
import type { Mistake } from './mistakes.ts';
import { planInstance, wantedBy } from './plan.ts';
import type { InstanceReport } from './report.ts';
import type { Instance } from './shape.ts';

export type { InstanceReport };

export interface ApplyOptions extends ApplyMode {
  /**
   * `make`: every record, field, tag type and channel that the file names becomes as the file says; a record is
   * replaced as a whole, but keeps its times unless the file gives some, and its loose keys unless the file gives
   * others. Values of a tag type that only the store has stay. `add`: what is missing is added, what is there stays
   * as it is.
   */
  readonly mode: 'make' | 'add';
  /** With `make`: what the file does not name is removed. */
  readonly exact?: boolean;
  /** Only say what would happen. */
  readonly dryRun?: boolean;
  readonly now: Date;
  /** IANA name: the zone of datetimes that come without an offset. */
  readonly timeZone: string;
}

/** What was done, or why nothing was. */
export type ApplyResult = { readonly report: InstanceReport } | { readonly mistakes: readonly Mistake[] };

/**
 * Applies a file to a store, in one transaction. If it has any mistake, also one that shows only against the store,
 * nothing is applied. To apply a file twice changes nothing the second time. `instance` comes from `checkInstance`.
 */
export async function applyInstance(
  store: Store,
  instance: Instance,
  { mode, exact = false, dryRun = false, now, timeZone }: ApplyOptions,
): Promise<ApplyResult> {
  const options = { mode, exact: exact && mode === 'make', now: now.toISOString(), timeZone };
  return store.apply<ApplyResult>(wantedBy(instance, options), (facts) => {
    const plan = planInstance(instance, facts, options);
    if ('more' in plan) return plan;
    if ('mistakes' in plan) return { changes: none, answer: plan, journal: null };
    return { changes: dryRun ? none : plan.changes, answer: { report: plan.report }, journal: null };
  });
}

const none: Changes = { records: [], looseKeys: [], newFields: [] };
