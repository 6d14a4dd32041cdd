import type { SyncOperation } from '../contract/enumerations.ts';
import type { CostRecord, ProgramRecord } from '../records/all.ts';
import type { Draft } from './draft.ts';
import { type RowOutcome, skipped, updated } from './outcome.ts';
import type { CostItem, ProgramItem } from './program-items.ts';
import { refuse } from './refusal.ts';
import type { ProgramRow } from './sync-row.ts';

/**
 * Decides a row about a Program: UPDATE only, found by id only (docs/behaviour.md#updates-of-programs). All its items
 * are applied, or, if one is refused, none.
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

  const program: DraftProgram = { ...before, costs: [...before.costs], tags: new Map(before.tags) };
  for (const item of row.items) applyItem(program, item);
  for (const { month, amount, note } of newCosts(row)) {
    program.costs.push({ id: draft.takeId('Cost'), month, amount, note: note ?? null });
  }
  const changed = differences(before, program);
  if (changed.length > 0) draft.put('Program', { ...program, updatedAt: now });
  return updated(row.id, changed);
}

/** The costs that the row adds. */
export function newCosts(row: ProgramRow): CostItem[] {
  return row.items.filter((item): item is CostItem => item.kind === 'Cost' && item.id === undefined);
}

type DraftProgram = Omit<ProgramRecord, 'costs' | 'tags' | 'channel'> & {
  costs: CostRecord[];
  tags: Map<string, string>;
  channel: string | null;
};

/** Applies an item to the program. New costs come later, when all else holds. */
function applyItem(program: DraftProgram, item: ProgramItem): void {
  switch (item.kind) {
    case 'Channel':
      program.channel = item.channel;
      break;
    case 'Tag':
      program.tags.set(item.type, item.value);
      break;
    case 'Cost': {
      if (item.id === undefined) break;
      const index = program.costs.findIndex((cost) => cost.id === item.id);
      const cost = program.costs[index];
      if (cost === undefined) {
        refuse(`Cost Id: Program ${program.id} has no cost ${item.id}; leave the Id out to add a cost`);
      }
      const note = item.note === undefined ? cost.note : item.note;
      program.costs[index] = { id: item.id, month: item.month, amount: item.amount, note };
    }
  }
}

/** The names of what differs between a program and what became of it. */
function differences(before: ProgramRecord, after: DraftProgram): string[] {
  const costs = after.costs.filter((cost, index) => {
    const known = before.costs[index];
    return known?.month !== cost.month || known.amount !== cost.amount || known.note !== cost.note;
  });
  return [
    ...(before.channel === after.channel ? [] : ['Channel']),
    ...[...after.tags].flatMap(([type, value]) => (before.tags.get(type) === value ? [] : [`Tag ${type}`])),
    ...costs.map(({ id }) => `Cost ${id}`),
  ];
}
