import { readDecimal } from '../rules/numbers.ts';
import { quote } from '../rules/refusal.ts';
import { readDatetime, readMonth } from '../rules/values.ts';
import { inside } from './mistakes.ts';
import { checkKnown, type Item, type Reading } from './reading.ts';
import type { InstanceCost, InstanceProgram } from './shape.ts';

export interface ReadCost {
  readonly id: number | undefined;
  readonly month: string;
  readonly amount: number;
  readonly note: string | null;
  readonly path: string;
}

/** Checks the names and dates of a program, and reads its costs and what has a default. */
export function readProgramParts(item: Item, path: string, reading: Reading) {
  const program = item as InstanceProgram;
  checkTags(program, path, reading);
  if (program.channel !== undefined && reading.isComplete('channels')) {
    checkKnown(program.channel, reading.schema.channels.keys(), 'channel', `${path}.channel`, reading);
  }
  checkDates(program, path, reading);
  return {
    content: {
      type: program.type ?? 'Marketing Program',
      archived: program.archived ?? false,
    },
    costs: (program.costs ?? []).flatMap((cost: InstanceCost | undefined, index) =>
      cost === undefined ? [] : readCost(cost, inside(`${path}.costs`, index), reading),
    ),
  };
}

function checkTags({ tags = {} }: InstanceProgram, path: string, reading: Reading): void {
  if (!reading.isComplete('tags')) return;
  for (const [type, value] of Object.entries(tags)) {
    const place = inside(`${path}.tags`, type);
    const values = reading.schema.tags.get(type);
    if (values === undefined) checkKnown(type, reading.schema.tags.keys(), 'tag type', place, reading);
    else checkKnown(value, values, `value of tag type ${type}`, place, reading);
  }
}

function checkDates(program: InstanceProgram, path: string, { mistakes }: Reading): void {
  for (const name of ['startDate', 'endDate'] as const) {
    const date = program[name];
    if (date === undefined) continue;
    const read = readDatetime(date, 'UTC');
    if ('problem' in read) mistakes.add(`${path}.${name}`, `${quote(date)}: ${read.problem}`);
  }
}

function readCost(
  { id, month, amount, note }: InstanceCost,
  path: string,
  { costIds, mistakes }: Reading,
): ReadCost {
  if (id !== undefined) {
    if (costIds.has(id)) mistakes.add(`${path}.id`, `duplicate cost id ${id}`);
    costIds.add(id);
  }
  const readTheMonth = readMonth(month);
  if ('problem' in readTheMonth) mistakes.add(`${path}.month`, `${quote(month)}: ${readTheMonth.problem}`);
  const readAmount = readDecimal(String(amount));
  if ('problem' in readAmount) mistakes.add(`${path}.amount`, `${amount}: ${readAmount.problem}`);
  return {
    id,
    month: 'month' in readTheMonth ? readTheMonth.month : '',
    amount: 'value' in readAmount ? Number(readAmount.value) : 0,
    note: note ?? null,
    path,
  };
}
