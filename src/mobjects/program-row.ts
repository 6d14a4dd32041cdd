import type { SyncOperation } from '../contract/enumerations.ts';
import type { Draft } from './draft.ts';
import { type RowOutcome, skipped, updated } from './outcome.ts';
import type { CostItem, ProgramItem } from './program-items.ts';
import type { CostRecord, ProgramRecord } from './records.ts';
import { refuse } from './refusal.ts';
import type { ProgramRow } from './sync-row.ts';

/**
 * Decides a row about a Program: UPDATE only, found by id only (behaviour.md 3). All its items are applied, or,
 * if one is refused, none.
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

  const program = { ...before, costs: [...before.costs], tags: new Map(before.tags) };
  const changed = row.items.flatMap((item) => applyItem(program, item));
  for (const cost of newCosts(row)) {
    const id = draft.takeId('Cost');
    program.costs.push({ id, month: cost.month, amount: cost.amount, note: cost.note ?? null });
    changed.push(`Cost ${id}`);
  }
  if (changed.length > 0) draft.put('Program', { ...program, updatedAt: now });
  return updated(row.id, changed);
}

/** The costs that the row adds. */
export function newCosts(row: ProgramRow): CostItem[] {
  return row.items.filter((item): item is CostItem => item.kind === 'Cost' && item.id === undefined);
}

type Draftable = Omit<ProgramRecord, 'costs' | 'tags' | 'channel'> & {
  costs: CostRecord[];
  tags: Map<string, string>;
  channel: string | null;
};

/** Applies an item to the program; the names of what it changed. New costs come later, when all else holds. */
function applyItem(program: Draftable, item: ProgramItem): string[] {
  switch (item.kind) {
    case 'Channel':
      if (program.channel === item.channel) return [];
      program.channel = item.channel;
      return ['Channel'];
    case 'Tag':
      if (program.tags.get(item.type) === item.value) return [];
      program.tags.set(item.type, item.value);
      return [`Tag ${item.type}`];
    case 'Cost': {
      if (item.id === undefined) return [];
      const index = program.costs.findIndex((cost) => cost.id === item.id);
      const before = program.costs[index];
      if (before === undefined) {
        return refuse(
          `Cost Id: Program ${program.id} has no cost ${item.id}; leave the Id out to add a cost`,
        );
      }
      const note = item.note === undefined ? before.note : item.note;
      if (before.month === item.month && before.amount === item.amount && before.note === note) return [];
      program.costs[index] = { id: item.id, month: item.month, amount: item.amount, note };
      return [`Cost ${item.id}`];
    }
  }
}
