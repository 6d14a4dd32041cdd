import { MAX_ID } from '../contract/fields.ts';
import type { CostRecord } from '../records/all.ts';
import type { Facts } from '../rules/facts.ts';
import type { ApplyMode } from './apply-mode.ts';
import type { MistakeList } from './mistakes.ts';
import type { ReadRecord } from './read.ts';
import type { ReadCost } from './read-program.ts';
import type { Instance } from './shape.ts';

/** Returns a function that plans the costs of a program and reports those that belong to another one. */
export function costPlan(
  instance: Instance,
  facts: Facts,
  mode: ApplyMode,
  mistakes: MistakeList,
): (program: ReadRecord<'Program'>) => CostRecord[] {
  const takeCostId = freeCostIds(instance, facts, mistakes);
  const checkOwners = ownerCheck(instance, facts, mode, mistakes);
  return ({ content: { id }, costs }) => {
    checkOwners(id, costs);
    return become(costs, facts.records.Program.get(id)?.costs ?? [], takeCostId);
  };
}

/**
 * Matches a cost without id with an existing cost of equal content that is not matched yet; otherwise it is new.
 */
function become(
  costs: readonly ReadCost[],
  before: readonly CostRecord[],
  takeCostId: () => number,
): CostRecord[] {
  const named = new Set(costs.map(({ id }) => id));
  const free = before.filter(({ id }) => !named.has(id));
  const equals = Map.groupBy(free.reverse(), contentOf);
  return costs
    .map(({ path: _, ...cost }) => {
      const id = cost.id ?? equals.get(contentOf(cost))?.pop()?.id ?? takeCostId();
      return { ...cost, id };
    })
    .sort((a, b) => a.id - b.id);
}

const contentOf = ({ month, amount, note }: Omit<CostRecord, 'id'>): string =>
  JSON.stringify([month, amount, note]);

/** Returns a function that assigns new cost ids, skipping those that the file uses. */
function freeCostIds(instance: Instance, facts: Facts, mistakes: MistakeList): () => number {
  const used = new Set(
    instance.programs?.flatMap((program) => program?.costs?.map((cost) => cost?.id) ?? []),
  );
  const free = facts.newIds.Cost.filter((id) => !used.has(id))[Symbol.iterator]();
  let isUsedUp = false;
  return () => {
    const next = free.next();
    if (next.done) throw new Error('fewer cost ids were loaded than the file has costs');
    if (next.value > MAX_ID && !isUsedUp) {
      isUsedUp = true;
      mistakes.add('programs', `a cost without an id gets the next one, and the highest id is ${MAX_ID}`);
    }
    return next.value;
  };
}

/**
 * Returns a function that reports costs that belong to another program, if the file leaves that program as it is.
 */
function ownerCheck(instance: Instance, facts: Facts, { mode, exact }: ApplyMode, mistakes: MistakeList) {
  const inFile = new Set(instance.programs?.map((program) => program?.id));
  const owners = costOwners(facts);
  return (program: number, costs: readonly ReadCost[]) => {
    for (const { id, path } of costs) {
      const owner = id === undefined ? undefined : owners.get(id);
      if (owner === undefined || owner === program) continue;
      const stays = mode === 'add' || (!exact && !inFile.has(owner));
      if (stays) mistakes.add(`${path}.id`, `cost ${id} belongs to program ${owner} in the database`);
    }
  };
}

/** Returns whether the file names a cost by an id that no loaded program has. */
export function hasUnknownCosts(instance: Instance, facts: Facts): boolean {
  const owners = costOwners(facts);
  return (instance.programs ?? []).some((program) =>
    program?.costs?.some((cost) => cost?.id !== undefined && !owners.has(cost.id)),
  );
}

/** Maps the id of each loaded cost to its program. */
function costOwners(facts: Facts): Map<number, number> {
  const owners = new Map<number, number>();
  for (const program of facts.records.Program.values()) {
    for (const cost of program?.costs ?? []) owners.set(cost.id, program?.id ?? 0);
  }
  return owners;
}
