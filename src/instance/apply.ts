import type { Decision, Facts } from '../rules/facts.ts';
import { noChanges } from '../rules/plan.ts';
import { applyWhenMoved } from '../store/move-activities.ts';
import type { Objects } from '../store/store.ts';
import type { ApplyMode } from './apply-mode.ts';
import { locate } from './locate.ts';
import type { Mistake, PlacedMistake } from './mistakes.ts';
import { instanceOf, type ParsedInstance, parseInstance, wellFormed } from './parse.ts';
import { planInstance, wantedBy } from './plan.ts';
import { hasUnknownCosts } from './plan-costs.ts';
import type { InstanceReport } from './report.ts';
import type { Instance } from './shape.ts';

export type { InstanceReport };

export interface ApplyOptions extends ApplyMode {
  /**
   * `make`: the store is changed to match the file. A record is replaced completely, but keeps its times and loose
   * keys unless the file gives others. Values of a tag type that only the store has are kept.
   * `add`: only what is missing is added; existing records are unchanged.
   */
  readonly mode: 'make' | 'add';
  /** With `make`: also removes what the file does not name. */
  readonly exact?: boolean;
  /** Reports the changes without applying them. */
  readonly dryRun?: boolean;
  readonly now: Date;
  /** IANA time zone of datetimes without an offset. */
  readonly timeZone: string;
}

/** The changes that were applied, or the mistakes that prevented it. */
export type ApplyResult<M = Mistake> =
  | { readonly report: InstanceReport }
  | { readonly mistakes: readonly M[] };

/**
 * Applies the text of an instance file to a store in one transaction. Applies nothing if it has a mistake, and reports
 * those that only show against the store together with all others. Idempotent.
 */
export async function applyInstanceText(
  store: Objects,
  text: string,
  options: ApplyOptions,
): Promise<ApplyResult<PlacedMistake>> {
  const result = await applyParsed(store, parseInstance(text), options);
  return 'mistakes' in result ? { mistakes: locate(text, result.mistakes) } : result;
}

/** As `applyInstanceText`, for an instance of the right shape, such as one from `checkInstance`. */
export const applyInstance = (
  store: Objects,
  instance: Instance,
  options: ApplyOptions,
): Promise<ApplyResult> => applyParsed(store, wellFormed(instance), options);

/** As `applyInstance`, for contents that nobody has checked. */
export const applyInstanceValue = (
  store: Objects,
  value: unknown,
  options: ApplyOptions,
): Promise<ApplyResult> => applyParsed(store, instanceOf(value), options);

async function applyParsed(
  store: Objects,
  file: ParsedInstance,
  { mode, exact = false, dryRun = false, now, timeZone }: ApplyOptions,
): Promise<ApplyResult> {
  const options = { mode, exact: exact && mode === 'make', now: now.toISOString(), timeZone };
  const decide = (facts: Facts, allPrograms: boolean): Decision<ApplyResult | undefined> => {
    const isLoaded = options.exact || allPrograms || !hasUnknownCosts(file.instance, facts);
    if (!isLoaded) return { changes: noChanges, answer: undefined, journal: null };
    const plan = planInstance(file, facts, options);
    if ('more' in plan) return plan;
    if ('mistakes' in plan) return { changes: noChanges, answer: plan, journal: null };
    return { changes: dryRun ? noChanges : plan.changes, answer: { report: plan.report }, journal: null };
  };
  const attempt = (allPrograms: boolean) => {
    const wanted = wantedBy(file, options, allPrograms);
    const decideWith = (facts: Facts) => decide(facts, allPrograms);
    return dryRun ? store.apply(wanted, decideWith) : applyWhenMoved(store, wanted, decideWith);
  };
  const result = (await attempt(false)) ?? (await attempt(true));
  if (result === undefined) throw new Error('the second attempt had all programs');
  return result;
}
