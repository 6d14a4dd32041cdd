import type { SyncOperation } from '../contract/enumerations.ts';
import type { CostRecord, ProgramRecord } from '../records/all.ts';
import type { Draft } from './draft.ts';
import type { JournalValue } from './facts.ts';
import { type RowOutcome, skipped, updated, type ValueChanges } from './outcome.ts';
import type { CostItem } from './program-items.ts';
import { refuse } from './refusal.ts';
import type { ProgramRow } from './row.ts';
import { updatedNow } from './updated-now.ts';

/**
 * Decides a Program row (docs/behaviour.md#updates-of-programs). Programs are found by id only and can only be
 * updated. If one item is refused, none is applied.
 */
export function decideProgram(
  row: ProgramRow,
  operation: SyncOperation,
  draft: Draft,
  now: string,
): RowOutcome {
  if (operation !== 'UPDATE') refuse(`operation ${operation}: a Program can only be updated; send UPDATE`);
  if (row.id === undefined) refuse('id: is missing; a Program is found by its id only');
  const before = draft.record('Program', row.id);
  if (before === undefined) return skipped(row.id, `there is no Program ${row.id}; UPDATE skips what is new`);

  const tags = new Map(before.tags);
  let { channel } = before;
  const updates = new Map<number, CostRecord>();
  for (const item of row.items) {
    if (item.kind === 'Channel') channel = item.channel;
    else if (item.kind === 'Tag') tags.set(item.type, item.value);
    else if (item.id !== undefined) updates.set(item.id, updatedCost(before, updates, item, item.id));
  }
  const added = newCosts(row).map(({ month, amount, note }) => {
    return { id: draft.takeId('Cost'), month, amount, note: note ?? null };
  });
  const changedCosts = [...updates.values()]
    .filter((cost) => !isSame(cost, findCost(before.costs, cost.id)))
    .sort((a, b) => a.id - b.id);
  const changes: ValueChanges = { changed: [], before: [], after: [] };
  const note = (name: string, had: JournalValue, has: JournalValue) => {
    changes.changed.push(name);
    changes.before.push(had);
    changes.after.push(has);
  };
  if (before.channel !== channel) note('Channel', before.channel, channel);
  for (const [type, value] of tags) {
    const had = before.tags.get(type);
    if (had !== value) note(`Tag ${type}`, had ?? null, value);
  }
  for (const cost of changedCosts)
    note(`Cost ${cost.id}`, shown(findCost(before.costs, cost.id)), shown(cost));
  for (const cost of added) note(`Cost ${cost.id}`, null, shown(cost));
  if (changes.changed.length > 0) {
    const costs = before.costs.map((cost) => updates.get(cost.id) ?? cost).concat(added);
    draft.put('Program', { ...before, channel, tags, costs, updatedAt: updatedNow(before, now) });
  }
  return updated(row.id, before.name, changes);
}

const shown = (cost: CostRecord | undefined): JournalValue =>
  cost === undefined ? null : { month: cost.month, amount: cost.amount, note: cost.note };

/** Returns the costs that the row adds. */
export function newCosts(row: ProgramRow): CostItem[] {
  return row.items.filter((item): item is CostItem => item.kind === 'Cost' && item.id === undefined);
}

/** Applies an item to a cost of the program, on top of earlier items of the row. */
function updatedCost(
  program: ProgramRecord,
  updates: ReadonlyMap<number, CostRecord>,
  { month, amount, note }: CostItem,
  id: number,
): CostRecord {
  const cost = updates.get(id) ?? findCost(program.costs, id);
  if (cost === undefined) {
    refuse(`Cost Id: Program ${program.id} has no cost ${id}; leave the Id out to add a cost`);
  }
  return { id, month, amount, note: note === undefined ? cost.note : note };
}

/** Finds a cost by id with a binary search: costs are sorted by id, and there can be very many. */
function findCost(costs: readonly CostRecord[], id: number): CostRecord | undefined {
  let [from, to] = [0, costs.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((costs[middle]?.id ?? 0) < id) from = middle + 1;
    else to = middle;
  }
  return costs[from]?.id === id ? costs[from] : undefined;
}

const isSame = (a: CostRecord, b: CostRecord | undefined) =>
  b !== undefined && a.month === b.month && a.amount === b.amount && a.note === b.note;
